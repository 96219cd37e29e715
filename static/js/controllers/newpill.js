/* "3 new": conversations that pings named and the list does not show yet. The list never jumps; the pill
   is a real link that loads the list again. */

import { all, fill } from "../lib/dom.js";
import { announce } from "./announcer.js";

const MOST = 50; // as the server takes
const waiting = new WeakMap(); // pill -> set of the conversation ids that it counts
const asked = new WeakMap(); // pill -> those that it has asked for, which stay on top when more are taken

const words = (value) => (value ?? "").split(" ").filter(Boolean);

function draw(pill, count) {
  pill.hidden = count === 0;
  pill.querySelector("[data-count]").textContent = fill(pill.dataset.words, count);
  if (count) announce(fill(pill.dataset.announce, count));
}

/** Counts conversations for every pill that listens to this topic and to what happened to them. */
export function note(ping) {
  for (const pill of all("[data-live-new]")) {
    if (!words(pill.dataset.liveNew).includes(ping.topic)) continue;
    const kinds = words(pill.dataset.liveKinds);
    add(
      pill,
      Object.entries(ping.kinds ?? {}).flatMap(([kind, ids]) => (kinds.includes(kind) ? ids : [])),
    );
  }
}

export function add(pill, ids) {
  const set = waiting.get(pill) ?? new Set();
  const before = set.size;
  for (const id of ids) if (!document.getElementById(`row-${id}`)) set.add(id);
  waiting.set(pill, set);
  if (set.size !== before) draw(pill, set.size);
}

/* What came while the list was on its way goes on waiting. */
function taken(pill) {
  const left = new Set(waiting.get(pill));
  for (const id of asked.get(pill)) left.delete(id);
  for (const id of left) if (document.getElementById(`row-${id}`)) left.delete(id);
  waiting.set(pill, left);
  draw(pill, left.size);
}

export function start() {
  // the server shows them on top, wherever they stand in the order of the list
  document.addEventListener("htmx:configRequest", (event) => {
    const pill = event.detail.elt.closest?.("[data-live-new]");
    if (!pill) return;
    asked.set(pill, [...new Set([...(asked.get(pill) ?? []), ...(waiting.get(pill) ?? [])])].slice(-MOST));
    event.detail.parameters.new = asked.get(pill).join(",");
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const pill = event.detail.elt.closest?.("[data-live-new]");
    if (pill && event.detail.successful) taken(pill);
  });
}
