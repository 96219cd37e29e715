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

export function start() {
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
    const popover = event.detail.elt.closest?.("[popover]");
    if (event.detail.successful && popover?.matches(":popover-open")) popover.hidePopover();
  });
  document.addEventListener(
    "toggle",
    (event) => {
      if (event.newState === "open") event.target.querySelector?.("[autofocus]")?.focus();
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
