/* Moving through the list. Opening a conversation on a wide screen leaves the focus in the list. */

import { all } from "../lib/dom.js";
import * as ahead from "./ahead.js";

const links = () => all(".rows .row-link").filter((link) => link.checkVisibility());

export const present = () => links().length > 0;

function current(list) {
  const focused = list.findIndex((link) => link === document.activeElement);
  return focused >= 0 ? focused : list.findIndex((link) => link.getAttribute("aria-current") === "true");
}

export function move(step) {
  const list = links();
  const at = current(list);
  if (step > 0 && at === list.length - 1) document.querySelector("#rows-more a")?.click(); // there is more below
  const target = list[Math.max(0, Math.min(list.length - 1, at < 0 ? 0 : at + step))];
  target?.focus({ preventScroll: true });
  target?.closest(".row").scrollIntoView({ block: "nearest" });
}

/* Done with one: the next below it is opened, else the one above; on a phone the list is. */
function leadOn(conversation) {
  if (narrow()) {
    document.querySelector('#thread [data-key="Esc"]')?.click();
    return;
  }
  const list = links().filter((link) => !link.closest(".row").classList.contains("is-gone") || isRow(link, conversation));
  const at = list.findIndex((link) => isRow(link, conversation));
  const open = list.findIndex((link) => link.getAttribute("aria-current") === "true");
  if (at < 0 || (open >= 0 && open !== at)) return; // one has gone on already
  const target = list[at + 1] ?? list[at - 1];
  target?.focus({ preventScroll: true });
  target?.closest(".row").scrollIntoView({ block: "nearest" });
  target?.click();
}

const isOpen = (link) =>
  link.getAttribute("aria-current") === "true" &&
  isRow(link, document.getElementById("thread")?.dataset.conversation);
const isRow = (link, conversation) => link.closest(".row").id === `row-${conversation}`;
const narrow = () => matchMedia("(width < 760px)").matches;

/* the row of the open conversation is marked at once; the server draws the same on the next page */
function mark(link) {
  all('.rows .row-link[aria-current="true"]').forEach((old) => old.removeAttribute("aria-current"));
  link.setAttribute("aria-current", "true");
  link.closest(".row").removeAttribute("data-unread");
}

function openKept(link) {
  const html = ahead.take(link.href);
  if (html === null) return false;
  globalThis.htmx.swap("#thread", html, { swapStyle: "outerHTML", swapDelay: 0, settleDelay: 0 });
  history.pushState({ htmx: true }, "", link.href);
  return true;
}

export function start() {
  document.addEventListener("htmx:beforeRequest", (event) => {
    const link = event.detail.elt;
    if (!link.matches?.(".row-link")) return;
    if (narrow()) {
      event.preventDefault(); // one pane at a time: the address decides which
      location.href = link.href;
      return;
    }
    if (isOpen(link)) {
      event.preventDefault(); // what is being written there stays
      return;
    }
    mark(link);
    if (openKept(link)) event.preventDefault();
  });
  document.addEventListener("rows:next", (event) => leadOn(event.detail.conversation));
}
