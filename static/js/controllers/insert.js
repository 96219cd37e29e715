/* Puts words of a colleague into the answer that is being written, at its end; the draft is saved like any typing. */

import { on } from "../lib/dom.js";

export function start() {
  on("click", "[data-insert]", (event, button) => {
    const source = document.getElementById(button.dataset.insert);
    const box = document.getElementById(button.dataset.into);
    if (!source || !box) return;
    const before = box.value.trimEnd();
    box.value = before ? `${before}\n${source.textContent.trim()}` : source.textContent.trim();
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.focus();
  });
}
