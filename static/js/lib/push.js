/* Whether this browser can show notices outside the page, and which key a subscription was made with. No page, no
   state. */

/** What to say of this browser.
    @param {{isSecure: boolean, hasPush: boolean, permission: string, agent: string, points: number}} browser */
export function stateOf({ isSecure, hasPush, permission, agent, points }) {
  if (!isSecure) return "insecure";
  if (!hasPush) return isApple(agent, points) ? "home-screen" : "unsupported";
  return permission === "denied" ? "denied" : "ready";
}

/** iPhone and iPad; an iPad calls itself a Mac, and no Mac is touched with several fingers. */
const isApple = (agent, points) => /iPhone|iPad/.test(agent) || (/Macintosh/.test(agent) && points > 1);

/** base64url without padding, as keys are written. */
export const written = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

/** What the server has to know of a subscription. */
export function partsOf(subscription) {
  const { endpoint, keys } = subscription.toJSON();
  return { endpoint, p256dh: keys.p256dh, auth: keys.auth };
}
