import assert from "node:assert/strict";
import { test } from "node:test";

import { named, nameBefore } from "../../static/js/lib/naming.js";

test("a name is typed behind an @ that begins a word, with one space at most", () => {
  assert.deepEqual(nameBefore("@", 1), { at: 0, typed: "" });
  assert.deepEqual(nameBefore("Ask @be", 7), { at: 4, typed: "be" });
  assert.deepEqual(nameBefore("Ask @Ben Ach", 12), { at: 4, typed: "Ben Ach" });
  assert.deepEqual(nameBefore("(@zoë.", 6), { at: 1, typed: "zoë." });
  assert.deepEqual(nameBefore("@ben later", 4), { at: 0, typed: "ben" });
});

test("an address and a finished name are left alone", () => {
  assert.equal(nameBefore("me@care", 7), null);
  assert.equal(nameBefore("x.com/@care", 11), null);
  assert.equal(nameBefore("@Ben Achterberg look", 20), null);
  assert.equal(nameBefore("Hello", 5), null);
  assert.equal(nameBefore("@ben.achterberg ", 16), null);
});

test("the handle takes the place of what was typed", () => {
  assert.deepEqual(named("Ask @be", 7, 4, "@ben"), { text: "Ask @ben ", at: 9 });
  assert.deepEqual(named("Ask @be now", 7, 4, "@ben"), { text: "Ask @ben now", at: 9 });
});
