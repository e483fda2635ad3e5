// The conversation contract over fetch. A message carries an id made here: sent twice, it is answered once.

import { words } from "./settings.js";
import { getSession } from "./memory.js";

const TIMEOUT = 45000; // ms before a silent connection is given up
const AGAIN = 1200; // ms before the one retry that nobody asked for

let resolve = String;

/** Say where the service is: a function from a path to an address. */
export function setBase(at) {
  resolve = at;
}

/** Send a message or a choice; a connection that drops is tried once more by itself. Throws {code, message, contact}. */
export async function send(body) {
  const whole = { session: getSession(), ...body };
  try {
    return await call("POST", "api/chat", whole);
  } catch (error) {
    if (error.code !== "network" || !navigator.onLine) throw error;
    await new Promise((done) => setTimeout(done, AGAIN));
    return call("POST", "api/chat", whole);
  }
}

/** Give an opinion on a reply. */
export const sendOpinion = (reply, verdict, comment) =>
  call("POST", "api/feedback", { reply, verdict, comment, session: getSession() });

/** The turns of the conversation so far. */
export const getHistory = async () => (await call("GET", "api/chat/history")).turns;

/** What staff announce: {banner, message, contact}, each of them null when there is nothing to say. */
export const getStatus = () => call("GET", "api/status");

/** Have the server forget the conversation. */
export const erase = () => call("DELETE", "api/chat");

/** Whether the server no longer knows this conversation. */
export const isLost = (error) => ["invalid_session", "session_expired"].includes(error.code);

export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function call(method, path, body) {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), TIMEOUT);
  // A POST goes as text/plain, with no header of ours: it then needs no pre-flight, one round trip less.
  const token = getSession();
  const headers = body || !token ? {} : { Authorization: `Bearer ${token}` };
  let response;
  let answer;
  try {
    response = await fetch(resolve(path), { method, headers, body: body && JSON.stringify(body), signal: abort.signal });
    answer = await response.json();
  } catch {
    const code = abort.signal.aborted ? "slow" : "network";
    throw { code, message: words[code] };
  } finally {
    clearTimeout(timer);
  }
  if (response.ok) return answer;
  throw answer.error;
}
