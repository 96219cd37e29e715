/* Where words go in a text that is being written. */

/** A slash opens the list only where a word begins: and/or, 24/7 and addresses are typed as ever. */
export const beginsWord = (text, at) => at === 0 || /\s/.test(text[at - 1]);

/** The text with words put in at a place, parted from what stands before, and where the cursor is then. */
export function inserted(text, at, words) {
  const apart = at > 0 && !/\s/.test(text[at - 1]) ? " " : "";
  return { text: text.slice(0, at) + apart + words + text.slice(at), at: at + apart.length + words.length };
}
