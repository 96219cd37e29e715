/* @ in a note opens the list of colleagues and teams; arrows, Enter or Tab choose, Escape closes. Without it the name
   is typed in full and means the same.

   <textarea data-colleagues="colleagues-45"> and <div popover="manual" id="colleagues-45" data-url="…/colleagues/"> */

import { on } from "../lib/dom.js";
import { chosen, move, options, point } from "../lib/listbox.js";
import { named, nameBefore } from "../lib/naming.js";

const PAUSE_MS = 100;
let timer = 0;
let asked = 0;

const menuOf = (box) => document.getElementById(box.dataset.colleagues);
const isOpen = (menu) => Boolean(menu?.matches(":popover-open"));

function close(box) {
  asked += 1;
  clearTimeout(timer);
  const menu = menuOf(box);
  if (!isOpen(menu)) return;
  menu.hidePopover();
  point(menu, box, null);
}

function show(box, html) {
  const menu = menuOf(box);
  const list = menu.querySelector('[role="listbox"]');
  list.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.children);
  const found = options(menu);
  if (!found.length || document.activeElement !== box) return close(box);
  if (!isOpen(menu)) menu.showPopover();
  point(menu, box, found[0]);
}

async function ask(box, typed) {
  const turn = ++asked;
  try {
    const answer = await fetch(`${menuOf(box).dataset.url}?${new URLSearchParams({ text: typed })}`, {
      headers: { "HX-Request": "true" },
      signal: AbortSignal.timeout(8000),
      redirect: "error",
    });
    const html = answer.ok ? await answer.text() : "";
    if (turn === asked) show(box, html);
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof DOMException)) throw error;
    // offline or slow: the name is typed in full
  }
}

function look(box) {
  const name = nameBefore(box.value, box.selectionEnd);
  clearTimeout(timer);
  if (name) timer = setTimeout(ask, PAUSE_MS, box, name.typed);
  else close(box);
}

function choose(box, option) {
  const name = nameBefore(box.value, box.selectionEnd);
  close(box);
  if (!name || !option) return;
  const next = named(box.value, box.selectionEnd, name.at, option.dataset.text);
  box.value = next.text;
  box.setSelectionRange(next.at, next.at);
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.focus();
}

function keys(event) {
  const box = event.target.closest?.("textarea[data-colleagues]");
  const menu = box && menuOf(box);
  if (!isOpen(menu) || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const acts = {
    ArrowDown: () => move(menu, box, 1),
    ArrowUp: () => move(menu, box, -1),
    Enter: () => choose(box, chosen(menu)),
    Tab: () => choose(box, chosen(menu)),
    Escape: () => close(box),
  };
  if (!acts[event.key]) return;
  event.preventDefault();
  event.stopPropagation(); // Escape closes the list and nothing else
  acts[event.key]();
}

export function start() {
  on("input", "textarea[data-colleagues]", (event, box) => look(box));
  on("focusout", "textarea[data-colleagues]", (event, box) => close(box));
  document.addEventListener("keydown", keys, { capture: true });
  // the press would take the focus out of the box before the click is there
  on("pointerdown", "[data-colleague-list] [role=option]", (event) => event.preventDefault());
  on("click", "[data-colleague-list] [role=option]", (event, option) => {
    const box = document.querySelector(`[data-colleagues="${option.closest("[popover]").id}"]`);
    if (box) choose(box, option);
  });
}
