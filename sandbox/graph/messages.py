"""Private messages of a page: the window of 24 hours, the human agent's 7 days, one private reply per comment."""

from typing import Any

import orjson

from sandbox.graph import errors
from sandbox.graph.acts import own_page
from sandbox.graph.ask import Ask
from sandbox.graph.nodes import Node
from sandbox.graph.shown_posts import PRIVATE_REPLY_MS, private_reply_to
from sandbox.model import FACEBOOK, Account, Media, Post
from sandbox.writing import is_visible, new_key, send_message

# Source: developers.facebook.com/docs/messenger-platform/policy/policy-overview (read 2026-11).
WINDOW_MS = 24 * 3_600_000
HUMAN_AGENT_MS = 7 * 86_400_000
# Source: developers.facebook.com/docs/messenger-platform/reference/send-api (read 2026-11): 2,000 characters.
MAX_TEXT = 2000


def send(ask: Ask, node: Node) -> dict:
    """POST /{page}/messages to a person or privately to the author of a comment."""
    page = own_page(ask, node)
    recipient, message = _object(ask, "recipient"), _object(ask, "message")
    text, media = str(message.get("text", "")), _media(ask, message)
    if not text and not media:
        raise errors.bad_parameter("param message must be non-empty.")
    if len(text) > MAX_TEXT:
        raise errors.bad_parameter(f"Length of param message[text] must be less than or equal to {MAX_TEXT}")
    comment_id = str(recipient.get("comment_id", ""))
    person = _by_comment(ask, page, comment_id) if comment_id else _by_id(ask, page, recipient)
    made = send_message(
        ask.world,
        page,
        person,
        text,
        page=page,
        media=media,
        answers_comment=comment_id,
        by_client=True,
    )
    return {"recipient_id": person.id, "message_id": made.id}


def _object(ask: Ask, name: str) -> dict[str, Any]:
    """A parameter that is an object, in a form written as JSON. Raises: code 100."""
    try:
        value = orjson.loads(ask.arguments.get(name, "{}"))
    except orjson.JSONDecodeError as error:
        raise errors.bad_parameter(f"param {name} must be a JSON object") from error
    if not isinstance(value, dict):
        raise errors.bad_parameter(f"param {name} must be a JSON object")
    return value


def _media(ask: Ask, message: dict[str, Any]) -> list[Media]:
    attachment = message.get("attachment")
    if not isinstance(attachment, dict):
        return []
    payload = attachment.get("payload") or {}
    known = ask.world.store.media.get(f"photo_{payload.get('attachment_id', '')}")
    if known is not None:
        return [known]
    if not payload.get("url"):
        raise errors.bad_parameter("param message[attachment] needs payload.url or payload.attachment_id")
    number = str(new_key(ask.world, ask.world.clock.now_ms()))
    media = Media(f"photo_{number}", number, "photo", "image/jpeg", 800, 450, url=str(payload["url"]))
    return [ask.world.store.put_media(media)]


def _by_comment(ask: Ask, page: Account, comment_id: str) -> Account:
    """The author of a comment. Raises: a second reply, one after 7 days, an unknown comment."""
    comment = ask.world.store.post(FACEBOOK, comment_id)
    if comment is None or not is_visible(ask.world, comment) or comment.private or comment.to_id != page.id:
        raise errors.missing(comment_id, "post")
    if private_reply_to(ask.world, comment):
        raise errors.already_replied()
    if ask.world.clock.now_ms() - comment.created_ms > PRIVATE_REPLY_MS:
        raise errors.too_late_for_private_reply()
    author = ask.world.store.account(FACEBOOK, comment.author_id)
    if author is None or author is page or not author.receives_messages:
        raise errors.too_late_for_private_reply()
    return author


def _by_id(ask: Ask, page: Account, recipient: dict[str, Any]) -> Account:
    """Raises: code 100 for nobody, code 10 outside of the window."""
    person = ask.world.store.account(FACEBOOK, str(recipient.get("id", "")))
    if person is None:
        raise errors.graph_error(100, "(#100) No matching user found", subcode=2018001)
    tagged = ask.arguments.get("tag") == "HUMAN_AGENT"
    allowed = HUMAN_AGENT_MS if tagged else WINDOW_MS
    last = _last_from(ask, page, person)
    if last is None or ask.world.clock.now_ms() - last.created_ms > allowed:
        raise errors.outside_window()
    return person


def _last_from(ask: Ask, page: Account, person: Account) -> Post | None:
    store = ask.world.store
    for key in store.inbox.newest((FACEBOOK, person.id)):
        post = store.by_key[key]
        if post.author_id == person.id and post.to_id == page.id and is_visible(ask.world, post):
            return post
    return None
