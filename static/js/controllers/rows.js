/* Moving through the list. Opening a conversation on a wide screen leaves the focus in the list. */

import { all } from "../lib/dom.js";
import { panesOf, stand } from "../lib/panes.js";
import { anything, touched } from "../lib/pings.js";
import * as ahead from "./ahead.js";

let opening = null; // { link, ahead, said } from the key to the conversation; what is on its way may be older than what is said

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

/* The next below this conversation, else the one above; none where another one is open. */
function after(conversation) {
  const list = links().filter((link) => !link.closest(".row").classList.contains("is-gone") || isRow(link, conversation));
  const at = list.findIndex((link) => isRow(link, conversation));
  const open = list.findIndex((link) => link.getAttribute("aria-current") === "true");
  return at < 0 || (open >= 0 && open !== at) ? null : (list[at + 1] ?? list[at - 1]);
}

/* Done with one: the next is opened, on a phone the list is. */
function leadOn(conversation) {
  if (narrow()) {
    document.querySelector('#thread [data-key="Esc"]')?.click();
    return;
  }
  const target = after(conversation);
  // what was left undrawn for the next one is drawn after all
  if (!target) document.dispatchEvent(new CustomEvent("live:refetch", { detail: { conversation } }));
  target?.focus({ preventScroll: true });
  target?.closest(".row").scrollIntoView({ block: "nearest" });
  target?.click();
}

const isOpen = (link) =>
  link.getAttribute("aria-current") === "true" &&
  isRow(link, document.getElementById("thread")?.dataset.conversation);
const isRow = (link, conversation) => link.closest(".row").id === `row-${conversation}`;
const idOf = (link) => Number(link.closest(".row")?.id.replace("row-", ""));
const narrow = () => matchMedia("(width < 760px)").matches;

/* the row of the open conversation is marked at once; the server draws the same on the next page */
function mark(link) {
  all('.rows .row-link[aria-current="true"]').forEach((old) => old.removeAttribute("aria-current"));
  link.setAttribute("aria-current", "true");
  link.closest(".row").removeAttribute("data-unread");
}

/* Whether the answer was a conversation, which stands there now. */
function open(link, panes) {
  if (!panes) return false;
  stand(panes);
  const conversation = idOf(link);
  if (opening?.link === link && (opening.said.has(conversation) || opening.said.has("*")))
    document.dispatchEvent(new CustomEvent("live:refetch", { detail: { conversation } }));
  opening = null;
  history.pushState({ htmx: true }, "", link.href);
  return true;
}

/* What was fetched ahead, or is on its way; fetched anew where nothing came of it. */
async function openAhead(mine) {
  const kept = ahead.take(mine.link.href);
  const panes = kept instanceof Promise ? await kept : kept;
  if (opening !== mine || open(mine.link, panes)) return; // another one was opened meanwhile, or it stands
  opening = null;
  mine.link.click();
}

function hear(ping) {
  if (!opening) return;
  if (anything(ping)) opening.said.add("*");
  for (const conversation of touched(ping)) opening.said.add(conversation);
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
    if (opening?.ahead && opening.link === link) {
      event.preventDefault(); // it comes
      return;
    }
    mark(link);
    opening = { link, ahead: ahead.has(link.href), said: new Set() };
    if (!opening.ahead) return;
    event.preventDefault();
    openAhead(opening);
  });
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const link = detail.requestConfig?.elt;
    if (!link?.matches?.(".row-link") || detail.xhr.status !== 200) return;
    if (open(link, panesOf(detail.serverResponse))) detail.shouldSwap = false;
  });
  document.addEventListener("htmx:configRequest", ({ target, detail }) => {
    const conversation = target.closest?.("#thread")?.dataset.conversation;
    if (detail.verb === "get" || !conversation) return;
    const next = after(conversation);
    if (narrow()) detail.headers["X-Next"] = "list";
    else if (next && ahead.has(next.href)) detail.headers["X-Next"] = "kept";
  });
  document.addEventListener("live:ping", ({ detail }) => hear(detail));
  document.addEventListener("rows:next", (event) => leadOn(event.detail.conversation));
}
