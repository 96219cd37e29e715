/* How long the network thinks a text is. A hint while typing: the server counts again and decides.

   Source of the X rules: twitter-text configuration v3 (weights, ranges, 23 per link, emoji as 2), the same
   file that the server's parser uses. Facebook counts UTF-16 units. */

const LINK_LENGTH = 23;
const LIGHT = [
  [0, 4351],
  [8192, 8205],
  [8208, 8223],
  [8242, 8247],
];
const LINK =
  /https?:\/\/[^\s<>"']+|(?<![\w@./-])(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:com|org|net|info|io|app|dev|gov|edu|news|shop|blog|me|co|tv|uk|de|fr|es|it|nl|no|se|dk|fi|pl|ie|at|ch|be|pt|cz|eu|us|ca|au|nz|jp|in|br|mx)\b(?:\/[^\s<>"']*)?/giu;
const TAIL = /[.,;:!?)\]'"’”»]+$/u;
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

function weighX(text) {
  const normal = text.normalize("NFC");
  let weight = 0;
  let at = 0;
  for (const found of normal.matchAll(LINK)) {
    const link = found[0].replace(TAIL, "");
    weight += weighPlain(normal.slice(at, found.index)) + LINK_LENGTH;
    at = found.index + link.length;
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
