/* A point in time as people say it, in their own zone and language. */

import { duration } from "./clock.js";

const DAY_MS = 86400000;
const formats = new Map(); // making one costs more than using it a hundred times

function format(date, language, options) {
  const name = JSON.stringify([language, options]);
  if (!formats.has(name)) formats.set(name, new Intl.DateTimeFormat(language, options));
  return formats.get(name).format(date);
}

function dayNumber(date, zone) {
  const parts = format(date, "en-CA", { timeZone: zone, dateStyle: "short" });
  return Math.round(Date.parse(`${parts}T00:00:00Z`) / DAY_MS);
}

/** `14:32` today, `Yesterday`, `3 Nov` this year, else `Nov 2024`. */
export function clockWords(date, now, { zone, language }) {
  const days = dayNumber(now, zone) - dayNumber(date, zone);
  const words = (options) => format(date, language, { timeZone: zone, ...options });
  if (days === 0) return words({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  if (days === 1) {
    const yesterday = new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(-1, "day");
    return yesterday.charAt(0).toLocaleUpperCase(language) + yesterday.slice(1);
  }
  const year = (moment) => format(moment, "en", { timeZone: zone, year: "numeric" });
  if (year(date) === year(now)) {
    // English stands in the order of most of the world, not in that of the browser's own English.
    if (language !== "en") return words({ day: "numeric", month: "short" });
    return `${words({ day: "numeric" })} ${words({ month: "short" })}`;
  }
  return `${words({ month: "short" })} ${words({ year: "numeric" })}`;
}

/** `12 s ago`; a moment that has not come yet is `now`. */
export function agoWords(date, now, { ago = "%n ago", present = "now" } = {}) {
  const seconds = (now - date) / 1000;
  return seconds >= 1 ? ago.replace("%n", duration(seconds)) : present;
}
