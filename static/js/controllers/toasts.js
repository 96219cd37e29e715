/* Toasts are rendered by the server; here they only live for eight seconds, longer under the pointer. */

import { all, onContent } from "../lib/dom.js";

const LIFE_MS = 8000;
const started = new WeakSet();

function live(toast) {
  if (started.has(toast)) return;
  started.add(toast);
  const away = () => (toast.matches(":hover, :focus-within") ? setTimeout(away, 1000) : toast.remove());
  if (!toast.hasAttribute("data-stays")) setTimeout(away, LIFE_MS);
}

/** Shows a toast that the page carries as a template, for what only the browser can know. */
export function show(templateId) {
  const template = document.getElementById(templateId);
  const stack = document.getElementById("toasts");
  if (!template || !stack || stack.querySelector(`[data-from="${templateId}"]`)) return;
  const toast = template.content.firstElementChild.cloneNode(true);
  toast.dataset.from = templateId;
  stack.append(toast);
  live(toast);
}

export function start() {
  onContent(() => all("#toasts .toast").forEach(live));
  document.addEventListener("htmx:oobAfterSwap", () => all("#toasts .toast").forEach(live));
  document.addEventListener("htmx:sendError", () => show("toast-offline"));
  document.addEventListener("htmx:responseError", () => show("toast-failed"));
  addEventListener("offline", () => show("toast-offline"));
}
