// What the browser remembers, in this tab only, and only once the panel has been opened.

const SESSION = "allo.session"; // shared with the full page, when it is on the same site
const STATE = "allo.widget"; // the launcher reads `open` there

// Storage may be refused, or hold anything: the conversation then lasts as long as the page.
let session = attempt(() => sessionStorage.getItem(SESSION)) ?? null;
let state = attempt(() => JSON.parse(sessionStorage.getItem(STATE))) ?? {};

/** The token of the conversation; null before the first answer. */
export const getSession = () => session;

/** Keep the token that the server gave. */
export function setSession(token) {
  session = token;
  attempt(() => (token ? sessionStorage.setItem(SESSION, token) : sessionStorage.removeItem(SESSION)));
}

/** What was remembered under a name: open, simple, draft, unsent. */
export const recall = (name) => state[name];

/** Remember more; an undefined value forgets. */
export function remember(more) {
  state = { ...state, ...more };
  attempt(() => sessionStorage.setItem(STATE, JSON.stringify(state)));
}

/** Leave nothing behind. */
export function forget() {
  setSession(null);
  state = {};
  attempt(() => sessionStorage.removeItem(STATE));
}

function attempt(action) {
  try {
    return action();
  } catch {
    return undefined;
  }
}
