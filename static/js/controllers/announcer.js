/* One polite sentence at most every ten seconds; the newest replaces what was still waiting. */

const PAUSE_MS = 10000;
let waiting = null;
let spokenAt = -Infinity;
let timer = 0;

function speak() {
  timer = 0;
  const region = document.getElementById("live");
  if (!region || waiting === null) return;
  region.textContent = waiting;
  waiting = null;
  spokenAt = performance.now();
}

export function announce(sentence) {
  waiting = sentence;
  if (timer) return;
  timer = setTimeout(speak, Math.max(0, spokenAt + PAUSE_MS - performance.now()));
}
