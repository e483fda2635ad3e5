// The panel around the conversation: a dialog beside the page on a large screen, in its place on a small one.

import { button, h } from "./dom.js";
import { remember } from "./memory.js";
import { settings, words } from "./settings.js";

// Stepped gables under the title, drawn here: a strict page allows no image.
const ROOFS = "M0 12V5h3V3h2V1h4v2h2v2h3l6-5 6 5V3h3v9h6V7l3-3h7l3 3v5h5V9h3V6h3V3h5v3h3v3h3v3h4V5l7-5 7 5v7h6V8h3V5h2V2h5v3h2v3h3v4z";

/** The dialog and what opens and closes it. `composer` gets the focus on a large screen with a mouse. */
export function makePanel(host, composer) {
  const title = h("h2", { id: "title", tabindex: "-1" }, settings.name);
  const shut = button(words.close, "choice", () => close());
  const head = h("div", { class: "head" }, h("div", {}, title, h("p", {}, words.role)), shut, makeRoofs());
  const dialog = h("dialog", { class: "panel", "aria-labelledby": "title" }, head);
  const { launcher, slotted, narrow } = host;

  // A modal dialog silences what is outside it: the live regions come in with it.
  function show() {
    const isModal = narrow.matches;
    if (isModal) dialog.append(slotted);
    // `show()` would take the focus, which stays where it is when a page restores the panel.
    if (isModal) dialog.showModal();
    else dialog.open = true;
    dialog.classList.toggle("modal", isModal);
    launcher.setAttribute("aria-expanded", "true");
    fit();
  }

  function open() {
    show();
    remember({ open: true });
  }

  function hide() {
    dialog.close();
    host.shadowRoot.append(slotted);
  }

  function close() {
    hide();
    launcher.setAttribute("aria-expanded", "false");
    launcher.focus();
    remember({ open: false });
  }

  function enter() {
    const isTouched = matchMedia("(pointer: coarse)").matches || narrow.matches;
    (isTouched ? title : composer).focus({ preventScroll: true });
  }

  // The keyboard of a phone covers the page without resizing it: keep to what is left, and to what was read.
  function fit() {
    const view = window.visualViewport;
    const log = dialog.querySelector(".log");
    const below = log.scrollHeight - log.clientHeight - log.scrollTop;
    const isModal = view && dialog.classList.contains("modal");
    dialog.style.height = isModal ? `${view.height}px` : "";
    dialog.style.top = isModal ? `${view.offsetTop}px` : "";
    log.scrollTop = log.scrollHeight - log.clientHeight - below;
  }

  window.visualViewport?.addEventListener("resize", fit);
  window.visualViewport?.addEventListener("scroll", fit);
  narrow.addEventListener("change", () => {
    if (!dialog.open) return;
    const focused = host.shadowRoot.activeElement;
    hide();
    show();
    focused?.focus({ preventScroll: true });
  });
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    close();
  });
  // From anywhere in the page: what the panel covers can always be uncovered.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || !dialog.open) return;
    event.preventDefault();
    close();
  });
  return { dialog, open, close, enter };
}

function makeRoofs() {
  const make = (tag, attributes) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const name in attributes) element.setAttribute(name, attributes[name]);
    return element;
  };
  const roofs = make("svg", { class: "roofs", "aria-hidden": true, viewBox: "0 0 520 12", preserveAspectRatio: "xMinYMax slice" });
  for (let x = 0; x < 520; x += 104) roofs.append(make("path", { d: ROOFS, transform: `translate(${x})` }));
  return roofs;
}
