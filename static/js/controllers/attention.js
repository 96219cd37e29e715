/* What draws the eye and the ear while somebody works elsewhere: the count in the window's title and icon, and a short
   tone where they want one. The server decides what counts and whether they are in peace (quiet hours, away, busy):

   <a id="bell" data-attention="5" data-newest="412" data-sound data-changes-in="3600"> */

import { fill } from "../lib/dom.js";
import { badge, isNews, titled } from "../lib/attention.js";
import { announce } from "./announcer.js";

const SIZE = 64;
const LONGEST_MS = 2 ** 31 - 1;
const TONE = { seconds: 0.18, hertz: [660, 880], loud: 0.08 };
let newest = null; // id of the newest notice that this page knows
let shown = null; // the number on the icon
let sounds = null; // made with the first key or click: before it no browser lets a page sound
let timer = 0;

const bell = () => document.getElementById("bell");
const number = (name) => Number(bell()?.dataset[name] ?? 0);

function retitle() {
  const wanted = titled(document.title, number("attention"));
  if (document.title !== wanted) document.title = wanted;
}

function draw(image, count) {
  const canvas = Object.assign(document.createElement("canvas"), { width: SIZE, height: SIZE });
  const pen = canvas.getContext("2d");
  const { backgroundColor, color } = getComputedStyle(document.querySelector("[data-badge]"));
  pen.drawImage(image, 0, 0, SIZE, SIZE);
  pen.fillStyle = backgroundColor;
  pen.beginPath();
  pen.roundRect(count > 9 ? 8 : 26, 24, count > 9 ? 56 : 38, 40, 20);
  pen.fill();
  pen.fillStyle = color;
  pen.font = "bold 32px Inter, sans-serif";
  pen.textAlign = "center";
  pen.fillText(badge(count), count > 9 ? 36 : 45, 56);
  return canvas.toDataURL("image/png");
}

function setIcon(address) {
  const old = document.querySelector('link[rel="icon"]');
  const link = old.cloneNode();
  link.dataset.plain ??= old.getAttribute("href");
  link.href = address ?? link.dataset.plain;
  link.type = address ? "image/png" : "image/svg+xml";
  old.replaceWith(link);
}

function badgeIcon() {
  const count = number("attention");
  if (count === shown) return;
  shown = count;
  if (!count) return setIcon(null);
  const image = new Image();
  image.addEventListener("load", () => shown === count && setIcon(draw(image, count)));
  image.src =
    document.querySelector('link[rel="icon"]').dataset.plain ?? document.querySelector('link[rel="icon"]').href;
}

function beep() {
  const { seconds, hertz, loud } = TONE;
  const volume = new GainNode(sounds, { gain: 0 });
  volume.connect(sounds.destination);
  volume.gain.linearRampToValueAtTime(loud, sounds.currentTime + 0.02);
  volume.gain.linearRampToValueAtTime(0, sounds.currentTime + seconds * 2);
  for (const [at, frequency] of hertz.entries()) {
    const tone = new OscillatorNode(sounds, { frequency });
    tone.connect(volume);
    tone.start(sounds.currentTime + at * seconds);
    tone.stop(sounds.currentTime + (at + 1) * seconds);
  }
  document.dispatchEvent(new CustomEvent("attention:tone"));
}

/* Of several open windows one sounds; over plain HTTP there are no locks, and each does. */
function sound() {
  if (!sounds) return;
  if (!navigator.locks) return beep();
  navigator.locks.request(
    "socialcare:tone",
    { ifAvailable: true },
    (lock) => lock && (beep(), new Promise((done) => setTimeout(done, 1500))),
  );
}

function plan() {
  clearTimeout(timer);
  const { changesIn } = bell()?.dataset ?? {};
  const again = () => document.dispatchEvent(new CustomEvent("live:refetch", { detail: { topic: bell().dataset.liveRegion } }));
  if (changesIn) timer = setTimeout(again, Math.min(Number(changesIn) * 1000, LONGEST_MS));
}

function renew() {
  const known = number("newest");
  if (isNews(newest, known, bell().hasAttribute("data-sound"))) sound();
  if (newest !== null && known > newest) announce(fill(bell().dataset.words, number("unread")));
  newest = Math.max(newest ?? 0, known);
  retitle();
  badgeIcon();
  plan();
}

function waken() {
  if (sounds || !bell()?.hasAttribute("data-sound")) return;
  sounds = new AudioContext();
}

export function start() {
  if (!bell()) return;
  renew();
  document.addEventListener("live:morphed", (event) => event.target.id === "bell" && renew());
  new MutationObserver(retitle).observe(document.querySelector("title"), { childList: true });
  for (const gesture of ["pointerdown", "keydown"]) document.addEventListener(gesture, waken, { capture: true });
}
