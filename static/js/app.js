/* The one entry. htmx and idiomorph are loaded before it as plain files; everything else is a module. */

import { csrfToken } from "./lib/dom.js";
import * as ahead from "./controllers/ahead.js";
import * as attention from "./controllers/attention.js";
import * as copy from "./controllers/copy.js";
import * as counter from "./controllers/counter.js";
import * as drafts from "./controllers/drafts.js";
import * as insert from "./controllers/insert.js";
import * as keyboard from "./controllers/keyboard.js";
import * as live from "./controllers/live.js";
import * as naming from "./controllers/naming.js";
import * as newpill from "./controllers/newpill.js";
import * as overlays from "./controllers/overlays.js";
import * as palette from "./controllers/palette.js";
import * as passkeys from "./controllers/passkeys.js";
import * as pictures from "./controllers/pictures.js";
import * as presence from "./controllers/presence.js";
import * as push from "./controllers/push.js";
import * as rings from "./controllers/rings.js";
import * as rows from "./controllers/rows.js";
import * as savedreplies from "./controllers/savedreplies.js";
import * as select from "./controllers/select.js";
import * as theme from "./controllers/theme.js";
import * as thread from "./controllers/thread.js";
import * as times from "./controllers/times.js";
import * as toasts from "./controllers/toasts.js";

const { htmx, Idiomorph } = globalThis;

if (htmx) {
  Object.assign(htmx.config, {
    allowEval: false,
    allowScriptTags: false,
    includeIndicatorStyles: false,
    selfRequestsOnly: true,
    historyCacheSize: 0, // no copies of customers' words in the browser's storage
    refreshOnHistoryMiss: true,
    attributesToSettle: ["class", "width", "height"], // a "style" attribute is refused by the content policy
    defaultSettleDelay: 0, // until then a form that has just come would be sent as if there were no scripts
    timeout: 15000,
    // a conflict or a refused form comes with its fragment and is shown like any other answer
    responseHandling: [
      { code: "204", swap: false },
      { code: "[23]..", swap: true },
      { code: "409|422", swap: true, error: false },
      { code: "[45]..", swap: false, error: true },
    ],
  });
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = csrfToken();
  });
}
if (Idiomorph) Idiomorph.defaults.ignoreActiveValue = true;

for (const controller of [
  theme,
  overlays,
  toasts,
  rings,
  times,
  counter,
  drafts,
  insert,
  ahead,
  savedreplies,
  naming,
  rows,
  select,
  keyboard,
  palette,
  thread,
  newpill,
  live,
  attention,
  passkeys,
  pictures,
  presence,
  push,
  copy,
]) {
  controller.start();
}
