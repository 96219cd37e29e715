/* The words of a thing that can be done, and whether they fit what somebody types. No state, no page. */

const LEFT_OUT = ".keys, .aux, .tip, kbd, svg, .n, .pip, .av";

/** What a button or link says, with the heading of its menu before it ("Priority: Urgent"). */
export function wordsOf(element, heading = "") {
  const copy = element.cloneNode(true);
  for (const part of copy.querySelectorAll(LEFT_OUT)) part.remove();
  for (const part of copy.querySelectorAll("*")) part.append(" ");
  const own = (element.getAttribute("aria-label") ?? copy.textContent).replace(/\s+/g, " ").trim();
  const words = own || (element.getAttribute("placeholder") ?? "").trim();
  return heading && words && heading !== words ? `${heading}: ${words}` : words;
}

/** Every word that was typed begins a word of the label, in any order; nothing typed fits all. */
export function fits(label, typed) {
  const words = plain(label).split(/[^\p{L}\p{N}]+/u);
  return plain(typed)
    .split(/\s+/)
    .filter(Boolean)
    .every((part) => words.some((word) => word.startsWith(part)));
}

const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
