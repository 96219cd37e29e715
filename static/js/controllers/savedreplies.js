/* "/" in an answer opens the saved replies; what is chosen goes to the cursor and replaces nothing. */

import { all, on } from "../lib/dom.js";
import { beginsWord, inserted } from "../lib/insertion.js";
import { chosen, move, options, point } from "../lib/listbox.js";

const inputOf = (menu) => menu.querySelector('[role="combobox"]');

/* The box in which one writes: the answer, or the note. */
function boxOf(menu) {
  return all("textarea", menu.closest("[data-composer]")).find((box) => box.checkVisibility());
}

function put(box, words) {
  const next = inserted(box.value, box.selectionEnd, words);
  box.value = next.text;
  box.setSelectionRange(next.at, next.at);
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

/* Which of them are in the answer goes along with it, and with its draft. */
function remember(form, id) {
  if (!id || !form?.matches("[data-draft-url]")) return;
  const field = document.createElement("input");
  Object.assign(field, { type: "hidden", name: "saved", value: id });
  form.append(field);
}

function choose(option, menu = option.closest("[data-saved-menu]")) {
  const box = boxOf(menu);
  menu.hidePopover();
  if (!box) return;
  remember(box.form, option.dataset.saved);
  put(box, option.dataset.text);
  box.focus();
}

/** Put it into what is being written in the open conversation. */
export function putHere(option) {
  const menu = document.querySelector("#thread [data-saved-menu]");
  if (menu) choose(option, menu);
}

function open(event, box) {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (!beginsWord(box.value, box.selectionEnd)) return;
  const menu = box.closest("[data-composer]").querySelector("[data-saved-menu]");
  if (!menu) return;
  event.preventDefault();
  menu.showPopover({ source: box.closest("[data-composer]").querySelector("[popovertarget]") });
}

function slash(menu) {
  const box = boxOf(menu);
  menu.hidePopover();
  if (!box) return;
  box.focus();
  box.setRangeText("/", box.selectionEnd, box.selectionEnd, "end");
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

/* In an empty box a slash is a slash, and a digit takes the suggestion that carries it. */
function atOnce(menu, list) {
  const digits = list.filter((one) => one.dataset.digit);
  const taken = digits.map((one) => [one.dataset.digit, () => choose(one)]);
  return { "/": () => slash(menu), ...Object.fromEntries(taken) };
}

function keys(event, input) {
  const menu = input.closest("[data-saved-menu]");
  const list = options(menu);
  const acts = {
    ArrowDown: () => move(menu, input, 1),
    ArrowUp: () => move(menu, input, -1),
    Enter: () => chosen(menu) && choose(chosen(menu)),
    ...(input.value === "" && atOnce(menu, list)),
  };
  if (event.isComposing || !acts[event.key]) return;
  event.preventDefault();
  acts[event.key]();
}

function opened(menu) {
  const input = inputOf(menu);
  input.value = "";
  input.dispatchEvent(new Event("saved:open"));
  input.focus();
}

export function start() {
  on("keydown", "[data-composer] textarea", open);
  on("keydown", '[data-saved-menu] [role="combobox"]', keys);
  on("click", '[data-saved-menu] [role="option"]', (event, option) => choose(option));
  document.addEventListener(
    "toggle",
    (event) => event.newState === "open" && event.target.matches?.("[data-saved-menu]") && opened(event.target),
    { capture: true },
  );
  document.addEventListener("htmx:afterSwap", (event) => {
    const menu = event.target.closest?.("[data-saved-menu]");
    if (menu) point(menu, inputOf(menu), options(menu)[0]);
  });
  // an answer that was begun anew has none of them in it
  on("input", "form[data-draft-url] textarea", (event, box) => {
    if (!box.value.trim()) all('input[name="saved"]', box.form).forEach((one) => one.remove());
  });
}
