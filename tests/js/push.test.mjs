import assert from "node:assert/strict";
import { test } from "node:test";

import { partsOf, stateOf, written } from "../../static/js/lib/push.js";

const CHROME = { isSecure: true, hasPush: true, permission: "default", agent: "Chrome Linux", points: 0 };

test("what is said of a browser", () => {
  assert.equal(stateOf(CHROME), "ready");
  assert.equal(stateOf({ ...CHROME, permission: "granted" }), "ready");
  assert.equal(stateOf({ ...CHROME, permission: "denied" }), "denied");
  assert.equal(stateOf({ ...CHROME, isSecure: false }), "insecure");
  assert.equal(stateOf({ ...CHROME, hasPush: false }), "unsupported");
});

test("iPhones and iPads are told of the home screen, Macs are not", () => {
  const apple = { ...CHROME, hasPush: false };
  assert.equal(stateOf({ ...apple, agent: "Mozilla/5.0 (iPhone)", points: 5 }), "home-screen");
  assert.equal(stateOf({ ...apple, agent: "Mozilla/5.0 (Macintosh)", points: 5 }), "home-screen");
  assert.equal(stateOf({ ...apple, agent: "Mozilla/5.0 (Macintosh)", points: 0 }), "unsupported");
});

test("keys are written as the server writes them", () => {
  assert.equal(written(new Uint8Array([251, 255, 254, 0]).buffer), "-__-AA");
});

test("of a subscription the server learns three things", () => {
  const subscription = { toJSON: () => ({ endpoint: "e", expirationTime: 1, keys: { p256dh: "p", auth: "a" } }) };
  assert.deepEqual(partsOf(subscription), { endpoint: "e", p256dh: "p", auth: "a" });
});
