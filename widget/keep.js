// The conversation as something to take away: a text file, a sheet of paper.

import { h, linesOf } from "./dom.js";
import { settings } from "./settings.js";
import { spokenLines } from "./messages.js";

/** Hand over the conversation as a text file. */
export function save(list) {
  const text = [settings.name, ...speeches(list).map(({ who, lines }) => `${who}\r\n${lines.join("\r\n")}`)].join("\r\n\r\n");
  const url = URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/plain;charset=utf-8" }));
  h("a", { href: url, download: "conversation.txt" }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

/** Print the conversation alone, from a window of its own; without one, hand over the file. */
export function print(list) {
  const paper = open("", "_blank");
  if (!paper) return save(list);
  const { document: sheet } = paper;
  sheet.title = settings.name;
  sheet.documentElement.lang = "fr";
  const speech = ({ who, lines }) => [h("h2", {}, who), ...lines.map((line) => h("p", {}, line))];
  sheet.body.replaceChildren(h("h1", {}, settings.name), ...speeches(list).flatMap(speech));
  paper.onafterprint = () => paper.close();
  paper.print();
}

function speeches(list) {
  return [...list.children].map((message) => ({
    who: message.querySelector(".who").textContent,
    lines: [...lines(message), ...[...message.querySelectorAll("figure")].flatMap(quote)],
  }));
}

const lines = (message) => (message.matches(".you") ? [message.querySelector(".bubble").textContent] : spokenLines(message));

const quote = (figure) => [`> ${linesOf(figure).join(" ")}`, `  ${[...figure.querySelector("figcaption").children].map((part) => part.textContent).join(" · ")}`];
