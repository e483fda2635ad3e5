// The page with JavaScript: the same forms, sent to the conversation contract instead of reloading.
// The session lives in sessionStorage once something was sent; without this file everything still works.

import { isLink, render } from "/widget/markdown.js";

const page = document.getElementById("page");
const words = page.dataset;
const turns = document.getElementById("turns");
const composer = document.getElementById("composer");
const field = document.getElementById("message");
const send = composer.querySelector("button");
const examples = document.getElementById("examples");
const erase = document.getElementById("erase");
const keeping = document.getElementById("keep");
const problem = document.getElementById("problem");
const problemText = document.getElementById("problem-text");
const retry = document.getElementById("retry");
const status = document.getElementById("status");

const SESSION = "allo.session";
const LOST_SESSION = ["invalid_session", "session_expired"];
const SLOW = 700; // ms before it is said that an answer is being written
const TIMEOUT = 45000; // ms before a silent connection is given up

let session = page.dataset.session || read();
let pending = null; // what is being sent, or could not be: {message | choice, label, id}
let busy = false;

// --- Sending -----------------------------------------------------------------------------------------

document.addEventListener("submit", (event) => {
  const form = event.target;
  const button = event.submitter;
  // The server writes the file: it only has to be told which conversation.
  if (form === keeping) return void (form.elements.token.value = session ?? "");
  event.preventDefault();
  if (form === composer) sendMessage(field.value, field);
  else if (form === examples) sendMessage(button.value, null);
  else if (form === erase) eraseConversation();
  else if (form.classList.contains("fields")) sendMessage(firstFilled(form), null);
  else if (form.classList.contains("choices")) sendChoice(button);
  else if (form.classList.contains("opinion")) sendOpinion(form, button.value);
  else if (form.classList.contains("comment")) sendComment(form);
});

field.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  composer.requestSubmit();
});

retry.addEventListener("click", () => {
  if (pending?.choice) return deliver(pending, null);
  field.focus();
  sendMessage(field.value, field);
});

// `focus` is what keeps the focus; without it, the answer gets it, and no keyboard opens on a phone.
function sendMessage(text, focus) {
  const message = text.trim();
  if (busy) return;
  if (!message) {
    field.focus();
    return showProblem({ message: words.empty });
  }
  // The same text sent again is the same message: it keeps its id, and runs once.
  const id = pending?.message === message ? pending.id : newId();
  if (focus) field.value = "";
  deliver({ message, id }, focus);
}

// Several fields are ways to answer: one of them is enough.
function firstFilled(form) {
  return [...form.querySelectorAll("[name=message]")].map((one) => one.value.trim()).find(Boolean) ?? "";
}

function sendChoice(button) {
  if (busy) return;
  deliver({ choice: button.value, label: button.textContent, id: newId() }, null);
}

async function deliver(sent, focus) {
  busy = true;
  pending = sent;
  clearProblem();
  send.setAttribute("aria-disabled", "true");
  const mine = showMine(sent.message ?? sent.label);
  focus?.focus();
  const waiting = setTimeout(showWaiting, SLOW);
  try {
    const body = { session: session || null, id: sent.id };
    if (sent.choice) body.choice = sent.choice;
    else body.message = sent.message;
    const answer = await call("POST", "/api/chat", body);
    keep(answer.session);
    pending = null;
    hideWaiting(waiting);
    const shown = showReplies(answer.replies);
    reveal(mine, shown, focus);
    started();
    announce(shown);
  } catch (error) {
    hideWaiting(waiting);
    mine.remove();
    giveBack(sent, error);
  } finally {
    busy = false;
    send.removeAttribute("aria-disabled");
  }
}

function giveBack(sent, error) {
  if (sent.message) field.value = [sent.message, field.value].filter(Boolean).join("\n");
  if (LOST_SESSION.includes(error.code)) forget();
  if (error.code === "id_conflict") pending = null;
  showProblem(error);
  retry.hidden = false;
  if (!sent.message) retry.focus();
}

async function call(method, address, body) {
  const headers = session ? { Authorization: `Bearer ${session}` } : {};
  if (body) headers["Content-Type"] = "application/json";
  let response;
  let answer;
  try {
    response = await fetch(address, {
      method,
      headers,
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT),
    });
    answer = await response.json();
  } catch {
    throw { code: "network", message: words.networkError };
  }
  if (!response.ok) throw answer.error ?? { code: "network", message: words.networkError };
  return answer;
}

