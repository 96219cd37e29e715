/* At most one run per key and second, with jitter, so that a thousand browsers do not ask at once. */

export const INTERVAL_MS = 1000;

/** Returns `ask(key, run)`: runs soon, merges calls in between, never twice within the interval. */
export function coalescer({
  interval = INTERVAL_MS,
  jitter = Math.random,
  now = Date.now,
  later = setTimeout,
} = {}) {
  const lastRun = new Map();
  const waiting = new Map();
  return function ask(key, run) {
    if (waiting.has(key)) {
      waiting.set(key, run);
      return;
    }
    waiting.set(key, run);
    const rest = Math.max(0, (lastRun.get(key) ?? -Infinity) + interval - now());
    later(
      () => {
        const latest = waiting.get(key);
        waiting.delete(key);
        lastRun.set(key, now());
        latest();
      },
      rest + jitter() * interval * (rest ? 0.5 : 0.25),
    );
  };
}
