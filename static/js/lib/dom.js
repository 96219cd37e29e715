/* Small helpers that every controller shares. No state. */

/** Calls `handler(event, element)` for every present and future element that matches, swaps included. */
export function on(type, selector, handler, options) {
  document.addEventListener(
    type,
    (event) => {
      const element = event.target instanceof Element ? event.target.closest(selector) : null;
      if (element) handler(event, element);
    },
    options,
  );
}

export const all = (selector, root = document) => [...root.querySelectorAll(selector)];

/** The CSRF token of this page; the cookie itself cannot be read by scripts. */
export const csrfToken = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";

/** Runs now and after every swap or morph, for what has to look at new elements. */
export function onContent(run) {
  run(document);
  for (const type of ["htmx:afterSettle", "live:morphed", "panes:drawn"])
    document.addEventListener(type, (event) => run(event.target));
}

/** Writes only when something changed, so that observers and screen readers stay quiet. */
export function setText(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}

/** Puts a number into a sentence that the server translated, e.g. "%n new". */
export const fill = (sentence, n) => (sentence ?? "").replace("%n", String(n));
