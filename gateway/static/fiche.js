// The form of a fiche: its preview follows what is typed, and each remark of the checks stands beside its field.
// Without this file the preview comes with its button, and the remarks when the fiche is saved.

const form = document.getElementById("fiche");
const button = document.getElementById("voir");
const state = document.getElementById("etat");
const PAUSE = 700; // ms without typing
let waiting = null;
let asked = 0;

if (button) {
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(look, PAUSE);
  });
  look();
}

async function look() {
  form.requestSubmit(button);
  const turn = ++asked;
  try {
    const body = new URLSearchParams(new FormData(form));
    const response = await fetch(form.dataset.preview, { method: "POST", body, headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error(String(response.status));
    const { remarks } = await response.json();
    if (turn === asked) show(remarks);
  } catch {
    state.textContent = "La vérification ne répond pas pour le moment. Votre texte est toujours là.";
  }
}

function show(remarks) {
  for (const list of document.querySelectorAll(".remarks")) {
    const mine = remarks.filter((remark) => remark.key === list.dataset.key);
    list.replaceChildren(...mine.map(draw));
    const field = document.getElementById(list.dataset.key);
    field?.toggleAttribute("aria-invalid", mine.some((remark) => remark.error));
  }
  const errors = remarks.filter((remark) => remark.error).length;
  state.textContent = errors
    ? `${errors} chose${errors > 1 ? "s" : ""} à corriger avant d’enregistrer.`
    : "Rien n’empêche d’enregistrer.";
}

function draw(remark) {
  const item = document.createElement("li");
  item.className = remark.error ? "error" : "hint";
  item.textContent = remark.message;
  return item;
}
