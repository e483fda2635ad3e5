// A text of the service as DOM nodes, its phone numbers and mail addresses made to be touched.

import { render } from "./markdown.js";

const PHONE_OR_MAIL = /\b0[1-9](?:[\s.]?\d{2}){4}\b|[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g;
// In an alert the short numbers are in bold. 114 takes messages, not calls: it stays a number.
const SHORT_NUMBER = /^(?!114$)\d{2,4}$/;

/** The nodes of paragraphs in limited Markdown, those that are null left out; `isAlert`: short numbers are linked too. */
export function drawText(paragraphs, isAlert) {
  const fragment = render(paragraphs.filter(Boolean).join("\n\n"));
  const walker = document.createTreeWalker(fragment, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) if (!walker.currentNode.parentElement?.closest("a")) texts.push(walker.currentNode);
  texts.forEach(linkText);
  if (isAlert) fragment.querySelectorAll("strong").forEach(linkShort);
  return fragment;
}

function linkText(node) {
  for (const match of [...node.data.matchAll(PHONE_OR_MAIL)].reverse()) {
    const found = node.splitText(match.index);
    found.splitText(match[0].length);
    const scheme = match[0].includes("@") ? "mailto:" : "tel:";
    found.replaceWith(linkTo(scheme + match[0].replace(/\s/g, ""), match[0]));
  }
}

function linkShort(strong) {
  const number = strong.textContent.trim();
  if (!SHORT_NUMBER.test(number)) return;
  const link = linkTo(`tel:${number}`, number);
  link.className = "call";
  strong.replaceChildren(link);
}

function linkTo(url, text) {
  const link = document.createElement("a");
  link.href = url;
  link.textContent = text;
  return link;
}
