// « À revoir » : une touche par décision, et l’avertissement pendant que l’exemple s’écrit. Sans ce module, les boutons suffisent.

const shortcuts = document.querySelector("[data-shortcuts]");
const STORED = "allo-touches";

function isTyping(target) {
  return target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]") !== null;
}

function press(element) {
  if (element.matches("input, textarea")) element.focus();
  else element.click();
}

function onKey(event) {
  if (!shortcuts.checked || event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) return;
  const target = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!target) return;
  event.preventDefault();
  press(target);
}

function remember() {
  try {
    localStorage.setItem(STORED, shortcuts.checked ? "oui" : "non");
  } catch {
    // Un navigateur qui ne garde rien : la case reste à cocher.
  }
}

function recall() {
  try {
    return localStorage.getItem(STORED) !== "non";
  } catch {
    return true;
  }
}

if (shortcuts) {
  shortcuts.checked = recall();
  shortcuts.addEventListener("change", remember);
  document.addEventListener("keydown", onKey);
}

const form = document.querySelector("[data-check]");
if (form) {
  const warning = form.querySelector("[data-warning]");
  let waiting = 0;

  const check = async () => {
    const fields = new URLSearchParams({ exemple: form.exemple.value, sujet: form.sujet.value });
    const response = await fetch(`${form.dataset.check}?${fields}`, { headers: { Accept: "application/json" } });
    const text = response.ok ? (await response.json()).warning : "";
    warning.textContent = text;
    warning.hidden = text === "";
  };
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => check().catch(() => {}), 250);
  });
}
