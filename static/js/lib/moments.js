/* A point in time as people say it, in their own zone and language. */

import { duration } from "./clock.js";

const DAY_MS = 86400000;

function dayNumber(date, zone) {
  const parts = new Intl.DateTimeFormat("en-CA", { timeZone: zone, dateStyle: "short" }).format(date);
  return Math.round(Date.parse(`${parts}T00:00:00Z`) / DAY_MS);
}

/** `14:32` today, `Yesterday`, `3 Nov` this year, else `Nov 2024`. */
export function clockWords(date, now, { zone, language }) {
  const days = dayNumber(now, zone) - dayNumber(date, zone);
  const format = (options) => new Intl.DateTimeFormat(language, { timeZone: zone, ...options }).format(date);
  if (days === 0) return format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  if (days === 1) {
    const words = new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(-1, "day");
    return words.charAt(0).toLocaleUpperCase(language) + words.slice(1);
  }
  const year = (moment) => new Intl.DateTimeFormat("en", { timeZone: zone, year: "numeric" }).format(moment);
  if (year(date) === year(now)) {
    // English stands in the order of most of the world, not in that of the browser's own English.
    if (language !== "en") return format({ day: "numeric", month: "short" });
    return `${format({ day: "numeric" })} ${format({ month: "short" })}`;
  }
  return `${format({ month: "short" })} ${format({ year: "numeric" })}`;
}

/** `12 s ago`; a moment that has not come yet is `now`. */
export function agoWords(date, now, { ago = "%n ago", present = "now" } = {}) {
  const seconds = (now - date) / 1000;
  return seconds >= 1 ? ago.replace("%n", duration(seconds)) : present;
}
