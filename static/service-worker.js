/* Shows notices that were pushed, and opens what they are about. It keeps nothing, and fetches nothing but to tell that
   this browser has got another address. */

const HERE = self.location.origin;

/** A page of ours, whatever a notice says. */
function pageOf(path) {
  const page = new URL(typeof path === "string" ? path : "/", HERE);
  return page.origin === HERE ? page.href : `${HERE}/notices/`;
}

self.addEventListener("push", (event) => {
  const told = event.data?.json() ?? {};
  const options = { body: told.body ?? "", tag: told.tag ?? "", lang: told.lang ?? "", data: { path: told.path } };
  event.waitUntil(self.registration.showNotification(told.title ?? "Socialcare", options));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(pageOf(event.notification.data?.path)));
});

/** The window that shows the page already, or a new one: what somebody writes elsewhere stays as it is. */
async function open(page) {
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = windows.find((each) => each.url.split(/[?#]/)[0] === page);
  return there ? there.focus() : self.clients.openWindow(page);
}

self.addEventListener("pushsubscriptionchange", (event) => {
  const former = event.oldSubscription;
  if (former) event.waitUntil(moved(former, event.newSubscription)); // else the next page of ours tells it
});

async function moved(former, given) {
  const fresh = given ?? (await self.registration.pushManager.subscribe(former.options));
  const { endpoint, keys } = fresh.toJSON();
  const body = new URLSearchParams({ formerly: former.endpoint, endpoint, p256dh: keys.p256dh, auth: keys.auth });
  await fetch("/you/devices/move/", { method: "POST", body, credentials: "same-origin" });
}
