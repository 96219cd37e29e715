/* Renews the words of <time data-time="clock|ago"> in the person's zone. */

import { all, onContent, setText } from "../lib/dom.js";
import { agoWords, clockWords } from "../lib/moments.js";

function settings() {
  const { zone, wordAgo, wordNow } = document.body.dataset;
  const language = document.documentElement.lang || "en";
  return { zone: zone || Intl.DateTimeFormat().resolvedOptions().timeZone, language, ago: wordAgo, present: wordNow };
}

function renew(root) {
  const options = settings();
  const now = Date.now();
  for (const element of all("time[data-time]", root)) {
    const date = Date.parse(element.dateTime);
    if (Number.isNaN(date)) continue;
    const words = element.dataset.time === "ago" ? agoWords : clockWords;
    setText(element, words(date, now, options));
  }
}

export function start() {
  onContent((root) => renew(root instanceof Element || root === document ? root : document));
  setInterval(() => renew(document), 10000);
}
