/* Toasts are rendered by the server; here they only live for eight seconds, longer under the pointer, and
   no more than three at a time. */

import { all, onContent } from "../lib/dom.js";

const LIFE_MS = 8000;
const MOST = 3; // at a time: whoever acts every second is not buried
const started = new WeakSet();

function live(toast) {
  if (started.has(toast)) return;
  started.add(toast);
  const away = () => (toast.matches(":hover, :focus-within") ? setTimeout(away, 1000) : toast.remove());
  setTimeout(away, LIFE_MS);
}

function renew() {
  const passing = all("#toasts .toast");
  passing.slice(0, -MOST).forEach((toast) => toast.remove());
  passing.forEach(live);
}

/** Shows a toast that the page carries as a template, for what only the browser can know. */
export function show(templateId) {
  const template = document.getElementById(templateId);
  const stack = document.getElementById("toasts");
  if (!template || !stack || stack.querySelector(`[data-from="${templateId}"]`)) return;
  const toast = template.content.firstElementChild.cloneNode(true);
  toast.dataset.from = templateId;
  stack.append(toast);
  renew();
}

export function start() {
  onContent(renew);
  document.addEventListener("htmx:oobAfterSwap", renew);
  document.addEventListener("htmx:sendError", () => show("toast-offline"));
  document.addEventListener("htmx:responseError", () => show("toast-failed"));
  addEventListener("offline", () => show("toast-offline"));
}
