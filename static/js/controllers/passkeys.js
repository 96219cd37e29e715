/* allauth's own scripts talk to the authenticator. Where that is cancelled or fails we say so on the page;
   the password next to it still works. */

import { all } from "../lib/dom.js";

export function start() {
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    all("[data-passkey-problem]").forEach((line) => {
      line.hidden = false;
    });
  });
}
