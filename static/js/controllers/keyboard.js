/* The keyboard map. A template writes the key next to the thing: data-key="Shift+e". The first visible
   element with that key is clicked, or focused where it is a text box. */

import { all } from "../lib/dom.js";
import { isTyping, keyName, sequencer } from "../lib/keymap.js";
import * as rows from "./rows.js";
import * as select from "./select.js";

const WHILE_TYPING = new Set(["Esc", "Ctrl+Enter", "Ctrl+Shift+Enter"]);
const ROW_KEYS = {
  j: () => rows.move(1),
  k: () => rows.move(-1),
  x: () => select.toggle(false),
  "Shift+x": () => select.toggle(true),
};
const next = sequencer();

/* Something in a closed menu can be reached by its key; something hidden for any other reason cannot. */
export function reachable(element) {
  if (element.disabled || element.control?.disabled) return false;
  const menu = element.closest("[popover]");
  return (menu && menu !== element ? menu.parentElement : element).checkVisibility({
    visibilityProperty: true,
  });
}

export function act(element) {
  if (isTyping(element)) {
    element.focus();
    element.select?.();
  } else if (element.matches("label")) {
    element.control?.click();
    document.getElementById(element.dataset.focus)?.focus();
  } else element.click();
}

function escape(event) {
  if (document.querySelector("dialog[open], [popover]:popover-open")) return; // the browser closes it
  if (isTyping(event.target)) {
    event.target.blur();
    return;
  }
  const back = all('[data-key="Esc"]').find(reachable);
  back?.click();
}

function send(event, resolve) {
  const form = event.target.closest("form[data-send-form]");
  const button = form?.querySelector(resolve ? "[data-send-resolve]" : "[data-send]");
  if (!button || button.disabled) return;
  event.preventDefault();
  form.requestSubmit(button);
}

function handle(event) {
  const name = keyName(event);
  if (!name || event.defaultPrevented || event.isComposing) return;
  const typing = isTyping(event.target);
  if (typing && !WHILE_TYPING.has(name)) return;
  if (name === "Esc") return escape(event);
  if (name.endsWith("Enter") && name !== "Enter") return send(event, name.includes("Shift"));
  const off = document.body.dataset.keys === "off";
  if (off && !name.startsWith("Ctrl+")) return;
  press(event, name.startsWith("Ctrl+") ? name : next(name));
}

function press(event, name) {
  if (!name) return;
  if (ROW_KEYS[name] && rows.present()) {
    event.preventDefault();
    ROW_KEYS[name]();
    return;
  }
  const target = all(`[data-key="${name.replaceAll('"', "")}"]`).find(reachable);
  if (!target) return;
  event.preventDefault();
  act(target);
}

export function start() {
  document.addEventListener("keydown", handle);
}
