import assert from "node:assert/strict";
import { test } from "node:test";

import { beginsWord, inserted } from "../../static/js/lib/insertion.js";

test("a slash opens the list only where a word begins", () => {
  assert.ok(beginsWord("", 0));
  assert.ok(beginsWord("Hi ", 3));
  assert.ok(beginsWord("Hi\n", 3));
  assert.ok(!beginsWord("and", 3));
  assert.ok(!beginsWord("https:", 6));
});

test("words go to the cursor, replace nothing and stand apart", () => {
  assert.deepEqual(inserted("", 0, "Sorry."), { text: "Sorry.", at: 6 });
  assert.deepEqual(inserted("Hi. Bye", 3, "Sorry."), { text: "Hi. Sorry. Bye", at: 10 });
  assert.deepEqual(inserted("Hi ", 3, "Sorry."), { text: "Hi Sorry.", at: 9 });
});
