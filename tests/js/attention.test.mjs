import assert from "node:assert/strict";
import { test } from "node:test";

import { badge, isNews, titled } from "../../static/js/lib/attention.js";

test("the title carries the count, once, and drops it with the last one", () => {
  assert.equal(titled("Care · Socialcare", 3), "(3) Care · Socialcare");
  assert.equal(titled("(3) Care · Socialcare", 4), "(4) Care · Socialcare");
  assert.equal(titled("(99+) Care", 0), "Care");
  assert.equal(titled("(a) Care", 0), "(a) Care");
  assert.equal(badge(99), "99");
  assert.equal(titled("Care", 100), "(99+) Care");
});

test("only what is newer than what the page knew is news, and only where sounds are wanted", () => {
  assert.ok(isNews(4, 5, true));
  assert.ok(!isNews(null, 5, true));
  assert.ok(!isNews(5, 5, true));
  assert.ok(!isNews(5, 4, true));
  assert.ok(!isNews(4, 5, false));
});
