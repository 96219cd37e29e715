/* A conversation takes the place of the open one. htmx would do it as for any answer: carry attributes over by id
   and look for what wants the focus, which makes the browser lay out the page twice. Both panes are known here. */

/** The panes of an answer, read but shown nowhere; null where it holds no conversation. */
export function panesOf(html) {
  const panes = [...new DOMParser().parseFromString(html, "text/html").body.children];
  return panes.some((pane) => pane.id === "thread") ? panes : null;
}

/** Puts each pane where the one of its name stands. */
export function stand(panes) {
  for (const pane of panes) {
    pane.removeAttribute("hx-swap-oob");
    document.getElementById(pane.id)?.replaceWith(pane);
  }
  for (const pane of panes.filter((one) => one.isConnected)) {
    globalThis.htmx.process(pane);
    pane.dispatchEvent(new CustomEvent("panes:drawn", { bubbles: true }));
  }
}
