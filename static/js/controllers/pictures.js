/* The pictures that were chosen for an answer: a box to describe each, and what the network does not take. Without
   script all boxes stand there, and the server says what is wrong. */

import { all, on, setText } from "../lib/dom.js";
import { problemOf, saysOf } from "../lib/pictures.js";

function draw(form) {
  const alts = form.querySelector("[data-alts]");
  const chosen = form.querySelector('input[type="file"][name="media"]');
  if (!alts || !chosen) return;
  const files = [...chosen.files];
  alts.querySelectorAll(".c-alt").forEach((label, at) => {
    label.toggleAttribute("data-shown", at < files.length);
    if (files[at]) setText(label.querySelector("[data-alt-name]"), files[at].name);
  });
  const problem = problemOf(files, chosen.accept.split(","), saysOf(alts.dataset, form.elements.visibility?.value));
  const line = alts.querySelector("[data-alts-problem]");
  line.hidden = !problem;
  setText(line, problem);
}

export function start() {
  // the modes stand outside of the form
  on("change", "[data-composer]", (event, composer) => all("form[data-send-form]", composer).forEach(draw));
}
