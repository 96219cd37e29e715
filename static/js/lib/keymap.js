/* Turns a key press into the name that templates write into data-key. */

const NAMED = { Escape: "Esc", Enter: "Enter", "?": "?", "/": "/" };

/** `j`, `Shift+e`, `Ctrl+k`, `Ctrl+Enter`; Cmd counts as Ctrl. Null for a bare modifier. */
export function keyName(event) {
  if (["Shift", "Control", "Alt", "Meta"].includes(event.key)) return null;
  const ctrl = event.ctrlKey || event.metaKey;
  const name = NAMED[event.key] ?? (event.key.length === 1 ? event.key.toLowerCase() : event.key);
  const letter = /^[a-z]$/.test(name) || name === "Enter";
  return `${ctrl ? "Ctrl+" : ""}${event.shiftKey && letter ? "Shift+" : ""}${name}`;
}

/** Single keys are off while someone types. */
export function isTyping(element) {
  if (!element) return false;
  if (element.isContentEditable) return true;
  const box = ["INPUT", "TEXTAREA", "SELECT"].includes(element.tagName);
  return box && !["checkbox", "radio", "button", "submit"].includes(element.type);
}

/** Remembers a leading `g` for a moment: returns `g i` for G then I. */
export function sequencer(now = Date.now, patience = 1200) {
  let startedAt = -Infinity;
  return function next(name) {
    if (now() - startedAt < patience) {
      startedAt = -Infinity;
      return `g ${name}`;
    }
    if (name === "g") {
      startedAt = now();
      return null;
    }
    return name;
  };
}
