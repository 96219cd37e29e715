/* Ctrl or Cmd K: everything that this page can do, every place, people, and the search.

   Commands are what the page offers anyway: elements with data-key, the items of the thread's menus, the answers to
   what is asked of us and what can be done with the selected rows, by their words. Places and people come from the server as options that are links. */

import { all, on } from "../lib/dom.js";
import { fits, wordsOf } from "../lib/commands.js";
import { act, reachable } from "./keyboard.js";
import { putHere } from "./savedreplies.js";

const PAUSE_MS = 120;
const NO_COMMANDS = ["Esc", "Ctrl+k"];
const dialog = () => document.getElementById("palette");
const input = () => document.getElementById("palette-q");
const list = () => document.getElementById("palette-list");
const options = () => all('[role="option"]', list());
let commands = [];
let opener = null;
let asked = 0;
let timer = 0;
let waiting = false; // for the server
let eager = false; // Enter was pressed meanwhile

function commandOf(element) {
  const menu = element.closest(".menu")?.querySelector(".menu-head")?.textContent.trim() ?? element.closest(".bulk")?.ariaLabel;
  const keys = NO_COMMANDS.includes(element.dataset.key) ? "" : (element.dataset.key ?? "");
  return { element, keys, label: wordsOf(element, menu), here: Boolean(element.closest("#thread")) };
}

function offered() {
  const found = all("[data-key], #thread .menu-item, #thread .ask .btn:not([popover] *), .bulk [name=act]")
    .filter((element) => !NO_COMMANDS.includes(element.dataset.key) && !element.closest("#palette, .toast"))
    .filter(reachable)
    .map(commandOf)
    .filter((one) => one.label);
  return [...new Map(found.map((one) => [one.label, one])).values()];
}

function option(command, id) {
  const node = dialog().querySelector("[data-option]").content.firstElementChild.cloneNode(true);
  node.id = `palette-c${id}`;
  node.querySelector("[data-label]").textContent = command.label;
  const icon = command.element.querySelector("svg.icon");
  if (icon) node.querySelector("svg").replaceWith(icon.cloneNode(true));
  const keys = node.querySelector(".keys");
  for (const key of command.keys.split(/[+ ]/).filter(Boolean)) {
    const cap = document.createElement("kbd");
    cap.textContent = key.length === 1 ? key.toUpperCase() : key;
    keys.append(cap);
  }
  return node;
}

function group(label, id, nodes) {
  const node = document.createElement("div");
  node.setAttribute("role", "group");
  node.setAttribute("aria-labelledby", id);
  const head = document.createElement("div");
  head.className = "menu-head";
  head.id = id;
  head.textContent = label;
  node.append(head, ...nodes);
  return node;
}

function ownGroups(text) {
  if (/^[#@/]/.test(text)) return [];
  const wanted = text.replace(/^>/, "").trim();
  const fitting = commands.map((one, id) => ({ ...one, id })).filter((one) => fits(one.label, wanted));
  const { here, commands: others } = dialog().dataset;
  return [
    [here, "palette-here", fitting.filter((one) => one.here)],
    [others, "palette-others", wanted ? fitting.filter((one) => !one.here) : []],
  ]
    .filter(([, , found]) => found.length)
    .map(([label, id, found]) => group(label, id, found.slice(0, 8).map((one) => option(one, one.id))));
}

function choose(node) {
  for (const other of options()) other.setAttribute("aria-selected", String(other === node));
  if (node) input().setAttribute("aria-activedescendant", node.id);
  else input().removeAttribute("aria-activedescendant");
  node?.scrollIntoView({ block: "nearest" });
}

function show(nodes) {
  const before = list().querySelector('[aria-selected="true"]')?.id;
  list().replaceChildren(...nodes);
  choose(options().find((node) => node.id === before) ?? options()[0]);
  dialog().querySelector("[data-none]").hidden = options().length > 0;
}

async function ask(text) {
  const turn = ++asked;
  try {
    const talk = document.getElementById("thread")?.dataset.conversation ?? "";
    const answer = await fetch(`${dialog().dataset.url}?${new URLSearchParams({ q: text, talk })}`, {
      headers: { "HX-Request": "true" },
      signal: AbortSignal.timeout(8000),
      redirect: "error",
    });
    const html = answer.ok ? await answer.text() : "";
    if (turn !== asked) return;
    waiting = false;
    const found = new DOMParser().parseFromString(html, "text/html").body.firstElementChild;
    show([...ownGroups(text), ...(found?.children ?? [])]);
    if (eager) run(options()[0]);
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof DOMException)) throw error;
    // offline or slow: the commands of the page are there
  }
}

/* What the server said before, as far as it fits what is typed by now. */
function keptGroups(text) {
  const groups = all('[role="group"]', list()).filter((node) => node.querySelector("a"));
  for (const option of all("a", list())) {
    if (option.id === "palette-search" || !fits(option.textContent, text.replace(/^[#@>]/, ""))) option.remove();
  }
  return groups.filter((node) => node.querySelector("a"));
}

function look(pause) {
  const text = input().value.trim();
  waiting = true;
  eager = false;
  show([...ownGroups(text), ...keptGroups(text)]);
  asked += 1; // what is on its way answers an older question
  clearTimeout(timer);
  timer = setTimeout(ask, pause, text);
}

/* Its menu opens with what it would do; nothing is done yet. */
function preview(macro) {
  const menu = document.querySelector("#thread [data-macro-menu]");
  const submit = () => menu.querySelector(`input[name="macro"][value="${macro}"]`)?.form.requestSubmit();
  menu?.addEventListener("htmx:afterSwap", submit, { once: true });
  menu?.showPopover();
}

function run(node) {
  if (!node) return;
  const { macro, text } = node.dataset;
  if (macro || text !== undefined) {
    dialog().close();
    if (macro) preview(macro);
    else putHere(node);
    return;
  }
  const own = node.matches("a") ? null : commands[Number(node.id.replace("palette-c", ""))];
  dialog().close();
  if (!own) node.click();
  else act(own.element.isConnected ? own.element : (offered().find((one) => one.label === own.label) ?? own).element);
}

function move(step) {
  const found = options();
  const at = found.findIndex((node) => node.getAttribute("aria-selected") === "true");
  choose(found[(at + step + found.length) % found.length]);
}

function key(event) {
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  if (steps[event.key]) {
    event.preventDefault();
    move(steps[event.key]);
  } else if (event.key === "Enter" && !event.isComposing) {
    event.preventDefault();
    const chosen = list().querySelector('[aria-selected="true"]');
    if (chosen) run(chosen);
    else eager = waiting;
  }
}

/** Opens it; what is in the middle of being done stays as it is. */
export function open() {
  if (!dialog() || dialog().open || document.querySelector("dialog[open]")) return;
  opener = document.activeElement;
  commands = offered();
  input().value = "";
  list().replaceChildren();
  dialog().showModal();
  input().focus();
  look(0);
}

export function start() {
  if (!dialog()) return;
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
    event.preventDefault();
    open();
  });
  input().addEventListener("input", () => look(PAUSE_MS));
  dialog().addEventListener("keydown", key);
  dialog().addEventListener("close", () => {
    asked += 1;
    if (document.activeElement === document.body) opener?.focus?.({ preventScroll: true });
  });
  on("click", '#palette [role="option"]:not(a)', (event, node) => run(node));
}
