// The writing desk: one field for questions, or the proper fields of a form's step.

import { h, put } from "./dom.js";
import { words } from "./settings.js";
import { warn } from "./voice.js";

const LIMIT = 500;
const QUESTION = [{ label: words.field, type: "textarea", autocomplete: "off" }];

/** The desk; `submit` gets each message that can be sent, `edited` each change of the text. */
export function makeComposer(submit, edited) {
  const error = h("p", { class: "error", id: "error", hidden: true });
  const hint = h("p", { class: "hint", id: "hint" }, words.hint);
  const fields = h("div", { class: "fields" });
  const form = h("form", { class: "composer", novalidate: true, onsubmit: onSubmit }, error, h("div", { class: "line" }, fields, h("button", { class: "send" }, words.send)), hint);
  let inputs = [];
  let isStep = false;

  function onSubmit(event) {
    event.preventDefault();
    const text = read();
    const problem = check(text);
    if (!problem) return submit(text);
    focus();
    showError(problem);
    warn(problem);
  }

  function check(text) {
    if (!text) return words.empty;
    return text.length > LIMIT && put(words.tooLong, { count: text.length });
  }

  // Several fields are several ways to answer the same thing: the first that is filled in is the answer.
  const read = () => inputs.map((input) => input.value.trim()).find(Boolean) ?? "";
  const write = (text) => inputs.forEach((input, place) => (input.value = place ? "" : text));
  const focus = () => inputs[0].focus();

  function showError(text) {
    error.textContent = text;
    error.hidden = !text;
    for (const input of inputs) {
      input.setAttribute("aria-invalid", String(Boolean(text)));
      input.setAttribute("aria-describedby", text ? "error hint" : "hint");
    }
  }

  /** Show the fields of a step, or the question's when there are none. */
  function ask(asked, problem = "") {
    const hadFocus = inputs.includes(form.getRootNode().activeElement);
    const before = [...fields.children];
    isStep = Boolean(asked?.length);
    const built = (isStep ? asked : QUESTION).map(makeField);
    inputs = built.map((field) => field.querySelector("input, textarea"));
    fields.append(...built);
    // Never nothing: the new field has the focus before the old one goes.
    if (hadFocus) focus();
    before.forEach((field) => field.remove());
    hint.textContent = isStep ? words.formHint : words.hint;
    showError(problem);
  }

  function makeField({ label, type, autocomplete }, place) {
    const properties = { id: `field-${place}`, autocomplete, oninput: () => edited(read()), onkeydown };
    const input = type === "textarea" ? h("textarea", { rows: "1", ...properties }) : h("input", { type, ...properties });
    return h("div", {}, h("label", { for: properties.id }, label), input);
  }

  function onkeydown(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  }

  ask();
  return { form, ask, read, write, focus, isStep: () => isStep };
}
