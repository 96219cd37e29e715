/* How long the network thinks a text is. A hint while typing: the server counts again and decides.

   Source of the X rules: twitter-text configuration v3 (weights, ranges, 23 per link, emoji as 2), the same
   file that the server's parser uses. Facebook counts UTF-16 units. */

import { TLDS } from "./tlds.js";

const LINK_LENGTH = 23;
const LIGHT = [
  [0, 4351],
  [8192, 8205],
  [8208, 8223],
  [8242, 8247],
];
const LABEL = "[\\p{Script=Latin}0-9-]+";
const PATH = "(?:[/?#][^\\s<>\"']*)?";
const LINK = new RegExp(
  `https?:\\/\\/(?<host>[^\\s<>"'/?#:@,;!()]+)(?::\\d+)?${PATH}|(?<![\\p{L}\\p{N}_@#$./-])(?<bare>(?:${LABEL}\\.)+${LABEL})${PATH}`,
  "giu",
);
const TAIL = /[.,;:!?\]'"’”»]$/u;
const EMOJI =
  /^(?:[©®]|\p{Emoji_Presentation}|\p{Emoji}\uFE0F|\p{Regional_Indicator}{2}|[#*0-9]\uFE0F?\u20E3|\p{Emoji_Modifier_Base}\p{Emoji_Modifier})/u;

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });
const isLight = (code) => LIGHT.some(([from, to]) => code >= from && code <= to);

function weighPlain(text) {
  let weight = 0;
  for (const { segment } of graphemes.segment(text)) {
    if (EMOJI.test(segment)) weight += 2;
    else for (const char of segment) weight += isLight(char.codePointAt(0)) ? 1 : 2;
  }
  return weight;
}

/* A link ends in a top-level domain, whatever stands before it; an account or a number is none. */
function linkIn(found) {
  const host = (found.groups.host ?? found.groups.bare).replace(/\.+$/u, "");
  if (!host.includes(".") || !TLDS.has(host.split(".").at(-1).toLowerCase())) return "";
  let link = found[0];
  while (TAIL.test(link) || (link.endsWith(")") && count(link, "(") < count(link, ")"))) link = link.slice(0, -1);
  return link;
}

const count = (text, char) => text.split(char).length - 1;

/** The links that X sees in a text, with where they begin. */
export function linksOf(text) {
  const found = [...text.normalize("NFC").matchAll(LINK)];
  return found.map((one) => ({ at: one.index, link: linkIn(one) })).filter((one) => one.link);
}

function weighX(text) {
  const normal = text.normalize("NFC");
  let weight = 0;
  let at = 0;
  for (const { at: begin, link } of linksOf(normal)) {
    weight += weighPlain(normal.slice(at, begin)) + LINK_LENGTH;
    at = begin + link.length;
  }
  return weight + weighPlain(normal.slice(at));
}

const RULES = { x: weighX, plain: (text) => text.length };

/** Characters as the network counts them. `rule` is `x` or `plain`. */
export const weigh = (text, rule) => (RULES[rule] ?? RULES.plain)(text);

/** How the counter looks: amber above 90 per cent, red above the limit. */
export function counterState(used, limit) {
  if (used > limit) return "over";
  return used > limit * 0.9 ? "near" : "ok";
}
