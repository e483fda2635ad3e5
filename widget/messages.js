// One message of the conversation: who speaks, the text, and everything that goes with an answer.

import { sendOpinion } from "./api.js";
import { button, h, linesOf, put } from "./dom.js";
import { drawText } from "./links.js";
import { isLink } from "./markdown.js";
import { recall, remember } from "./memory.js";
import { words } from "./settings.js";
import { makeReader, say, stopReading, warn } from "./voice.js";

const RATED = ["answer", "clarify", "fallback"];
const RIGHT_TO_LEFT = /^(ar|ckb|fa|he|ps|ur|yi)\b/;
const STEPS = { alert: words.alertStep, form: words.formStep };

/** What the person said. */
export function makeMine(text) {
  return h("li", { class: "you", tabindex: "-1" }, h("p", { class: "who" }, words.you), h("p", { class: "bubble", dir: "auto" }, text));
}

/** A reply of the contract; `choose` is called with a choice and its list. */
export function makeReply(reply, choose) {
  const { kind, lang } = reply;
  const step = STEPS[kind] && h("span", {}, ` · ${STEPS[kind]}`);
  const tools = h("div", { class: "tools" });
  const text = makeText(reply, tools);
  const bubble = h("div", { class: "bubble" }, text, tools, reply.sources?.length > 0 && makeSources(reply.sources));
  tools.append(...[makeReader(() => spokenLines(text), lang)].filter(Boolean));
  const parts = [h("p", { class: "who" }, words.assistant, step), bubble];
  if (reply.choices?.length) parts.push(makeChoices(reply.choices, choose));
  if (RATED.includes(kind)) parts.push(makeOpinion(reply.id));
  return h("li", { class: `assistant ${kind}` }, parts);
}

/** The lines that are in view of a reply's text. */
export const spokenLines = (message) => linesOf(message.querySelector(".text:not([hidden])") ?? message);

/** One sentence for screen readers: every text of a turn, and its choices. */
export function announce(messages) {
  const texts = messages.flatMap(spokenLines).join(" ");
  const labels = messages.flatMap((message) => [...message.querySelectorAll(".choices button")].map((one) => one.textContent));
  const proposed = labels.length ? ` ${put(words.proposed, { list: labels.join(", ") })}` : "";
  say(put(words.says, { text: texts }) + proposed);
}

function makeText({ text, simple, lang, kind }, tools) {
  const direction = RIGHT_TO_LEFT.test(lang) ? "rtl" : "ltr";
  const draw = (markdown) => h("div", { class: "text", lang, dir: direction }, drawText([markdown], kind === "alert"));
  const full = draw(text);
  if (!simple) return h("div", {}, full);
  const plain = draw(simple);
  const toggle = button(words.simpler, "tool", () => {
    stopReading();
    remember({ simple: !recall("simple") });
    show();
    say(linesOf(recall("simple") ? plain : full).join(" "));
  });
  // Someone who has asked for the plain version once gets it from then on.
  const show = () => {
    const isPlain = Boolean(recall("simple"));
    plain.hidden = !isPlain;
    full.hidden = isPlain;
    toggle.textContent = isPlain ? words.full : words.simpler;
  };
  show();
  tools.append(toggle);
  return h("div", {}, full, plain);
}

function makeSources(sources) {
  return h("details", { class: "sources" }, h("summary", {}, words.sources), sources.map(makeSource));
}

function makeSource({ title, url, quote, verified_on, complement }) {
  return h(
    "figure",
    { class: complement ? "complement" : "" },
    h("blockquote", {}, h("p", {}, `«\u202f${quote}\u202f»`)),
    h(
      "figcaption",
      {},
      isLink(url) ? h("a", { href: url, rel: "noreferrer" }, title) : h("span", {}, title),
      complement && h("em", {}, words.complement),
      verified_on && h("time", { datetime: verified_on }, put(words.verified, { day: formatDay(verified_on) })),
    ),
  );
}

const formatDay = (iso) =>
  new Date(iso).toLocaleDateString(words.locale, { dateStyle: "long", timeZone: "UTC" }).replace(/^1 /, words.first);

function makeChoices(choices, choose) {
  const list = h("div", { class: "choices", role: "group", "aria-label": words.choices });
  list.append(...choices.map((choice) => button(choice.label, "choice", () => choose(choice, list))));
  return list;
}

function makeOpinion(reply) {
  const asked = h("span", {}, words.useful);
  const box = h("div", { class: "opinion" }, asked);
  const give = async (verdict) => {
    if (await tried(() => sendOpinion(reply, verdict, ""))) thank(box, makeComment(box, reply, verdict));
  };
  box.append(...Object.entries(words.verdicts).map(([verdict, label]) => button(label, "tool", () => give(verdict))));
  return box;
}

function makeComment(box, reply, verdict) {
  const field = h("textarea", { rows: "2", maxlength: "500", autocomplete: "off" });
  const submit = async (event) => {
    event.preventDefault();
    if (!field.value.trim()) return field.focus();
    if (await tried(() => sendOpinion(reply, verdict, field.value))) thank(box);
  };
  return h("form", { onsubmit: submit }, h("label", {}, words.comment, field), h("button", { class: "choice" }, words.sendComment));
}

// The focus goes to the thanks first: what had it is about to leave.
function thank(box, ...more) {
  const thanks = h("p", { tabindex: "-1" }, words.thanks);
  const before = [...box.childNodes];
  box.append(thanks, ...more);
  thanks.focus();
  before.forEach((node) => node.remove());
}

async function tried(action) {
  try {
    await action();
    return true;
  } catch (error) {
    warn(error.message);
    return false;
  }
}
