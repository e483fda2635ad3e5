// Elements, built one by one: no HTML is ever parsed.

/** An element; properties that begin with "on" are listeners, false and null ones are left out. */
export function h(tag, properties, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value != null && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child != null && child !== false));
  return element;
}

/** A button that submits nothing. */
export const button = (label, className, onclick) => h("button", { type: "button", class: className, onclick }, label);

/** The lines of a text drawn by markdown.js: paragraphs, and items of lists. */
export function linesOf(element) {
  return [...element.querySelectorAll("p, li:not(:has(p))")].map((line) => line.textContent.replace(/\s+/g, " ").trim());
}

/** « {name} » replaced by a value. */
export const put = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
