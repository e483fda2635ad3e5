// Limited Markdown to DOM nodes: paragraphs, bold, emphasis, lists and links. Never HTML from a text.
// gateway/markdown.py draws the same on the server; a test compares the two.

const ITEM = /^ {0,3}(?:([-*+])|(\d{1,9})[.)])\s+(.*)$/;
const INLINE = /\\([\\`*_{}[\]()#+\-.!>~|])|\*\*(?=\S)(.+?\S|\S)\*\*(?!\*)|(?<![\w*])\*(?=[^\s*])([^*\n]*[^\s*])\*(?![\w*])|\[([^\]\n]+)\]\(([^()\s]+)\)/s;
const SCHEMES = ["http:", "https:", "tel:", "mailto:"];

/** The nodes of a text, ready to be appended. */
export function render(text) {
  const blocks = [];
  for (const line of text.replace(/\r\n?/g, "\n").split("\n")) addLine(blocks, line);
  const fragment = document.createDocumentFragment();
  for (const block of blocks) if (block) fragment.append(draw(block));
  return fragment;
}

/** Whether an address may be shown as a link. */
export function isLink(url) {
  try {
    return SCHEMES.includes(new URL(url).protocol);
  } catch {
    return false;
  }
}

// A null block stands for a blank line: it ends a paragraph, and lets a list go on.
function addLine(blocks, line) {
  if (!line.trim()) return void blocks.push(null);
  const item = ITEM.exec(line);
  const last = blocks.at(-1);
  if (item) return addItem(blocks, item);
  if (last) (last.items ? last.items.at(-1) : last.lines).push(line.trim());
  else blocks.push({ lines: [line.trim()] });
}

function addItem(blocks, [, bullet, number, content]) {
  const list = blocks.findLast((block) => block);
  const between = blocks.length - blocks.indexOf(list);
  const same = list?.items && list.ordered === Boolean(number) && list.mark === (bullet ?? "");
  if (same && between <= 2) {
    list.items.push([content]);
    list.loose ||= between > 1;
    return;
  }
  blocks.push({ items: [[content]], ordered: Boolean(number), mark: bullet ?? "", start: Number(number), loose: false });
}

function draw(block) {
  if (block.lines) return fill(document.createElement("p"), block.lines);
  const list = document.createElement(block.ordered ? "ol" : "ul");
  if (block.ordered && block.start !== 1) list.start = block.start;
  for (const lines of block.items) {
    const item = document.createElement("li");
    if (block.loose) item.append(fill(document.createElement("p"), lines));
    else fill(item, lines);
    list.append(item);
  }
  return list;
}

function fill(element, lines) {
  addInline(element, lines.join("\n"));
  return element;
}

function addInline(parent, text) {
  const found = INLINE.exec(text);
  if (!found) return addText(parent, text);
  addText(parent, text.slice(0, found.index));
  const [whole, escaped, bold, emphasis, label, url] = found;
  if (escaped !== undefined) parent.append(escaped);
  else if (bold !== undefined) addInline(parent.appendChild(document.createElement("strong")), bold);
  else if (emphasis !== undefined) addInline(parent.appendChild(document.createElement("em")), emphasis);
  else if (isLink(url)) addInline(parent.appendChild(makeLink(url)), label);
  else addText(parent, whole);
  addInline(parent, text.slice(found.index + whole.length));
}

function addText(parent, text) {
  text.split("\n").forEach((line, place) => {
    if (place) parent.append(document.createElement("br"));
    if (line) parent.append(line);
  });
}

function makeLink(url) {
  const link = document.createElement("a");
  link.setAttribute("href", url);
  return link;
}
