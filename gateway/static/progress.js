// The progress of a training or of a change of release, followed without reloading. Without this file the page
// reloads by itself.

const panel = document.querySelector("[data-state]");
const EVERY = 1000; // ms between two looks
const LABELS = { over: "fait", now: "en cours", next: "à venir" };

function stateOf(stage) {
  if (stage.ended) return "over";
  return stage.began ? "now" : "next";
}

function show(state) {
  for (const stage of state.stages) {
    const line = panel.querySelector(`[data-stage="${stage.name}"]`);
    const now = stateOf(stage);
    line.className = now;
    line.querySelector(".count").textContent = now === "now" && stage.total ? `${stage.done} sur ${stage.total}` : "";
    const bar = line.querySelector("progress");
    bar.hidden = now !== "now" || !stage.total;
    bar.max = stage.total || 1;
    bar.value = stage.done;
    line.setAttribute("aria-label", `${line.querySelector(".name").textContent}, ${LABELS[now]}`);
  }
  const left = panel.querySelector(".left");
  // Said aloud at each change: only when it does change.
  if (left && state.left && left.textContent !== state.left) left.textContent = state.left;
}

async function look() {
  try {
    const response = await fetch(panel.dataset.state, { headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error(String(response.status));
    const state = await response.json();
    if (state.status !== "en cours") {
      window.location.reload();
      return;
    }
    show(state);
  } catch {
    // The service is starting again, or the network is away: the training goes on without us.
  }
  window.setTimeout(look, EVERY);
}

window.setTimeout(look, EVERY);
