/* Selecting rows: ticks, a range with Shift, X and Shift+X, all that are shown. The form sends what is ticked; a row
   that renews itself keeps its tick. */

import { all, fill, on, onContent, setText } from "../lib/dom.js";
import { announce } from "./announcer.js";

const chosen = new Set();
let last = null; // where the last tick was: a range begins there

const boxes = () => all(".rows .row-check");

function draw() {
  for (const counter of all("[data-bulk-count]")) setText(counter, fill(counter.dataset.words, chosen.size));
  for (const box of all("[data-bulk-all]")) {
    const shown = boxes();
    box.toggleAttribute("data-none", shown.length === 0); // its place is kept: nothing moves when it comes
    box.checked = shown.length > 0 && shown.every((one) => one.checked);
    box.indeterminate = !box.checked && chosen.size > 0;
  }
}

function set(box, ticked) {
  box.checked = ticked;
  if (ticked) chosen.add(box.value);
  else chosen.delete(box.value);
}

/** Ticks everything from the last tick to here. */
function range(box) {
  const list = boxes();
  const from = list.findIndex((one) => one.value === last);
  const to = list.indexOf(box);
  const [first, final] = from < 0 ? [to, to] : [Math.min(from, to), Math.max(from, to)];
  for (const one of list.slice(first, final + 1)) set(one, true);
}

/** X and Shift+X on the row that has the focus, or is open. */
export function toggle(extend) {
  const link = document.activeElement?.closest(".row") ?? document.querySelector('.row:has([aria-current="true"])');
  const box = link?.querySelector(".row-check");
  if (!box) return;
  if (extend) range(box);
  else set(box, !box.checked);
  last = box.value;
  draw();
  announce(fill(document.querySelector("[data-bulk-count]")?.dataset.words, chosen.size));
}

export function start() {
  on("click", ".row-check", (event, box) => {
    if (event.shiftKey) range(box);
    set(box, box.checked);
    last = box.value;
    draw();
  });
  on("change", "[data-bulk-all]", (_event, box) => {
    for (const one of boxes()) set(one, box.checked);
    draw();
  });
  document.addEventListener("reset", (event) => {
    if (event.target.id !== "bulk") return;
    chosen.clear();
    last = null;
    for (const one of boxes()) one.checked = false;
    draw();
  });
  onContent(() => {
    const shown = boxes();
    for (const one of shown) if (one.checked) chosen.add(one.value);
    for (const value of chosen) {
      const box = shown.find((one) => one.value === value);
      if (box) box.checked = true;
      else chosen.delete(value);
    }
    draw();
  });
}
