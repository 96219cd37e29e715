/* A list of options below something that one types in: the arrows move a mark, the focus stays. */

import { all } from "./dom.js";

export const options = (list) => all('[role="option"]', list);
export const chosen = (list) => list.querySelector('[role="option"][aria-selected="true"]');

/** Marks one option (or none) and tells so to whoever types in `input`. */
export function point(list, input, option) {
  for (const one of options(list)) one.setAttribute("aria-selected", String(one === option));
  if (option) {
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  } else input.removeAttribute("aria-activedescendant");
}

/** One further, or one back; round at the ends. */
export function move(list, input, step) {
  const found = options(list);
  if (!found.length) return;
  const now = found.indexOf(chosen(list));
  point(list, input, found[(now + step + found.length) % found.length]);
}
