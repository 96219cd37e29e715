/* A thread opens at its latest message, or at what is asked of us, and stays there while someone reads the end. */

import { all, on, onContent } from "../lib/dom.js";

const NEAR = 80; // pixels from the end that still count as reading the end
const opened = new WeakSet();

function toEnd(pane) {
  pane.scrollTop = pane.scrollHeight;
}

function openAtEnd() {
  for (const pane of all("[data-to-end]")) {
    if (opened.has(pane)) continue;
    opened.add(pane);
    if (pane.querySelector("[data-asked-of-us]")) continue;
    toEnd(pane);
    document.fonts.ready.then(() => toEnd(pane));
  }
}

export function start() {
  onContent(openAtEnd);
  document.addEventListener("live:morphing", (event) => {
    const pane = event.target.closest("[data-to-end]");
    if (!pane || pane.scrollHeight - pane.scrollTop - pane.clientHeight > NEAR) return;
    document.addEventListener("live:morphed", () => toEnd(pane), { once: true });
  });
  // the text of a public answer goes along when the mode changes; only the audience line moves
  on("click", "[data-choose]", (event, button) => {
    const choice = document.getElementById(button.dataset.choose);
    choice?.click();
    document.getElementById(button.dataset.focus)?.focus();
  });
}