async function sendOpinion(form, verdict) {
  const reply = form.elements.reply.value;
  if (!(await saveOpinion({ reply, verdict }))) return;
  const comment = clone("comment-template");
  comment.elements.reply.value = reply;
  comment.elements.verdict.value = verdict;
  form.replaceWith(comment);
  comment.querySelector(".thanks").focus();
}

async function sendComment(form) {
  const { reply, verdict, comment } = form.elements;
  if (!(await saveOpinion({ reply: reply.value, verdict: verdict.value, comment: comment.value }))) return;
  const thanks = form.querySelector(".thanks");
  thanks.textContent = words.commentThanks;
  form.replaceChildren(thanks);
  thanks.focus();
}

async function saveOpinion(opinion) {
  try {
    await call("POST", "/api/feedback", { ...opinion, session });
    return true;
  } catch (error) {
    showProblem(error);
    return false;
  }
}

async function eraseConversation() {
  try {
    if (session) await call("DELETE", "/api/chat");
  } catch (error) {
    if (!LOST_SESSION.includes(error.code)) return showProblem(error);
  }
  forget();
  pending = null;
  field.focus();
  turns.replaceChildren();
  examples.hidden = false;
  erase.hidden = keeping.hidden = true;
  page.classList.remove("started");
  clearProblem();
  say(words.erased);
}

// --- Showing -----------------------------------------------------------------------------------------

function showMine(text) {
  const mine = clone("you-template");
  mine.querySelector(".said").textContent = text;
  turns.append(mine);
  mine.scrollIntoView({ block: "nearest" });
  return mine;
}

function showReplies(replies) {
  // A question that was answered is not asked any more.
  for (const form of turns.querySelectorAll(".fields")) form.remove();
  return replies.map(showReply);
}

function showReply(reply) {
  const shown = clone("reply-template");
  shown.className = `message assistant ${reply.kind}`;
  shown.id = `reponse-${reply.id}`;
  const step = { alert: words.alertStep, form: words.formStep }[reply.kind];
  if (step) shown.querySelector(".who").append(makeStep(step));
  const bubble = shown.querySelector(".bubble");
  bubble.lang = reply.lang;
  bubble.querySelector(".full").replaceChildren(render(reply.text));
  fillSimpler(bubble, reply.simple);
  fillSources(bubble, reply.sources);
  fillChoices(shown, reply.choices);
  fillFields(shown, reply.fields ?? []);
  fillOpinion(shown, reply);
  turns.append(shown);
  return shown;
}

function makeStep(text) {
  const step = document.createElement("span");
  step.className = "step";
  step.textContent = ` · ${text}`;
  return step;
}

function fillSimpler(bubble, simple) {
  const details = bubble.querySelector(".simpler");
  if (!simple) return details.remove();
  details.querySelector(".plain").replaceChildren(render(simple));
  switchSimpler(details);
}

// With JavaScript the plain version takes the place of the full one, instead of opening under it.
function switchSimpler(details) {
  const bubble = details.parentElement;
  const full = bubble.querySelector(".full");
  const plain = details.querySelector(".plain");
  const toggle = document.createElement("button");
  toggle.type = "button";
  toggle.className = "toggle";
  toggle.lang = "fr";
  toggle.setAttribute("aria-pressed", "false");
  toggle.textContent = words.simpler;
  toggle.addEventListener("click", () => {
    plain.hidden = !plain.hidden;
    full.hidden = !plain.hidden;
    toggle.setAttribute("aria-pressed", String(full.hidden));
    say((full.hidden ? plain : full).textContent.trim());
  });
  plain.hidden = true;
  full.after(plain);
  details.replaceWith(toggle);
}

function fillSources(bubble, sources) {
  const details = bubble.querySelector(".sources");
  if (!sources.length) return details.remove();
  const model = details.querySelector("figure");
  for (const source of sources) details.append(makeSource(model, source));
  model.remove();
}

function makeSource(model, source) {
  const figure = model.cloneNode(true);
  figure.classList.toggle("complement", source.complement);
  figure.querySelector("blockquote p").textContent = source.quote;
  const title = figure.querySelector("figcaption span");
  title.textContent = source.title;
  if (source.url && isLink(source.url)) title.replaceWith(makeTitleLink(source));
  if (!source.complement) figure.querySelector("em").remove();
  const time = figure.querySelector("time");
  time.dateTime = source.verified_on;
  time.textContent = words.verified + formatDay(source.verified_on);
  if (!source.verified_on) time.remove();
  return figure;
}

