// Keeps the timeline fresh: a hint arrives, the timeline is asked for again. Without this file everything still works.
const timeline = document.getElementById("timeline");
const news = document.getElementById("news");
let asking = false;
let again = false;

function answersIn(node) {
  return new Set(Array.from(node.querySelectorAll(".post.brand"), (post) => post.id));
}

async function refresh() {
  if (asking) {
    again = true;
    return;
  }
  asking = true;
  try {
    const answer = await fetch(timeline.dataset.url);
    if (answer.ok) show(await answer.text());
  } catch {
    // The sandbox is away; the stream of events says when it is back.
  } finally {
    asking = false;
    if (again) {
      again = false;
      setTimeout(refresh, 200);
    }
  }
}

function show(html) {
  const known = answersIn(timeline);
  const fresh = new DOMParser().parseFromString(html, "text/html").body;
  const added = [...answersIn(fresh)].filter((id) => !known.has(id)).length;
  timeline.replaceChildren(...fresh.childNodes);
  if (added) news.textContent = added === 1 ? "A brand has answered." : `${added} new answers.`;
}

const events = new EventSource("/live");
events.onmessage = refresh;
let lost = false;
events.onerror = () => {
  lost = true;
};
events.onopen = () => {
  if (lost) refresh();
  lost = false;
};
