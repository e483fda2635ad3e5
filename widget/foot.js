// Under the writing desk: a person to talk to, the conversation to keep, the conversation to erase.

import { button, h } from "./dom.js";
import { print, save } from "./keep.js";
import { words } from "./settings.js";
import { say } from "./voice.js";
import { makeContact } from "./welcome.js";

/** The foot; `erase` is called once it was asked for twice. `list` is the list of messages. */
export function makeFoot(host, list, erase) {
  const contact = h("div", { class: "drawer", id: "contact", hidden: true }, makeContact());
  const keep = h("div", { class: "drawer", id: "keep", hidden: true }, button(words.save, "tool", () => save(list)), button(words.print, "tool", () => print(list)));
  const opener = host.contact ? h("a", { class: "tool", href: host.contact }, words.contact) : makeOpener(words.contact, contact);
  const keeper = makeOpener(words.keep, keep);
  const eraser = makeEraser(erase);
  const foot = h("div", { class: "foot" }, contact, keep, opener, keeper, eraser);
  const show = (isShown) => {
    keeper.hidden = eraser.hidden = !isShown;
    if (!isShown) keep.hidden = true;
  };
  return { foot, show };
}

function makeOpener(label, drawer) {
  const opener = button(label, "tool", () => {
    drawer.hidden = !drawer.hidden;
    opener.setAttribute("aria-expanded", String(!drawer.hidden));
  });
  opener.setAttribute("aria-expanded", "false");
  opener.setAttribute("aria-controls", drawer.id);
  return opener;
}

// Nothing is lost by a slip: the first press asks, leaving the button takes the question back.
function makeEraser(erase) {
  let isSure = false;
  const ask = (sure) => {
    isSure = sure;
    eraser.textContent = sure ? words.eraseSure : words.erase;
  };
  const eraser = button(words.erase, "tool", () => {
    if (isSure) {
      ask(false);
      return erase();
    }
    ask(true);
    say(words.eraseAsk);
  });
  eraser.addEventListener("blur", () => ask(false));
  return eraser;
}
