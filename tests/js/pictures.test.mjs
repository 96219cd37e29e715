import assert from "node:assert/strict";
import test from "node:test";
import { problemOf, saysOf } from "../../static/js/lib/pictures.js";

const says = { max: "2", bytes: "1000", many: "At most 2.", wrong: "Not taken: %n", large: "Too large: %n" };
const png = (name, size = 10) => ({ name, size, type: "image/png" });
const said = (...files) => problemOf(files, ["image/png"], says);

test("what the network takes has no problem", () => assert.equal(said(png("a.png"), png("b.png", 2000)), ""));

test("each problem is named with its file", () => {
  assert.equal(said(png("a"), png("b"), png("c")), "At most 2.");
  assert.equal(said(png("a"), { name: "b.pdf", size: 1, type: "application/pdf" }), "Not taken: b.pdf");
  assert.equal(said(png("big.png", 2001)), "Too large: big.png");
});

test("a private answer takes as many as it may", () => {
  const both = { ...says, privateMax: "1", privateMany: "One." };
  const two = [png("a"), png("b")];
  assert.equal(problemOf(two, ["image/png"], saysOf(both, "public")), "");
  assert.equal(problemOf(two, ["image/png"], saysOf(both, "private")), "One.");
});
