/* Saves what is being written 800 ms after the last key. The text is never touched, whatever happens. */

import { csrfToken, on } from "../lib/dom.js";

const PAUSE_MS = 800;
const timers = new WeakMap();

function say(form, word) {
  const line = form.querySelector("[data-draft-state]");
  if (line) line.textContent = line.dataset[word] ?? "";
}

async function save(form) {
  timers.delete(form);
  try {
    const answer = await fetch(form.dataset.draftUrl, {
      method: "POST",
      body: new FormData(form),
      headers: { "X-CSRFToken": csrfToken(), "HX-Request": "true" },
      signal: AbortSignal.timeout(10000),
      redirect: "error",
    });
    say(form, answer.ok ? "saved" : "unsaved");
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof DOMException)) throw error;
    say(form, "unsaved"); // offline or too slow: the text stays in the box, the next key tries again
  }
}

function plan(form) {
  clearTimeout(timers.get(form));
  say(form, "waiting");
  timers.set(form, setTimeout(save, PAUSE_MS, form));
}

function forget(form) {
  clearTimeout(timers.get(form));
  timers.delete(form);
}

export function start() {
  on("input", "form[data-draft-url]", (event, form) => plan(form));
  on("submit", "form[data-draft-url]", (event, form) => forget(form));
}
