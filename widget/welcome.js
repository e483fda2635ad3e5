// The first screen, which asks nothing of the server: what this is, what it knows, what is kept, how to begin.

import { button, h } from "./dom.js";
import { drawText } from "./links.js";
import { settings, words } from "./settings.js";

/** The first screen; `ask` is called with the question that was touched, and with the list of them. */
export function makeWelcome(ask) {
  const examples = h("div", { class: "choices examples", role: "group", "aria-labelledby": "examples" });
  examples.append(...settings.examples.map((example) => button(example, "choice", () => ask(example))));
  return h(
    "div",
    { class: "welcome" },
    h("p", { class: "intro" }, settings.intro),
    h("div", { class: "begin" }, h("h3", { id: "examples" }, words.examples), examples),
    h("h3", {}, words.knows),
    h("ul", { class: "subjects" }, settings.subjects.map((subject) => h("li", {}, subject))),
    h("p", {}, settings.limits),
    h("h3", {}, words.kept),
    h("p", {}, settings.retention),
  );
}

/** How to reach a person, as the town wrote it. */
export const makeContact = () => drawText([settings.contact]);
