import assert from "node:assert/strict";
import test from "node:test";
import { counterState, weigh } from "../../static/js/lib/weigh.js";

const X = [
  ["", 0],
  ["Hello", 5],
  ["Grüße aus Łódź", 14],
  ["日本語", 6],
  ["👍", 2],
  ["👨‍👩‍👧‍👦", 2],
  ["🇳🇴", 2],
  ["👍🏽", 2],
  ["a 👍 b", 6],
  ["https://example.com/a/very/long/path?with=query", 23],
  ["see https://example.com.", 28],
  ["see example.com/x now", 31],
  ["mail me@example.com", 19],
  ["“quoted”", 8],
  ["© and ™", 9],
  ["see bbc.co.uk now", 31],
  ["1️⃣ ☺️", 5],
  ["e\u0301", 1],
];

for (const [text, expected] of X) {
  test(`X counts ${JSON.stringify(text)} as ${expected}`, () => assert.equal(weigh(text, "x"), expected));
}

test("Facebook counts plainly", () => assert.equal(weigh("日本 👍 https://example.com", "plain"), 25));

test("the counter warns above nine tenths and stops above the limit", () => {
  assert.equal(counterState(252, 280), "ok");
  assert.equal(counterState(253, 280), "near");
  assert.equal(counterState(280, 280), "near");
  assert.equal(counterState(281, 280), "over");
});
