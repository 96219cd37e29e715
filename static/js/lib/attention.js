/* What the window's title and icon say. No page, no state. */

const COUNT = /^\(\d+\+?\) /;

/** `(3) Care · Socialcare`; from a hundred on `(99+)`. */
export function titled(title, count) {
  const bare = title.replace(COUNT, "");
  return count > 0 ? `(${badge(count)}) ${bare}` : bare;
}

export const badge = (count) => (count > 99 ? "99+" : String(count));

/** A sound is due where something newer came than was known, and sounds are wanted now. */
export const isNews = (before, now, sound) => sound && before !== null && now > before;
