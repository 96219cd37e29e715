/* The conversation below the open one is fetched before it is asked for, so that it stands there at the press of a
   key. Kept in memory only, for seconds, and dropped as soon as anything is said of it.                       */

import { all, onContent } from "../lib/dom.js";
import { panesOf } from "../lib/panes.js";
import { anything, touched } from "../lib/pings.js";

const FRESH_MS = 30000;
const PAUSE_MS = 120; // who runs down the list with J fetches nothing on the way
const kept = new Map(); // address → { panes, at, id }
let timer = 0;
let coming = null; // { url, id, panes: a promise } on its way; null when something was said of it meanwhile

const wide = () => matchMedia("(width >= 760px)").matches;
const idOf = (link) => Number(link.closest(".row")?.id.replace("row-", ""));

function below() {
  const links = all(".rows .row-link").filter((link) => link.checkVisibility());
  const at = links.findIndex((link) => link.getAttribute("aria-current") === "true");
  const focused = links.indexOf(document.activeElement);
  return focused >= 0 && focused !== at ? links[focused] : links[at + 1];
}

async function panesAt(url) {
  try {
    const answer = await fetch(url, {
      headers: { "HX-Request": "true", "X-Live": "ahead" },
      signal: AbortSignal.timeout(8000),
      redirect: "error",
    });
    const html = await answer.text();
    return answer.status === 200 ? panesOf(html) : null;
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof DOMException)) throw error;
    return null; // offline or slow: it is fetched when it is opened
  }
}

async function fetchAhead() {
  const link = below();
  if (!link || !wide() || navigator.connection?.saveData || document.visibilityState !== "visible") return;
  const url = link.href;
  if (fresh(url) || coming?.url === url) return;
  const mine = { url, id: idOf(link), panes: panesAt(url) };
  coming = mine;
  const panes = await mine.panes;
  if (coming !== mine) return;
  coming = null;
  if (!panes) return;
  kept.clear(); // one is enough
  kept.set(url, { panes, at: performance.now(), id: mine.id });
}

const fresh = (url) => performance.now() - (kept.get(url)?.at ?? -Infinity) < FRESH_MS;

const soon = () => {
  clearTimeout(timer);
  timer = setTimeout(fetchAhead, PAUSE_MS);
};

function forget(ids) {
  if (ids.includes(coming?.id)) coming = null;
  for (const [url, one] of kept) if (ids.includes(one.id)) kept.delete(url);
}

function forgetAll() {
  coming = null;
  kept.clear();
}

/** Whether this address is kept or on its way. */
export const has = (url) => fresh(url) || coming?.url === url;

/** What is kept of this address or comes, once; null where nothing fresh is. */
export function take(url) {
  if (coming?.url === url) {
    const { panes } = coming;
    coming = null;
    return panes;
  }
  const panes = fresh(url) ? kept.get(url).panes : null;
  kept.delete(url);
  return panes;
}

export function start() {
  onContent(soon);
  document.addEventListener("focusin", (event) => {
    if (event.target.matches?.(".row-link")) soon();
  });
  document.addEventListener("live:ping", ({ detail: ping }) => {
    if (anything(ping)) forgetAll();
    forget(touched(ping));
  });
  document.addEventListener("htmx:beforeRequest", ({ detail }) => {
    if (detail.requestConfig?.verb === "get") return;
    // An act changes what it names; what else it changed, the pings tell. The next one stands there after it.
    const [, named] = /^\/conversations\/(\d+)\//.exec(detail.requestConfig?.path ?? "") ?? [];
    if (named) forget([Number(named)]);
    else forgetAll();
  });
}
