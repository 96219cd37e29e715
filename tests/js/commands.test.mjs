import assert from "node:assert/strict";
import test from "node:test";
import { fits } from "../../static/js/lib/commands.js";

test("every typed word begins a word of the label, in any order", () => {
  assert.ok(fits("Priority: Urgent", "urg pri"));
  assert.ok(fits("Hand off", ""));
  assert.ok(!fits("Hand off", "and"));
  assert.ok(!fits("Snooze until: Tomorrow", "snooze monday"));
});

test("marks and capitals do not matter", () => {
  assert.ok(fits("Übergeben", "uber"));
  assert.ok(fits("Évaluer", "EVA"));
});
