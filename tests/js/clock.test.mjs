import assert from "node:assert/strict";
import test from "node:test";
import { countdown, duration, ringShare, ringState } from "../../static/js/lib/clock.js";
import { agoWords, clockWords } from "../../static/js/lib/moments.js";

test("lengths of time read as the guide writes them", () => {
  assert.deepEqual([45, 1080, 6720, 100000].map(duration), ["45 s", "18 min", "1 h 52", "1 d 3 h"]);
});

test("under fifteen minutes seconds are shown, late in minutes", () => {
  assert.deepEqual(
    [278, 899, 900, -1, -361].map((n) => countdown(n)),
    ["4:38", "14:59", "15 min", "1 min late", "6 min late"],
  );
});

test("a ring is at risk in the last three tenths and full when late", () => {
  assert.deepEqual(
    [300, 270, 269, -1].map((n) => ringState(n, 900)),
    ["ok", "ok", "warn", "breach"],
  );
  assert.deepEqual(
    [450, 0, -5].map((n) => ringShare(n, 900)),
    [50, 0, 100],
  );
});

const at = (text) => Date.parse(text);
const oslo = { zone: "Europe/Oslo", language: "en" };

test("times are said in the person's zone", () => {
  const now = at("2025-11-21T10:00:00Z");
  assert.equal(clockWords(at("2025-11-21T09:05:00Z"), now, oslo), "10:05");
  assert.equal(clockWords(at("2025-11-20T22:30:00Z"), now, oslo), "Yesterday");
  assert.equal(clockWords(at("2025-11-20T23:30:00Z"), now, oslo), "00:30");
  assert.equal(clockWords(at("2025-11-03T09:00:00Z"), now, oslo), "3 Nov");
  assert.equal(clockWords(at("2024-11-03T09:00:00Z"), now, oslo), "Nov 2024");
  assert.equal(agoWords(at("2025-11-21T09:51:00Z"), now), "9 min ago");
  assert.equal(agoWords(at("2025-11-21T10:51:00Z"), now), "now");
});
