/* Says who is at the open conversation and what they do, so that two people do not answer the same.
   The server keeps it for half a minute; a hidden page says nothing.

   <article id="thread" data-presence-url="/conversations/45/presence/"> */

import { all, csrfToken, on, onContent } from "../lib/dom.js";

const EVERY_MS = 12000;
const WRITING_MS = 10000; // after the last key one is reading again
const STAYS_MS = 150; // who passes by is not there, and what stands on the screen comes first
let at = null; // address of the conversation that was told last
let coming = 0; // timer of the one that is open and not told yet
let wroteAt = -Infinity;
let wrote = "looking";

const here = () => document.querySelector("[data-presence-url]")?.dataset.presenceUrl ?? null;
const claim = () => document.querySelector('#thread [data-key="m"]');
const doing = () => (performance.now() - wroteAt < WRITING_MS ? wrote : "looking");

function body(what) {
  const form = new FormData();
  form.set("doing", what);
  form.set("csrfmiddlewaretoken", csrfToken());
  return form;
}

/* A page that has just been opened does not listen yet when it says that what was told of this is read. */
function renewBell(answer) {
  const topic = answer.headers.has("X-Notices") && document.getElementById("bell")?.dataset.liveRegion;
  if (topic) document.dispatchEvent(new CustomEvent("live:refetch", { detail: { topic } }));
}

function tell(url, what) {
  fetch(url, { method: "POST", body: body(what), signal: AbortSignal.timeout(8000), redirect: "error" })
    .then(renewBell)
    .catch(
      () => {}, // a hint: the next one comes in a moment
    );
}

const leave = () => {
  if (at) navigator.sendBeacon(at, body(""));
  at = null;
};

function beat() {
  clearTimeout(coming);
  if (here() !== at) leave();
  at = here();
  if (at && document.visibilityState === "visible") tell(at, doing());
}

function opened() {
  if (here() !== at) {
    leave();
    wroteAt = -Infinity;
    clearTimeout(coming);
    coming = setTimeout(beat, STAYS_MS);
  }
  if (!claim()) for (const nudge of all("[data-nudge]")) nudge.hidden = true;
}

export function start() {
  beat();
  setInterval(beat, EVERY_MS);
  onContent(opened);
  on("input", "[data-composer] textarea", (event, box) => {
    const before = at === here() ? doing() : "";
    wrote = box.closest(".c-note") ? "noting" : "replying";
    wroteAt = performance.now();
    if (before !== wrote) beat();
    // who answers what nobody has is asked to claim it, as long as it can be claimed
    const nudge = box.closest("[data-composer]").querySelector("[data-nudge]");
    if (nudge) nudge.hidden = wrote !== "replying" || !claim();
  });
  on("click", "[data-nudge] [data-press]", (event, button) => {
    button.closest("[data-nudge]").hidden = true;
    claim()?.click();
  });
  on("submit", "[data-send-form]", () => {
    wroteAt = -Infinity;
  });
  addEventListener("pagehide", leave);
}
