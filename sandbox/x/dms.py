"""Direct messages: read the events, send one."""

from collections.abc import Hashable
from typing import Any

from sandbox.index import Index
from sandbox.model import Account, Media, Post, X
from sandbox.writing import dm_conversation, send_dm
from sandbox.x import problems
from sandbox.x.endpoint import Ask
from sandbox.x.fields import DM_EXPANSIONS, wanted
from sandbox.x.paging import Page, read_bounds, walk
from sandbox.x.render import Renderer

# Source: docs.x.com/x-api/direct-messages/lookup: events of the last 30 days.
WINDOW_MS = 30 * 86_400_000
# Source: docs.x.com direct-messages/manage: up to 10,000 characters.
MAX_TEXT = 10_000


def events(ask: Ask) -> dict:
    me = ask.caller.me
    return _page(ask, (X, me.id), ask.world.store.inbox)


def events_with(ask: Ask) -> dict:
    other = _participant(ask, ask.path["participant_id"])
    name = (X, dm_conversation(ask.caller.me.id, other.id))
    return _page(ask, name, ask.world.store.by_conversation)


def events_of(ask: Ask) -> dict:
    return _page(ask, (X, ask.path["id"]), ask.world.store.by_conversation)


def event(ask: Ask) -> dict:
    event_id = ask.path["event_id"]
    post = ask.world.store.post(X, event_id)
    if post is None or not _is_mine(ask, post) or post.deleted:
        raise problems.Refusal(200, {"errors": [problems.not_found("dm_event", "event_id", event_id)]})
    renderer = _renderer(ask)
    return renderer.finish({"data": renderer.dm(post)})


def _page(ask: Ask, name: Hashable, index: Index) -> dict:
    bounds = read_bounds(ask.query, low=1, high=100, default=100)
    now = ask.world.clock.now_ms()

    def shown(post: Post) -> bool:
        fresh = now - WINDOW_MS <= post.created_ms <= now
        return post.private and not post.deleted and fresh and _is_mine(ask, post)

    page = walk(index, name, ask.world.store.by_key, bounds, shown)
    return _render(ask, page)


def _is_mine(ask: Ask, post: Post) -> bool:
    return post.private and ask.caller.me.id in (post.author_id, post.to_id)


def _renderer(ask: Ask) -> Renderer:
    return Renderer(ask.world, ask.caller, ask.base, wanted(ask.query, DM_EXPANSIONS))


def _render(ask: Ask, page: Page) -> dict:
    renderer = _renderer(ask)
    messages = [renderer.dm(post) for post in page.posts]
    body = renderer.finish({"data": messages} if messages else {})
    meta = page.meta()
    body["meta"] = {name: meta[name] for name in ("result_count", "next_token", "previous_token") if name in meta}
    return body


def send_to(ask: Ask) -> dict:
    return _send(ask, _participant(ask, ask.path["participant_id"]))


def send_in(ask: Ask) -> dict:
    ids = ask.path["id"].split("-")
    others = [account_id for account_id in ids if account_id != ask.caller.me.id]
    if len(ids) != 2 or len(others) != 1:
        raise problems.forbidden("You are not a participant of this conversation.")
    return _send(ask, _participant(ask, others[0]))


def _participant(ask: Ask, account_id: str) -> Account:
    account = ask.world.store.account(X, account_id)
    if account is None:
        message = f"The `participant_id` query parameter value [{account_id}] is not valid"
        raise problems.invalid("participant_id", account_id, message)
    return account


def _send(ask: Ask, receiver: Account) -> dict:
    text = ask.body.get("text", "")
    media = _attached(ask)
    if not isinstance(text, str) or (not text and not media):
        raise problems.invalid_body("$.text: is missing but it is required")
    if len(text) > MAX_TEXT:
        raise problems.invalid_body(f"$.text: must be at most {MAX_TEXT} characters long")
    if not receiver.receives_messages:
        raise problems.forbidden("You do not have permission to DM one or more participants.")
    post = send_dm(ask.world, ask.caller.me, receiver, text, media=media, by_client=True)
    return {"data": {"dm_conversation_id": post.conversation_id, "dm_event_id": post.id}}


def _attached(ask: Ask) -> list[Media]:
    given: Any = ask.body.get("attachments") or []
    if not isinstance(given, list):
        raise problems.invalid_body("$.attachments: must be a list")
    ids = [str(item.get("media_id", "")) for item in given if isinstance(item, dict)]
    by_id = {media.id: media for media in ask.world.store.media.values()} if ids else {}
    found = [by_id[media_id] for media_id in ids if media_id in by_id]
    if len(found) != len(given):
        raise problems.invalid_body("Your media IDs are invalid.")
    return found
