/* Which name is being typed in a note, so that the colleagues who fit can be offered. The server reads names by its
   own rules when the note is saved (inbox/mentions.py). No page, no state. */

const NAME = /(?:^|[^\p{L}\p{N}_@./])@((?:[\p{L}\p{N}][\p{L}\p{N}_.'’-]*(?: [\p{L}\p{N}_.'’-]+)?)?)$/u;

/** Where the @ stands and what follows it up to the cursor; null where no name is being typed: a space ends it, until a
    second word is begun. */
export function nameBefore(text, cursor) {
  const found = NAME.exec(text.slice(0, cursor));
  return found && { at: cursor - found[1].length - 1, typed: found[1] };
}

/** The text with a name in place of what was typed, a space behind it, and where the cursor is then. */
export function named(text, cursor, at, name) {
  const rest = text.slice(cursor);
  const apart = /^\s/.test(rest) ? "" : " ";
  return { text: text.slice(0, at) + name + apart + rest, at: at + name.length + 1 };
}
