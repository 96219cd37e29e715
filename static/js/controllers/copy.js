/* Copies the text of another element: an invitation link, the recovery codes. */

import { on } from "../lib/dom.js";

export function start() {
  on("click", "[data-copy]", async (event, button) => {
    const source = document.getElementById(button.dataset.copy);
    await navigator.clipboard.writeText(source.value ?? source.textContent.trim());
    const label = button.querySelector("[data-label]");
    if (label) label.textContent = button.dataset.done;
  });
  // a select that applies at once where scripts run; its button is for everyone else
  on("change", "[data-submits]", (event, control) => control.form.requestSubmit());
}
