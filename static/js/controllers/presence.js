/* Says who is at the open conversation and what they do, so that two people do not answer the same.
   The server keeps it for half a minute; a hidden page says nothing.

   <article id="thread" data-presence-url="/conversations/45/presence/"> */

import { csrfToken, on, onContent } from "../lib/dom.js";

const EVERY_MS = 12000;
const WRITING_MS = 10000; // after the last key one is reading again
let at = null; // address of the conversation that was told last
let wroteAt = -Infinity;
let wrote = "looking";

const doing = () => (performance.now() - wroteAt < WRITING_MS ? wrote : "looking");

function body(what) {
  const form = new FormData();
  form.set("doing", what);
  form.set("csrfmiddlewaretoken", csrfToken());
  return form;
}

function tell(url, what) {
  fetch(url, { method: "POST", body: body(what), signal: AbortSignal.timeout(8000), redirect: "error" }).catch(
    () => {}, // a hint: the next one comes in a moment
  );
}

const leave = () => {
  if (at) navigator.sendBeacon(at, body(""));
  at = null;
};

function beat() {
  const url = document.querySelector("[data-presence-url]")?.dataset.presenceUrl ?? null;
  if (url !== at) leave();
  at = url;
  if (at && document.visibilityState === "visible") tell(at, doing());
}

export function start() {
  beat();
  setInterval(beat, EVERY_MS);
  onContent(() => {
    const url = document.querySelector("[data-presence-url]")?.dataset.presenceUrl ?? null;
    if (url !== at) beat();
  });
  on("input", "[data-composer] textarea", (event, box) => {
    const before = doing();
    wrote = box.closest(".c-note") ? "noting" : "replying";
    wroteAt = performance.now();
    if (before !== wrote && at) tell(at, wrote);
  });
  on("submit", "[data-send-form]", () => {
    wroteAt = -Infinity;
  });
  addEventListener("pagehide", leave);
}