function makeTitleLink(source) {
  const link = document.createElement("a");
  link.href = source.url;
  link.rel = "noreferrer";
  link.textContent = source.title;
  return link;
}

function fillChoices(shown, choices) {
  const form = shown.querySelector(".choices");
  if (!choices.length) return form.remove();
  const model = form.querySelector("button");
  for (const choice of choices) {
    const button = model.cloneNode();
    button.value = choice.id;
    button.textContent = choice.label;
    form.append(button);
  }
  model.remove();
}

function fillFields(shown, fields) {
  const form = shown.querySelector(".fields");
  if (!fields.length) return form.remove();
  const model = form.querySelector("label");
  for (const field of fields) model.before(makeField(model, field));
  model.remove();
}

function makeField(model, { label, type, autocomplete }) {
  const shown = model.cloneNode(true);
  const input = shown.querySelector("input");
  const box = type === "textarea" ? document.createElement("textarea") : input;
  if (box === input) box.type = type;
  box.name = "message";
  box.maxLength = input.maxLength;
  box.autocomplete = autocomplete;
  shown.replaceChildren(label, box);
  return shown;
}

function fillOpinion(shown, reply) {
  const form = shown.querySelector(".opinion");
  if (words.rated.split(" ").includes(reply.kind)) form.elements.reply.value = reply.id;
  else form.remove();
}

function formatDay(iso) {
  const [year, month, day] = iso.split("-").map(Number);
  const name = words.months.split(" ")[month - 1];
  return name ? `${day === 1 ? "1er" : day} ${name} ${year}` : iso;
}

// --- What is said and seen around a message ----------------------------------------------------------

// The start of the answer is what has to be in view, whatever its length.
function reveal(mine, shown, focus) {
  if (!focus && shown[0]) shown[0].focus({ preventScroll: true });
  mine.scrollIntoView({ block: "start" });
}

function announce(shown) {
  say(shown.map((one) => [textOf(one, ".full"), textOf(one, ".choices")].filter(Boolean).join(" ")).join(" "));
}

function textOf(shown, selector) {
  return shown.querySelector(selector)?.textContent.replace(/\s+/g, " ").trim() ?? "";
}

let silence;
function say(text) {
  status.textContent = text;
  clearTimeout(silence);
  // Emptied afterwards, so that it is not found a second time when the page is read.
  silence = setTimeout(() => (status.textContent = ""), 10000);
}

function showWaiting() {
  const waiting = document.createElement("li");
  waiting.className = "waiting";
  waiting.textContent = words.sending;
  turns.append(waiting);
  say(words.sending);
}

function hideWaiting(timer) {
  clearTimeout(timer);
  turns.querySelector(".waiting")?.remove();
}

function showProblem(error) {
  problemText.replaceChildren(render(error.message));
  if (error.contact) problemText.append(render(error.contact));
  problem.hidden = false;
  retry.hidden = true;
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-describedby", "hint problem-text");
}

function clearProblem() {
  problem.hidden = true;
  retry.hidden = true;
  problemText.replaceChildren();
  field.removeAttribute("aria-invalid");
  field.setAttribute("aria-describedby", "hint");
}

function started() {
  page.classList.add("started");
  examples.hidden = true;
  erase.hidden = keeping.hidden = false;
}

function clone(id) {
  return document.getElementById(id).content.firstElementChild.cloneNode(true);
}

// --- The session -------------------------------------------------------------------------------------

function read() {
  try {
    return sessionStorage.getItem(SESSION);
  } catch {
    return null;
  }
}

function keep(token) {
  session = token;
  try {
    sessionStorage.setItem(SESSION, token);
  } catch {
    // Storage refused: the conversation lasts as long as the page.
  }
}

function forget() {
  session = null;
  delete page.dataset.session;
  try {
    sessionStorage.removeItem(SESSION);
  } catch {
    // Nothing was kept.
  }
}

function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function restore() {
  for (const details of turns.querySelectorAll(".simpler")) switchSimpler(details);
  // What the server drew is this conversation already.
  if (!session || turns.children.length) return;
  try {
    const history = await call("GET", "/api/chat/history");
    for (const turn of history.turns) {
      showMine(turn.message);
      showReplies(turn.replies);
    }
    if (history.turns.length) started();
    turns.querySelector(".you:last-of-type, .message:last-child")?.scrollIntoView({ block: "nearest" });
  } catch (error) {
    if (LOST_SESSION.includes(error.code)) forget();
  }
}

restore();
