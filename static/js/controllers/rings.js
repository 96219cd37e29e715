/* One clock ticks all rings once a second; it changes the dash, the words and the state, nothing else.
   The server's seconds decide: an element that is swapped or morphed starts from its new data-left. */

import { all, setText } from "../lib/dom.js";
import { countdown, ringShare, ringState } from "../lib/clock.js";

const seen = new WeakMap(); // ring -> {left: as the server said, at: when we first saw that number}

function secondsLeft(ring) {
  const said = ring.dataset.left;
  const known = seen.get(ring);
  if (known?.said === said) return Math.round(known.left - (performance.now() - known.at) / 1000);
  seen.set(ring, { said, left: Number(said), at: performance.now() });
  return Number(said);
}

function draw(ring) {
  const total = Number(ring.dataset.total);
  // what is held leaves when a worker comes to it: that is no deadline of a person
  const left = Math.max(secondsLeft(ring), ring.closest(".delivery") ? 0 : -Infinity);
  const state = ringState(left, total);
  setText(ring.querySelector("time"), countdown(left, document.body.dataset.wordLate));
  ring.querySelector(".a")?.setAttribute("stroke-dasharray", `${ringShare(left, total)} 100`);
  if (ring.dataset.state !== state) ring.dataset.state = state;
}

export function start() {
  const tick = () => all(".sla[data-left]").forEach(draw);
  tick();
  setInterval(tick, 1000);
}
