// Put in every page beside observed.js: what the tests measure in the widget, once it is there.
window.measured = (() => {
  const root = () => document.querySelector("commune-chat").shadowRoot;
  // While the panel takes the whole screen, the launcher is behind it, out of reach.
  const shown = (selector) =>
    [...root().querySelectorAll(selector)].filter((one) => one.checkVisibility() && !(root().querySelector(":modal") && one.matches(".launcher")));
  const nameOf = (one) => one.textContent.trim().slice(0, 40) || one.id || one.localName;
  const style = getComputedStyle;

  // Whether what has the focus is entirely under the panel.
  const isCovered = () => {
    const box = focused().getBoundingClientRect();
    const points = [0.1, 0.5, 0.9].flatMap((x) => [0.1, 0.5, 0.9].map((y) => [box.x + x * box.width, box.y + y * box.height]));
    return points.every(([x, y]) => document.elementFromPoint(x, y)?.localName === "commune-chat");
  };

  const focusBox = () => {
    const { x, y, width, height } = focused().getBoundingClientRect();
    return { x, y, width, height };
  };

  // Whether what has the focus is entirely in view.
  const isFocusInView = () => {
    const box = focused().getBoundingClientRect();
    return box.left >= -0.5 && box.top >= -0.5 && box.right <= innerWidth + 0.5 && box.bottom <= innerHeight + 0.5;
  };

  // Whether the last element of a selector is entirely within a height.
  const isInView = ([selector, height]) => {
    const box = [...root().querySelectorAll(selector)].at(-1).getBoundingClientRect();
    return box.height > 0 && box.top >= 0 && box.bottom <= height + 1;
  };

  // What has to be scrolled sideways.
  const wide = () =>
    shown("dialog, dialog *")
      .filter((one) => one.scrollWidth > one.clientWidth + 1 && style(one).overflowX !== "visible")
      .map(nameOf);

  // Texts that do not fit their box.
  const clipped = () =>
    shown("p, h2, h3, li, button, a, label, summary, figcaption, blockquote")
      .filter((one) => style(one).display !== "inline" && one.clientWidth && one.clientHeight)
      .filter(
        (one) =>
          one.scrollWidth > one.clientWidth + 2 ||
          (one.scrollHeight > one.clientHeight + 2 && style(one).overflowY !== "visible"),
      )
      .map(nameOf);

  // Pairs of controls that lie on each other, among those that scroll together.
  const overlapping = () => {
    const boxes = shown("button, a, summary, .fields textarea").map((one) => [nameOf(one), one.getBoundingClientRect(), one.closest(".log")]);
    const meet = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
    return boxes.flatMap(([name, box, log], place) =>
      boxes
        .slice(place + 1)
        .filter(([, other, otherLog]) => log === otherLog && meet(box, other))
        .map(([other]) => `${name} / ${other}`),
    );
  };

  // Each target: its name, its smaller side, the least it may be (a link in a sentence has none).
  const targets = () =>
    shown("button, a, summary, input, textarea").map((one) => {
      const { width, height } = one.getBoundingClientRect();
      const least = one.localName !== "a" ? 44 : style(one).display === "inline" ? 0 : 24;
      return [nameOf(one), Math.min(width, height), least];
    });

  // Which of these have no border that can be seen.
  const borderless = (selectors) =>
    selectors.filter((selector) => {
      const { borderTopStyle, borderTopWidth, borderTopColor, backgroundColor } = style(root().querySelector(selector));
      return borderTopStyle !== "solid" || parseFloat(borderTopWidth) < 1 || borderTopColor === backgroundColor;
    });

  const moving = () => document.getAnimations().length + root().getAnimations().length;

  // Every word that is there, in view or not, names for assistive technologies included.
  const words = () =>
    [...root().querySelectorAll("*")].flatMap((one) => [
      ...["aria-label", "title", "placeholder"].map((name) => one.getAttribute(name)).filter(Boolean),
      ...[...one.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE && node.data.trim()).map((node) => node.data.trim()),
    ]);

  // All that the browser computed for each element of the page, the widget left out.
  const pageStyles = () =>
    [...document.querySelectorAll("html, head, body, body *")]
      .filter((one) => !one.closest("commune-chat"))
      .map((one) => [one.localName, one.id, [...style(one)].map((name) => `${name}:${style(one).getPropertyValue(name)}`).join(";")]);

  const parse = (color) => {
    const numbers = color.match(/[\d.]+/g).map(Number);
    const parts = numbers.slice(0, 3).map((part) => (color.startsWith("color(") ? part : part / 255));
    return { parts, opacity: numbers[3] ?? 1 };
  };
  const luminance = ({ parts }) => {
    const [r, g, b] = parts.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const groundOf = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const ground = parse(style(one).backgroundColor);
      if (ground.opacity === 1) return ground;
    }
    throw new Error("no ground");
  };

  // Each text in view, and its contrast with what is behind it.
  const contrasts = () =>
    shown("*").flatMap((one) => {
      const text = [...one.childNodes].find((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
      if (!text) return [];
      const [low, high] = [luminance(parse(style(one).color)), luminance(groundOf(one))].sort((a, b) => a - b);
      return [[text.data.trim().slice(0, 40), (high + 0.05) / (low + 0.05)]];
    });

  return { isCovered, focusBox, isFocusInView, isInView, wide, clipped, overlapping, targets, borderless, moving, words, pageStyles, contrasts };
})();
