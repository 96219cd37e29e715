import assert from "node:assert/strict";
import test from "node:test";
import { coalescer } from "../../static/js/lib/coalesce.js";
import { isTyping, keyName, sequencer } from "../../static/js/lib/keymap.js";

function bench() {
  const clock = { now: 0, queue: [] };
  const ask = coalescer({
    jitter: () => 1,
    now: () => clock.now,
    later: (run, ms) => clock.queue.push({ at: clock.now + ms, run }),
  });
  const until = (ms) => {
    for (;;) {
      clock.queue.sort((a, b) => a.at - b.at);
      if (!clock.queue.length || clock.queue[0].at > ms) break;
      const due = clock.queue.shift();
      clock.now = due.at;
      due.run();
    }
    clock.now = ms;
  };
  return { ask, until };
}

test("a hundred pings in a second become at most two fetches, the last ping included", () => {
  const { ask, until } = bench();
  const runs = [];
  for (let i = 0; i < 100; i++) {
    until(i * 10);
    ask("row", () => runs.push(i));
  }
  until(10000);
  assert.ok(runs.length <= 2, `ran ${runs.length} times`);
  assert.equal(runs.at(-1), 99);
});

test("two regions do not wait for each other", () => {
  const { ask, until } = bench();
  const runs = [];
  ask("a", () => runs.push("a"));
  ask("b", () => runs.push("b"));
  until(1000);
  assert.deepEqual(runs.sort(), ["a", "b"]);
});

const key = (name, more = {}) => keyName({ key: name, ...more });

test("keys get the names that templates write", () => {
  assert.equal(key("J"), "j");
  assert.equal(key("E", { shiftKey: true }), "Shift+e");
  assert.equal(key("?", { shiftKey: true }), "?");
  assert.equal(key("k", { metaKey: true }), "Ctrl+k");
  assert.equal(key("Enter", { ctrlKey: true, shiftKey: true }), "Ctrl+Shift+Enter");
  assert.equal(key("Escape"), "Esc");
  assert.equal(key("Shift", { shiftKey: true }), null);
});

test("G then I is one command for a moment only", () => {
  let now = 0;
  const next = sequencer(() => now);
  assert.equal(next("g"), null);
  assert.equal(next("i"), "g i");
  assert.equal(next("i"), "i");
  next("g");
  now = 5000;
  assert.equal(next("i"), "i");
});

test("typing is typing, ticking a box is not", () => {
  assert.ok(isTyping({ tagName: "TEXTAREA" }));
  assert.ok(isTyping({ tagName: "INPUT", type: "email" }));
  assert.ok(!isTyping({ tagName: "INPUT", type: "checkbox" }));
  assert.ok(!isTyping({ tagName: "A" }));
});
