/* Notices on this device: asked for by a button, never by itself. Which device this is the browser remembers; who is
   signed in again there tells the server, so that it is reached again. */

import { all, csrfToken, on } from "../lib/dom.js";
import { partsOf, stateOf, written } from "../lib/push.js";

const WORKER = "/service-worker.js";
const DEVICE = "push-device";
const TOLD = "push-told";

const section = () => document.querySelector("[data-push]");
const ours = () => document.body.dataset.pushKey;

function say(state) {
  all("[data-push-say]", section()).forEach((line) => {
    line.hidden = line.dataset.pushSay !== state;
  });
}

function stateHere() {
  const permission = globalThis.Notification?.permission ?? "";
  const hasPush = "serviceWorker" in navigator && "PushManager" in globalThis && permission !== "";
  return stateOf({
    isSecure: globalThis.isSecureContext,
    hasPush,
    permission,
    agent: navigator.userAgent,
    points: navigator.maxTouchPoints,
  });
}

const registration = () => navigator.serviceWorker.getRegistration("/");

/** This browser's subscription for the installation's key; one for another key is worth nothing any more. */
async function subscribed(worker) {
  const known = await worker.pushManager.getSubscription();
  if (known && written(known.options.applicationServerKey) === ours()) return known;
  await known?.unsubscribe();
  return worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: ours() });
}

async function ask(button) {
  button.disabled = true;
  try {
    const permission = await Notification.requestPermission();
    if (permission !== "granted") return say(permission === "denied" ? "denied" : "dismissed");
    await navigator.serviceWorker.register(WORKER, { scope: "/" });
    hand(await subscribed(await navigator.serviceWorker.ready));
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    say("failed"); // the browser's own push service refused, or is away
  } finally {
    button.disabled = false;
  }
}

function hand(subscription) {
  const form = section().querySelector("[data-push-form]");
  for (const [name, value] of Object.entries(partsOf(subscription))) form.elements[name].value = value;
  form.requestSubmit();
}

/** Removed here: the browser gives its address up, too. */
async function giveUp() {
  localStorage.removeItem(DEVICE);
  await (await (await registration())?.pushManager.getSubscription())?.unsubscribe();
}

/** Once a visit, where notices were asked for and the browser has lost its address since. */
function seeksAnother() {
  if (!localStorage.getItem(DEVICE) || sessionStorage.getItem(TOLD)) return false;
  sessionStorage.setItem(TOLD, "tried");
  return true;
}

/** Once after each sign-in and each change of address, where notices were asked for in this browser. */
async function renew() {
  if (globalThis.Notification?.permission !== "granted") return;
  const worker = await registration();
  const known = await worker?.pushManager.getSubscription();
  if (!worker || !(known || seeksAnother())) return;
  const subscription = await subscribed(worker);
  const parts = partsOf(subscription);
  const told = `${document.body.dataset.pushSession} ${parts.endpoint.slice(-24)}`;
  if (localStorage.getItem(TOLD) === told) return;
  const body = new URLSearchParams({ ...parts, device: localStorage.getItem(DEVICE) ?? "" });
  const answer = await fetch(document.body.dataset.pushRenewal, {
    method: "POST",
    body,
    headers: { "X-CSRFToken": csrfToken() },
    signal: AbortSignal.timeout(10000),
    redirect: "error",
  });
  if (answer.status === 204) localStorage.setItem(TOLD, told);
  else if (answer.status === 205 && !known) await subscription.unsubscribe(); // the server has given the device up
}

/** Offline, or the browser's own push service is away: the next page tries again. */
function later(error) {
  if (!(error instanceof TypeError || error instanceof DOMException)) throw error;
}

export function start() {
  if (!ours()) return;
  if (section()) {
    const { pushHere } = section().dataset;
    if (pushHere) localStorage.setItem(DEVICE, pushHere);
    const state = stateHere();
    say(pushHere && state === "ready" ? "here" : state);
    on("click", "[data-push-ask]", (_event, button) => ask(button));
    on("submit", "[data-push-here-form]", giveUp);
  }
  if (stateHere() === "ready") renew().catch(later);
}
