// The launcher: a button on the town's page, and nothing else until someone means to use it.
// It stores nothing, asks for nothing, and moves nothing on the page; the conversation proper is loaded
// when the button is pointed at, focused or pressed. gateway/widget_files.py fills in CONFIG.

(() => {
  let { chat, page, css, words } = "CONFIG";
  const NAME = "commune-chat";
  const OPENED = "allo.widget"; // the same key as in memory.js
  const NARROW = "(max-width: 40em), (max-height: 30em)";
  const LEAST = 4.5; // contrast of white text, WCAG 1.4.3

  const script = document.currentScript;
  const at = (path) => new URL(path, script.src).href;
  const { label = words.launcher, contact } = script.dataset;
  const color = (script.dataset.color ?? "").trim();

  if (customElements.get(NAME)) return;

  class CommuneChat extends HTMLElement {
    connectedCallback() {
      if (this.shadowRoot) return;
      Object.assign(this, { lang: "fr", at, contact, narrow: matchMedia(NARROW) });
      // In the light DOM, empty from the start: screen readers listen to those best.
      this.regions = ["status", "status", "alert"].map((role) => make("p", { role }));
      this.append(...this.regions);
      this.launcher = make("button", { type: "button", class: "launcher", "aria-expanded": false }, label);
      this.slotted = make("slot");
      this.attachShadow({ mode: "open" }).append(this.launcher, this.slotted);
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(css + (color && this.brand()));
      this.shadowRoot.adoptedStyleSheets = [sheet];
      this.launcher.onpointerenter = this.launcher.onfocus = () => load().catch(() => {});
      this.launcher.onclick = () => this.start("toggle");
      if (wasOpen() && !this.narrow.matches) this.start("restore");
    }

    start(how) {
      load().then((module) => module[how](this), () => this.apologize());
    }

    // The conversation could not be loaded: say so, and lead to the page that does without.
    apologize() {
      if (this.help) return;
      this.help = make("a", { href: at(page), class: "launcher" }, words.fullPage);
      this.launcher.before(this.help);
      this.regions[2].textContent = words.cannotOpen;
    }

    // The town's colour, when white text can be read on it; otherwise ours, and the reason in the console.
    brand() {
      const ratio = contrastWithWhite(color);
      if (ratio >= LEAST) return `:host{--brand:${color}!important}`;
      const shown = ratio ? String(Math.floor(ratio * 100) / 100).replace(".", ",") : "?";
      this.setAttribute("color-refused", shown);
      console.warn(words.colorRefused.replace("{color}", color).replace("{ratio}", shown));
      return "";
    }
  }

  let loading;
  function load() {
    loading ??= import(at(chat));
    // Browsers remember that a module did not come: the next try is another address.
    loading.catch(() => (loading = void (chat += "?")));
    return loading;
  }

  function make(tag, attributes, text = "") {
    const element = document.createElement(tag);
    for (const name in attributes) element.setAttribute(name, attributes[name]);
    element.textContent = text;
    return element;
  }

  function contrastWithWhite(text) {
    const [, hex] = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(text) ?? [];
    if (!hex) return 0;
    const [r, g, b] = hex.match(hex.length === 3 ? /./g : /../g).map((part) => {
      const value = parseInt(part.padEnd(2, part), 16) / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 1.05 / (0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05);
  }

  function wasOpen() {
    try {
      return JSON.parse(sessionStorage.getItem(OPENED))?.open;
    } catch {
      return false;
    }
  }

  // Browsers without what the conversation is built on (before 2023) get a plain link.
  if (!("adoptedStyleSheets" in Document.prototype && window.HTMLDialogElement)) {
    document.body.append(make("a", { href: at(page) }, label));
    return;
  }
  customElements.define(NAME, CommuneChat);
  document.body.append(make(NAME));
})();
