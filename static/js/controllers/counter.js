/* The composer's counter. The checked mode names the limit and the way its network counts; where a link has a price
   of its own, that is said as soon as there is one. What is too long for one post may go as the thread that was chosen. */

import { all, on, onContent, setText } from "../lib/dom.js";
import { counterState, linksOf, weigh } from "../lib/weigh.js";

function draw(composer) {
  const counter = composer.querySelector("[data-counter]");
  const box = counter && document.getElementById(counter.dataset.counter);
  const mode = composer.querySelector("input[data-limit]:checked");
  if (!box || !mode) return;
  const limit = Number(mode.dataset.limit);
  const used = weigh(box.value, mode.dataset.rule);
  const thread = mode.value === "public" && composer.querySelector('input[name="parts"]:checked');
  const state = thread ? "ok" : counterState(used, limit);
  setText(counter.querySelector("output"), `${used} / ${limit}`);
  counter
    .querySelector(".a")
    ?.setAttribute("stroke-dasharray", `${Math.min(100, Math.round((used / limit) * 100))} 100`);
  counter.dataset.state = state;
  const price = composer.querySelector("[data-link-price]");
  if (price) price.hidden = used > limit || !linksOf(box.value).length; // a thread tells its own price
  const send = composer.querySelector("[data-send]");
  if (send && !send.hasAttribute("data-closed")) send.disabled = state === "over";
}

export function start() {
  on("input", "[data-composer]", (event, composer) => draw(composer));
  on("change", "[data-composer]", (event, composer) => draw(composer));
  onContent(() => all("[data-composer]").forEach(draw));
}
