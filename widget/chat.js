// The conversation: what happens from a message sent to its answer shown. The launcher calls toggle or restore.
// There is one panel on a page: its parts are the variables of this module.

import { erase, getHistory, getStatus, isLost, newId, send, setBase } from "./api.js";
import { makeComposer } from "./composer.js";
import { button, h } from "./dom.js";
import { makeFoot } from "./foot.js";
import { drawText } from "./links.js";
import { forget, getSession, recall, remember, setSession } from "./memory.js";
import { announce, makeMine, makeReply, spokenLines } from "./messages.js";
import { makePanel } from "./panel.js";
import { css, words } from "./settings.js";
import { say, setRegions, stopReading, warn } from "./voice.js";
import { makeWelcome } from "./welcome.js";

const SLOW = 700; // ms before it is said that an answer is being written

let panel, log, notice, welcome, list, waiting, composer, tools;
let isBusy = false;
let isRemembered = false;
let failed = null; // the message that could not be sent, with the bubble that says so

/** Open or close the panel of a host, at the person's request. */
export function toggle(host) {
  build(host);
  if (panel.dialog.open) return panel.close();
  panel.open();
  panel.enter();
  bringBack();
}

/** Open the panel as it was on the page before: the focus stays where it is, nothing is said. */
export function restore(host) {
  build(host);
  panel.open();
  bringBack();
}

function build(host) {
  if (panel) return;
  setBase(host.at);
  setRegions(host.regions);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  host.shadowRoot.adoptedStyleSheets.push(sheet);
  notice = h("div", { class: "notice", hidden: true });
  welcome = makeWelcome((example) => deliver({ message: example }));
  list = h("ol", { class: "messages" });
  waiting = h("p", { class: "waiting", hidden: true }, words.writing);
  log = h("div", { class: "log", tabindex: "0", role: "group", "aria-label": words.log }, notice, welcome, list, waiting);
  composer = makeComposer(onMessage, (text) => remember({ draft: text }));
  tools = makeFoot(host, list, eraseAll);
  panel = makePanel(host, composer);
  panel.dialog.append(log, composer.form, tools.foot);
  host.shadowRoot.append(panel.dialog);
  setStarted(false);
}

// --- Sending -----------------------------------------------------------------------------------------

function onMessage(text) {
  if (isBusy) return say(words.writing);
  // The same text sent again is the same message: it keeps its id, and is answered once.
  const id = failed?.sent.message === text ? failed.sent.id : undefined;
  composer.write("");
  remember({ draft: undefined });
  deliver({ message: text, id }, { isTyped: true });
}

function onChoice({ id, label }, choices) {
  deliver({ choice: id, label }, { choices });
}

async function deliver(sent, { isTyped, choices } = {}) {
  if (isBusy) return;
  isBusy = true;
  sent.id ??= newId();
  stopReading();
  remember({ open: true });
  const mine = addMine(sent, isTyped);
  choices?.remove();
  const place = reveal(mine);
  const timer = setTimeout(sayWaiting, SLOW);
  try {
    const { message, choice, id } = sent;
    const { session, replies } = await send(choice ? { choice, id } : { message, id });
    setSession(session);
    const shown = replies.map(addReply);
    nextFields(replies, shown);
    // The beginning of the answer comes in view, unless the person is reading elsewhere.
    if (Math.abs(log.scrollTop - place) < 2) reveal(mine);
    announce(shown);
  } catch (error) {
    fail(error, sent, mine);
  }
  clearTimeout(timer);
  waiting.hidden = true;
  isBusy = false;
}

// First the focus, then what had it may go. It stays in the field of someone who is writing.
function addMine(sent, isTyped) {
  const mine = makeMine(sent.message ?? sent.label);
  list.append(mine);
  setStarted(true);
  if (!isTyped) mine.focus({ preventScroll: true });
  failed?.mine.remove();
  failed = null;
  list.querySelectorAll(".form .choices").forEach((old) => old.remove());
  return mine;
}

function addReply(reply) {
  const message = makeReply(reply, onChoice);
  list.append(message);
  return message;
}

function sayWaiting() {
  waiting.hidden = false;
  say(words.writing);
}

// `scrollIntoView` would scroll the town's page too. The whole panel scrolls where it is too low for its parts to.
function reveal(mine) {
  for (const scroller of [log, panel.dialog]) scroller.scrollTop += mine.getBoundingClientRect().top - scroller.getBoundingClientRect().top - 8;
  return log.scrollTop;
}

// The last reply says which fields come next. Asked again in a form, what came before says why.
function nextFields(replies, shown) {
  const fields = replies.at(-1)?.fields ?? [];
  const isAgain = composer.isStep() && fields.length && shown.length > 1 && replies[0].kind === "form";
  composer.ask(fields, isAgain ? spokenLines(shown[0]).join(" ") : "");
}

function fail(error, sent, mine) {
  if (isLost(error)) setSession(null);
  if (error.code === "id_conflict") sent.id = undefined;
  const retry = button(words.retry, "choice", () => {
    if (composer.read() === sent.message) composer.write("");
    deliver(sent);
  });
  const told = h("div", { class: "problem" }, drawText([error.message, error.contact]));
  mine.append(h("p", { class: "unsent" }, words.notSent), retry, told);
  reveal(mine);
  failed = { sent, mine };
  if (sent.message && !composer.read()) composer.write(sent.message);
  remember({ draft: composer.read() });
  warn(spokenLines(told).join(" "));
}

// --- Beginning, going on, ending ---------------------------------------------------------------------

function setStarted(isStarted) {
  panel.dialog.classList.toggle("started", isStarted);
  welcome.querySelector(".begin").hidden = isStarted;
  tools.show(isStarted);
}

// What staff announce; what the tab remembers of another page: the conversation, and what was being written.
function bringBack() {
  if (isRemembered) return;
  isRemembered = true;
  getStatus().then(notify, () => {});
  if (recall("draft")) composer.write(recall("draft"));
  if (getSession()) getHistory().then(showHistory, (error) => isLost(error) && setSession(null));
}

// Above everything, and not said: nobody has asked for it yet.
function notify({ banner, message, contact }) {
  notice.append(drawText([banner, message, contact]));
  notice.hidden = !notice.hasChildNodes();
}

function showHistory(turns) {
  if (isBusy || list.children.length) return;
  for (const { message, replies } of turns) {
    list.append(makeMine(message));
    replies.forEach(addReply);
  }
  list.querySelectorAll(".form:not(:last-child) .choices").forEach((old) => old.remove());
  setStarted(turns.length > 0);
  nextFields(turns.at(-1)?.replies ?? [], []);
  log.scrollTop = log.scrollHeight;
}

async function eraseAll() {
  if (isBusy) return;
  try {
    if (getSession()) await erase();
  } catch (error) {
    if (!isLost(error)) return warn(error.message);
  }
  stopReading();
  forget();
  failed = null;
  composer.ask();
  composer.focus();
  list.replaceChildren();
  setStarted(false);
  log.scrollTop = 0;
  say(words.erased);
}
