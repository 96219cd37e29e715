/* What a network does not take of the files that were chosen. No page. */

/** What is said of the files of an answer that these people see: a private one may take fewer. */
export function saysOf(words, visibility) {
  return visibility === "private" ? { ...words, max: words.privateMax, many: words.privateMany } : words;
}

/** A sentence of `says` (many, wrong, large; "%n" becomes the file's name) or "". Sizes in bytes. */
export function problemOf(files, types, says) {
  if (files.length > Number(says.max)) return says.many;
  const wrong = files.find((file) => !types.includes(file.type));
  if (wrong) return says.wrong.replace("%n", wrong.name);
  // the server makes them smaller where it can: twice the limit is what it looks at
  const large = files.find((file) => file.size > 2 * Number(says.bytes));
  return large ? says.large.replace("%n", large.name) : "";
}
