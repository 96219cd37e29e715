/* Pure rules of the SLA ring: the server sends state, seconds left and total; the browser only ticks. */

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86400;
const AT_RISK = 0.3; // the share of the time from which a promise is at risk, as the server draws it

const two = (n) => String(n).padStart(2, "0");

/** A length of time in words, as web/templatetags/ui.py says it. Units: seconds. */
export function duration(seconds) {
  const s = Math.abs(Math.trunc(seconds));
  if (s < MINUTE) return `${s} s`;
  if (s < HOUR) return `${Math.floor(s / MINUTE)} min`;
  if (s < DAY) return `${Math.floor(s / HOUR)} h ${two(Math.floor((s % HOUR) / MINUTE))}`;
  return `${Math.floor(s / DAY)} d ${Math.floor((s % DAY) / HOUR)} h`;
}

export function countdown(left, late = "%n late") {
  if (left < 0) return late.replace("%n", duration(Math.max(-left, MINUTE)));
  if (left < 15 * MINUTE) return `${Math.floor(left / MINUTE)}:${two(left % MINUTE)}`;
  return duration(left);
}

export function ringState(left, total) {
  if (left < 0) return "breach";
  return left < total * AT_RISK ? "warn" : "ok";
}

/** Part of the ring that is still there, 0 to 100; a late ring is drawn full. */
export function ringShare(left, total) {
  if (left < 0) return 100;
  return total > 0 ? Math.round(Math.min(1, left / total) * 100) : 0;
}
