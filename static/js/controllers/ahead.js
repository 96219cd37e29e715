/* The conversation below the open one is fetched before it is asked for, so that it stands there at the press of a
   key. Kept in memory only, for seconds, and dropped as soon as anything is said of it.                       */

import { all, onContent } from "../lib/dom.js";

const FRESH_MS = 30000;
const PAUSE_MS = 250; // who runs down the list with J fetches nothing on the way
const kept = new Map(); // address → { html, at, id }
let timer = 0;
let coming = 0; // whose answer is on its way; 0 when something was said of it meanwhile

const wide = () => matchMedia("(width >= 760px)").matches;
const idOf = (link) => Number(link.closest(".row")?.id.replace("row-", ""));

function below() {
  const links = all(".rows .row-link").filter((link) => link.checkVisibility());
  const at = links.findIndex((link) => link.getAttribute("aria-current") === "true");
  const focused = links.indexOf(document.activeElement);
  return focused >= 0 && focused !== at ? links[focused] : links[at + 1];
}

async function fetchAhead() {
  const link = below();
  if (!link || !wide() || navigator.connection?.saveData || document.visibilityState !== "visible") return;
  const url = link.href;
  const id = idOf(link);
  if (fresh(url)) return;
  coming = id;
  try {
    const answer = await fetch(url, {
      headers: { "HX-Request": "true", "X-Live": "ahead" },
      signal: AbortSignal.timeout(8000),
      redirect: "error",
    });
    const html = await answer.text();
    if (answer.status !== 200 || coming !== id) return;
    kept.clear(); // one is enough
    kept.set(url, { html, at: performance.now(), id });
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof DOMException)) throw error;
    // offline or slow: it is fetched when it is opened
  }
}

const fresh = (url) => performance.now() - (kept.get(url)?.at ?? -Infinity) < FRESH_MS;

const soon = () => {
  clearTimeout(timer);
  timer = setTimeout(fetchAhead, PAUSE_MS);
};

function forget(ids) {
  if (ids.includes(coming)) coming = 0;
  for (const [url, one] of kept) if (ids.includes(one.id)) kept.delete(url);
}

function forgetAll() {
  coming = 0;
  kept.clear();
}

/** What is kept of this address, once; null where nothing fresh is. */
export function take(url) {
  const html = fresh(url) ? kept.get(url).html : null;
  kept.delete(url);
  return html;
}

export function start() {
  onContent(soon);
  document.addEventListener("focusin", (event) => {
    if (event.target.matches?.(".row-link")) soon();
  });
  document.addEventListener("live:ping", ({ detail: ping }) => {
    if (ping.topic === "*") forgetAll();
    forget([ping.conversation, ...Object.values(ping.kinds ?? {}).flat()].filter(Boolean));
  });
  document.addEventListener("htmx:beforeRequest", ({ detail }) => {
    if (detail.requestConfig?.verb === "get") return;
    // An act changes what it names; what else it changed, the pings tell. The next one stands there after it.
    const [, named] = /^\/conversations\/(\d+)\//.exec(detail.requestConfig?.path ?? "") ?? [];
    if (named) forget([Number(named)]);
    else forgetAll();
  });
}
