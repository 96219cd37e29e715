/* Native <dialog> and popover do the work; this opens dialogs, gives focus back and tidies menus. */

import { all, on, onContent } from "../lib/dom.js";

function open(dialog, opener) {
  dialog.showModal();
  dialog.addEventListener("close", () => opener?.focus(), { once: true });
}

function reopen(popover) {
  popover.removeAttribute("data-open-now");
  popover.showPopover();
}

/* Who opens a menu by a key goes on by keys: the focus moves in, and out again to where it was. */
let keyed = false;
const from = new WeakMap(); // popover → what had the focus before
const FIRST = "button:not(:disabled), a[href], input:not([type=hidden]), select, textarea";

function enter(popover) {
  if (!popover.matches?.("[popover]")) return; // a <details> that comes unfolded says "toggle" too
  (popover.querySelector("[autofocus]") ?? (keyed ? popover.querySelector(FIRST) : null))?.focus();
}

/* What a menu opens takes its place. */
function come(popover) {
  const menu = document.activeElement?.closest(".menu[popover]:popover-open");
  from.set(popover, menu ? from.get(menu) : document.activeElement);
  if (menu && !menu.contains(popover)) menu.hidePopover();
}

/* Before the popover has gone: what is hidden would keep the keys for itself. */
function leave({ target: popover, newState }) {
  if (newState === "open") come(popover);
  else if (popover.contains(document.activeElement)) {
    document.activeElement.blur();
    from.get(popover)?.focus?.({ preventScroll: true });
  }
}

function step(event) {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const menu = event.target.closest?.(".menu[popover]");
  if (!by || !menu || !event.target.matches(".menu-item")) return;
  event.preventDefault();
  const items = all(".menu-item", menu).filter((item) => item.checkVisibility() && !item.disabled);
  items[(items.indexOf(event.target) + by + items.length) % items.length]?.focus();
}

export function start() {
  document.addEventListener("keydown", () => (keyed = true), { capture: true });
  document.addEventListener("pointerdown", () => (keyed = false), { capture: true });
  document.addEventListener("keydown", step);
  document.addEventListener("beforetoggle", leave, { capture: true });
  on("click", "[data-dialog]", (event, opener) => {
    event.preventDefault();
    open(document.getElementById(opener.dataset.dialog), opener);
  });
  on("click", "[data-close]", (event, button) => button.closest("dialog")?.close());
  // a click on the backdrop is a click on the dialog itself
  on("click", "dialog[open]", (event, dialog) => {
    if (event.target === dialog) dialog.close();
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    // what is looked up in a menu belongs to it
    const { verb, elt } = event.detail.requestConfig;
    if (verb === "get" || elt.matches("[data-keep-open]")) return;
    const popover = event.detail.elt.closest?.("[popover]");
    if (event.detail.successful && popover?.matches(":popover-open")) popover.hidePopover();
  });
  document.addEventListener(
    "toggle",
    (event) => {
      if (event.newState === "open") enter(event.target);
    },
    { capture: true },
  );
  // a definition that is shown on hover or focus goes away with Escape and comes back with the next move
  const tips = (shown) => document.documentElement.classList.toggle("tips-off", !shown);
  document.addEventListener("keydown", (event) => event.key === "Escape" && tips(false));
  for (const type of ["pointermove", "focusin"])
    document.addEventListener(type, () => tips(true), { passive: true });
  // a form that came back with errors
  onContent(() => all("[popover][data-open-now]").forEach(reopen));
}
