// The conversation: what happens from a message sent to its answer shown. The launcher calls toggle or restore.

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

let panel;

/** Open or close the panel of a host, at the person's request. */
export async function toggle(host) {
  build(host);
  if (panel.dialog.open) return panel.close();
  panel.open();
  panel.enter();
  await panel.remembered();
}

/** Open the panel as it was on the page before: the focus stays where it is, nothing is said. */
export async function restore(host) {
  build(host);
  panel.open();
  await panel.remembered();
}

function build(host) {
  if (panel) return;
  setBase(host.at);
  setRegions(host.regions);
  dress(host);
  panel = makeConversation(host);
  host.shadowRoot.append(panel.dialog);
}

function dress(host) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  host.shadowRoot.adoptedStyleSheets.push(sheet);
}

function makeConversation(host) {
  const list = h("ol", { class: "messages" });
  const waiting = h("p", { class: "waiting", hidden: true }, words.writing);
  const welcome = makeWelcome((example) => deliver({ message: example }));
  const notice = h("div", { class: "notice", hidden: true });
  const log = h("div", { class: "log", tabindex: "0", role: "group", "aria-label": words.log }, notice, welcome, list, waiting);
  const composer = makeComposer(onMessage, (text) => remember({ draft: text }));
  const { foot, showTools } = makeFoot(host, list, eraseAll);
  const made = makePanel(host, () => ({ focus: composer.focus }));
  let busy = false;
  let failed = null; // the message that could not be sent, with the bubble that says so

  made.dialog.append(log, composer.form, foot);
  setStarted(false);

  function onMessage(text) {
    if (busy) return say(words.writing);
    // The same text sent again is the same message: it keeps its id, and is answered once.
    const id = failed?.sent.message === text ? failed.sent.id : undefined;
    composer.write("");
    remember({ draft: undefined });
    deliver({ message: text, id }, { isTyped: true });
  }

  function onChoice(choice, choices) {
    deliver({ choice: choice.id, label: choice.label }, { choices });
  }

  async function deliver(sent, { isTyped = false, choices } = {}) {
    if (busy) return;
    busy = true;
    sent.id ??= newId();
    stopReading();
    const mine = makeMine(sent.message ?? sent.label);
    list.append(mine);
    setStarted(true);
    // First the focus, then what had it may go. It stays in the field of someone who is writing.
    if (!isTyped) mine.focus({ preventScroll: true });
    failed?.mine.remove();
    failed = null;
    choices?.remove();
    list.querySelectorAll(".form .choices").forEach((old) => old.remove());
    const place = reveal(mine);
    const timer = setTimeout(wait, SLOW);
    try {
      const { message, choice, id } = sent;
      const answer = await send(choice ? { choice, id } : { message, id });
      setSession(answer.session);
      const shown = answer.replies.map((reply) => show(reply));
      ask(answer.replies, shown, composer.isStep());
      // The beginning of the answer comes in view, unless the person is reading elsewhere.
      if (Math.abs(log.scrollTop - place) < 2) reveal(mine);
      announce(shown);
    } catch (error) {
      fail(error, sent, mine);
    }
    clearTimeout(timer);
    waiting.hidden = true;
    busy = false;
  }

  function wait() {
    waiting.hidden = false;
    say(words.writing);
  }

  function fail(error, sent, mine) {
    if (isLost(error)) setSession(null);
    if (error.code === "id_conflict") sent.id = undefined;
    const retry = button(words.retry, "choice", () => {
      if (composer.read() === sent.message) composer.write("");
      deliver(sent);
    });
    mine.append(h("p", { class: "unsent" }, words.notSent), retry);
    failed = { sent, mine };
    if (sent.message && composer.isEmpty()) composer.write(sent.message);
    remember({ draft: composer.read() });
    const told = h("div", { class: "problem" }, drawText([error.message, error.contact]));
    mine.append(told);
    mine.scrollIntoView({ block: "nearest" });
    warn(spokenLines(told).join(" "));
  }

  function show(reply) {
    const message = makeReply(reply, onChoice);
    list.append(message);
    return message;
  }

  // The last reply says which fields come next. Asked again for the same, what came before says why.
  function ask(replies, shown, wasStep) {
    const fields = replies.at(-1)?.fields ?? [];
    const isAgain = wasStep && fields.length && replies.length > 1 && replies[0].kind === "form";
    composer.ask(fields, isAgain ? spokenLines(shown[0]).join(" ") : "");
  }

  function reveal(mine) {
    mine.scrollIntoView();
    return log.scrollTop;
  }

  // What staff announce stands above everything, and is not said: nobody has asked for it yet.
  function notify({ banner, message, contact }) {
    notice.append(drawText([banner, message, contact]));
    notice.hidden = !notice.hasChildNodes();
  }

  function setStarted(isStarted) {
    made.dialog.classList.toggle("started", isStarted);
    welcome.querySelector(".begin").hidden = isStarted;
    showTools(isStarted);
  }

  async function eraseAll() {
    if (busy) return;
    try {
      if (getSession()) await erase();
    } catch (error) {
      if (!isLost(error)) return warn(error.message);
    }
    stopReading();
    forget();
    failed = null;
    composer.ask();
    composer.write("");
    composer.focus();
    list.replaceChildren();
    setStarted(false);
    log.scrollTop = 0;
    say(words.erased);
  }

  // What the tab remembers of another page: the conversation, from the server, and what was being written.
  let isRemembered = false;
  async function remembered() {
    if (isRemembered) return;
    isRemembered = true;
    getStatus().then(notify, () => {});
    if (recall("draft") && composer.isEmpty()) composer.write(recall("draft"));
    if (!getSession()) return;
    try {
      const turns = await getHistory();
      if (busy || list.children.length) return;
      for (const { message, replies } of turns) {
        list.append(makeMine(message));
        replies.forEach(show);
      }
      list.querySelectorAll(".form:not(:last-child) .choices").forEach((old) => old.remove());
      setStarted(turns.length > 0);
      ask(turns.at(-1)?.replies ?? [], [], false);
      log.scrollTop = log.scrollHeight;
    } catch (error) {
      if (isLost(error)) setSession(null);
    }
  }

  return { ...made, remembered };
}
