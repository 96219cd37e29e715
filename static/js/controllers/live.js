/* Push a hint, pull the truth. A ping names a topic and a conversation; the regions that show it fetch
   themselves again, at most once a second each, and are morphed into place.

   <body data-live-stream="/live/?topics=…">             the stream of this page
   <… id data-live-region="queue:12 conversation:45" data-live-url="…">  refetched when one of these changes
   <ol … data-live-list>      a region whose children never move: rows are renewed where they stand, new ones
                              are counted in the pill
   data-live-keep             on anything inside a region that must not be touched
   HX-Trigger: {"live:refetch": {"conversation": 45}}    an action of our own asks for the same           */

import { all } from "../lib/dom.js";
import { coalescer } from "../lib/coalesce.js";
import { anything, touched } from "../lib/pings.js";
import * as newpill from "./newpill.js";

const POLL_MS = 60000;
const ask = coalescer();
// who is here is told within a second, also when it has just changed
const askSoon = coalescer({ interval: 500 });

const subjects = (region) => (region.dataset.liveRegion ?? "").split(" ").filter(Boolean);
const regions = () => all("[data-live-region][data-live-url]");

function concerned(ping) {
  const here = (ping.presence ?? []).map((id) => `presence:${id}`);
  const names = [...(here.length ? here : [ping.topic]), ...touched(ping).map((id) => `conversation:${id}`)];
  return regions().filter((region) => subjects(region).some((name) => names.includes(name)));
}

async function fetchFragment(url) {
  const answer = await fetch(url, {
    headers: { "HX-Request": "true", "X-Live": "refetch" },
    signal: AbortSignal.timeout(15000),
    redirect: "error",
  });
  return answer.ok ? answer.text() : null;
}

/* What a person is in the middle of stays as it is. */
const untouchable = (node) =>
  node instanceof Element && node.matches("[data-live-keep], dialog[open], [popover]:popover-open");

const callbacks = {
  beforeNodeMorphed: (old) => !untouchable(old),
  beforeNodeRemoved: (old) => !untouchable(old),
  // what is unfolded stays so, and the server does not know which conversation is open beside a row that it renews
  beforeAttributeUpdated: (name, node) =>
    !((name === "open" && node.matches("details")) || (name === "aria-current" && node.matches(".row-link"))),
};

function parse(html) {
  return new DOMParser().parseFromString(html, "text/html").body.firstElementChild;
}

/* Rows are renewed where they stand. One that left the view fades, one that came is counted in the pill. */
function renewRows(list, fresh) {
  const now = new Map([...fresh.children].map((row) => [row.id, row]));
  const rows = [...list.children];
  // what stands below the page that was fetched belongs to a later page
  const end = Math.max(now.size, rows.findLastIndex((row) => now.has(row.id)));
  for (const [at, row] of rows.entries()) {
    const newer = now.get(row.id);
    if (newer) Idiomorph.morph(row, newer, { callbacks });
    else if (at < end) row.classList.add("is-gone");
    now.delete(row.id);
  }
  const pill = document.querySelector("[data-live-new]");
  if (pill)
    newpill.add(
      pill,
      [...now.keys()].map((id) => Number(id.replace("row-", ""))),
    );
}

function morph(region, html) {
  const fresh = parse(html);
  if (!fresh || !region.isConnected) return;
  region.dispatchEvent(new CustomEvent("live:morphing", { bubbles: true }));
  if (region.hasAttribute("data-live-list")) renewRows(region, fresh);
  else Idiomorph.morph(region, fresh, { morphStyle: "outerHTML", callbacks });
  const settled = document.getElementById(region.id) ?? document.body;
  globalThis.htmx?.process(settled);
  settled.dispatchEvent(new CustomEvent("live:morphed", { bubbles: true }));
}

async function refetch(region) {
  if (!region.isConnected) return;
  try {
    const html = await fetchFragment(region.dataset.liveUrl);
    if (html !== null) morph(region, html);
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof DOMException)) throw error;
    // offline or slow: the next ping, reconnect or poll asks again
  }
}

const renew = (region) => ask(region.dataset.liveUrl, () => refetch(region));
const renewSoon = (region) => askSoon(region.dataset.liveUrl, () => refetch(region));

/* The outermost regions bring the inner ones along. */
function renewAll() {
  const list = regions();
  list.filter((region) => !region.parentElement?.closest("[data-live-region][data-live-url]")).forEach(renew);
}

function receive(event) {
  const ping = JSON.parse(event.data);
  document.dispatchEvent(new CustomEvent("live:ping", { detail: ping }));
  if (anything(ping)) return renewAll();
  newpill.note(ping);
  concerned(ping).forEach(ping.presence ? renewSoon : renew);
}

function connect(url) {
  const source = new EventSource(url);
  let lost = false;
  source.addEventListener("open", () => {
    document.body.dataset.live = "on";
    if (lost) renewAll();
    lost = false;
  });
  source.addEventListener("error", () => {
    document.body.dataset.live = "off";
    lost = true;
    if (source.readyState === EventSource.CLOSED) setTimeout(connect, 5000 + Math.random() * 5000, url);
  });
  source.addEventListener("message", receive);
  source.addEventListener("ping", receive);
  source.addEventListener("over", () => location.reload()); // the session has ended: the page leads to the sign-in
  addEventListener("pagehide", () => source.close());
}

export function start() {
  const url = document.body.dataset.liveStream;
  document.addEventListener("live:refetch", (event) =>
    concerned({ topic: "", ...event.detail }).forEach(renew),
  );
  if (!url) return;
  const drawn = document.body.dataset.drawn;
  connect(drawn ? `${url}&since=${drawn}` : url); // what happened since the page was drawn is said again
  setInterval(() => document.body.dataset.live !== "on" && renewAll(), POLL_MS);
  addEventListener("pageshow", (event) => event.persisted && location.reload());
}
