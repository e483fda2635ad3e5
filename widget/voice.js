// What screen readers are told, and what the browser reads aloud when asked to.

import { button } from "./dom.js";
import { words } from "./settings.js";

const SILENCE = 8000; // ms after which a region is emptied, so that it is not met again when reading the page

let regions = [];
let turn = 0;

/** The regions of the host: two that speak politely in turn, one that interrupts. */
export function setRegions(found) {
  regions = found;
}

/** Say something once, when the person is not busy listening to something else. */
export function say(text) {
  turn = 1 - turn;
  tell(regions[turn], text);
}

/** Say at once that something went wrong. */
export const warn = (text) => tell(regions[2], text);

function tell(region, text) {
  region.textContent = text;
  clearTimeout(region.silence);
  region.silence = setTimeout(() => (region.textContent = ""), SILENCE);
}

let reading = null;

/** A button that reads aloud, with the browser's own voice; null where it has none. `getLines`: what to read. */
export function makeReader(getLines, lang) {
  if (!window.speechSynthesis || !window.SpeechSynthesisUtterance) return null;
  const control = button(words.listen, "tool", () => {
    const wasReading = reading === control;
    stopReading();
    if (!wasReading) read(control, getLines().join("\n"), lang);
  });
  return control;
}

/** Be quiet. */
export function stopReading() {
  if (!reading) return;
  reading.textContent = words.listen;
  reading = null;
  speechSynthesis.cancel();
}

function read(control, text, lang) {
  const spoken = new SpeechSynthesisUtterance(text);
  spoken.lang = lang;
  spoken.onend = spoken.onerror = () => reading === control && stopReading();
  reading = control;
  control.textContent = words.stop;
  speechSynthesis.speak(spoken);
}
