/* Moving through the list. Opening a conversation on a wide screen leaves the focus in the list. */

import { all } from "../lib/dom.js";

const links = () => all(".rows .row-link").filter((link) => link.checkVisibility());

export const present = () => links().length > 0;

function current(list) {
  const focused = list.findIndex((link) => link === document.activeElement);
  return focused >= 0 ? focused : list.findIndex((link) => link.getAttribute("aria-current") === "true");
}

export function move(step) {
  const list = links();
  const at = current(list);
  const target = list[Math.max(0, Math.min(list.length - 1, at < 0 ? 0 : at + step))];
  target?.focus({ preventScroll: true });
  target?.closest(".row").scrollIntoView({ block: "nearest" });
}

/* the row of the open conversation is marked at once; the server draws the same on the next page */
export function start() {
  document.addEventListener("htmx:beforeRequest", (event) => {
    const link = event.detail.elt;
    if (!link.matches?.(".row-link")) return;
    if (matchMedia("(width < 760px)").matches) {
      event.preventDefault(); // one pane at a time: the address decides which
      location.href = link.href;
      return;
    }
    all('.rows .row-link[aria-current="true"]').forEach((old) => old.removeAttribute("aria-current"));
    link.setAttribute("aria-current", "true");
    link.closest(".row").removeAttribute("data-unread");
  });
}
