import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { counterState, linksOf, weigh } from "../../static/js/lib/weigh.js";

// The same table is counted by the server: tests/unit/test_x_lengths.py.
const X = JSON.parse(readFileSync(new URL("../vectors/x_lengths.json", import.meta.url)));

for (const { text, length } of X) {
  test(`X counts ${JSON.stringify(text.slice(0, 60))} as ${length}`, () => assert.equal(weigh(text, "x"), length));
}

test("links are found where X finds them", () => {
  const found = linksOf("see (https://example.com/a_(b)), t.co and me@example.com");
  assert.deepEqual(
    found.map((one) => one.link),
    ["https://example.com/a_(b)", "t.co"],
  );
  assert.deepEqual(linksOf("Node.jsx, v1.2.3 and http://localhost:8000"), []);
});

test("Facebook counts plainly", () => assert.equal(weigh("日本 👍 https://example.com", "plain"), 25));

test("the counter warns above nine tenths and stops above the limit", () => {
  assert.equal(counterState(252, 280), "ok");
  assert.equal(counterState(253, 280), "near");
  assert.equal(counterState(280, 280), "near");
  assert.equal(counterState(281, 280), "over");
});
