/* Switches at once; the form behind the button stores the choice for the next page. */

import { on } from "../lib/dom.js";

const root = document.documentElement;

function isDark() {
  if (root.dataset.theme) return root.dataset.theme === "dark";
  return matchMedia("(prefers-color-scheme: dark)").matches;
}

export function start() {
  // captured, so that the value is right before htmx or the browser reads the form
  on(
    "click",
    "form[data-theme-switch] button",
    (event, button) => {
      const theme = isDark() ? "light" : "dark";
      button.form.elements.theme.value = theme;
      root.dataset.theme = theme;
    },
    { capture: true },
  );
}
