/* Puts words of a colleague where they can be sent from: into the answer, at its end, or into the note where nothing
   but notes is open. The draft is saved like any typing. */

import { on } from "../lib/dom.js";

export function start() {
  on("click", "[data-insert]", (event, button) => {
    const source = document.getElementById(button.dataset.insert);
    const reply = document.getElementById(button.dataset.into);
    if (!source || !reply) return;
    event.preventDefault(); // without script the same button asks the server
    const box = shown(reply);
    const before = box.value.trimEnd();
    box.value = before ? `${before}\n${source.textContent.trim()}` : source.textContent.trim();
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.focus();
  });
}

/* The box of the mode that is chosen; with a note chosen, an answer goes first where one is open. */
function shown(reply) {
  const composer = reply.closest("[data-composer]");
  const modes = [...(composer?.querySelectorAll('input[name="visibility"]:not(:disabled)') ?? [])];
  const answers = reply.disabled ? [] : modes.filter((mode) => mode.value !== "note");
  const mode = answers.find((one) => one.checked) ?? answers[0] ?? modes[0];
  if (mode && !mode.checked) mode.click();
  return answers.length || !composer ? reply : composer.querySelector(".c-note textarea");
}
