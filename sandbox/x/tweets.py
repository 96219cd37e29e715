"""Posts: look up, write, delete, hide, like."""

from typing import Any

from sandbox import text as reading
from sandbox.model import Media, Post, X
from sandbox.numbers import is_number
from sandbox.writing import delete, edit, publish_on_x
from sandbox.x import problems
from sandbox.x.endpoint import Ask
from sandbox.x.fields import wanted
from sandbox.x.render import Renderer

# Seconds in which the same text of the same account is refused. X does not publish the span; a day is what is reported.
DUPLICATE_MS = 86_400_000
MEDIA_PER_POST = 4

DUPLICATE = "You are not allowed to create a Tweet with duplicate content."
NOT_ENGAGED = (
    "Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged by the "
    "author of the post you are replying to."
)
GONE = "You attempted to reply to a Tweet that is deleted or not visible to you."
TOO_LONG = (
    "Your Tweet text is too long. For more information, please see: https://developer.x.com/en/docs/counting-characters"
)


def look_up(ask: Ask) -> dict:
    ids = [post_id for post_id in ask.query.get("ids", "").split(",") if post_id]
    if not 1 <= len(ids) <= 100:
        message = f"The number of values in the `ids` query parameter list [{len(ids)}] is not between 1 and 100"
        raise problems.invalid("ids", ",".join(ids), message)
    for post_id in ids:
        checked_id(post_id, "ids")
    renderer = Renderer(ask.world, ask.caller, ask.base, wanted(ask.query))
    body: dict = {}
    for post_id in dict.fromkeys(ids):
        post = ask.world.store.post(X, post_id)
        problem = renderer.why_not(post, post_id, "ids")
        if problem is not None:
            renderer.errors.append(problem)
        elif post is not None:
            body.setdefault("data", []).append(renderer.tweet(post))
    return renderer.finish(body)


def look_up_one(ask: Ask) -> dict:
    post_id = checked_id(ask.path["id"], "id")
    renderer = Renderer(ask.world, ask.caller, ask.base, wanted(ask.query))
    post = ask.world.store.post(X, post_id)
    problem = renderer.why_not(post, post_id, "id")
    if problem is not None:
        renderer.errors.append(problem)
    body = {"data": renderer.tweet(post)} if post is not None and problem is None else {}
    return renderer.finish(body)


def create(ask: Ask) -> dict:
    body = ask.body
    text = body.get("text", "")
    media = _media(ask, body)
    if not isinstance(text, str) or (not text.strip() and not media):
        raise problems.invalid_body("$.text: is missing but it is required")
    previous = _object(body, "edit_options").get("previous_post_id")
    if previous:
        return _edited(ask, str(previous), text)
    parent = _parent(ask, body)
    if reading.weighted_length(text) > reading.MAX_WEIGHT:
        raise problems.forbidden(TOO_LONG)
    _refuse_duplicate(ask, text)
    quoted = str(body.get("quote_tweet_id", ""))
    post = publish_on_x(ask.world, ask.caller.me, text, parent=parent, quoted_id=quoted, media=media, by_client=True)
    return {"data": {"id": post.id, "text": post.text, "edit_history_tweet_ids": post.history}}


def _object(body: dict[str, Any], name: str) -> dict[str, Any]:
    value = body.get(name) or {}
    if not isinstance(value, dict):
        raise problems.invalid_body(f"$.{name}: must be an object")
    return value


def _media(ask: Ask, body: dict[str, Any]) -> list[Media]:
    ids = _object(body, "media").get("media_ids", [])
    if not isinstance(ids, list) or len(ids) > MEDIA_PER_POST:
        raise problems.invalid_body(f"$.media.media_ids: there must be a maximum of {MEDIA_PER_POST} items")
    by_id = {media.id: media for media in ask.world.store.media.values()} if ids else {}
    found = [by_id.get(str(media_id)) for media_id in ids]
    if any(media is None or media.owner_id not in ("", ask.caller.me.id) for media in found):
        raise problems.invalid_body("Your media IDs are invalid.")
    return [media for media in found if media is not None]


def _parent(ask: Ask, body: dict[str, Any]) -> Post | None:
    """The post that is answered. Raises: 400, 403 when it is gone or the rule of 2026 forbids the answer."""
    if "reply" not in body:
        return None
    post_id = str(_object(body, "reply").get("in_reply_to_tweet_id", ""))
    checked_id(post_id, "reply.in_reply_to_tweet_id")
    parent = ask.world.store.post(X, post_id)
    if parent is None or parent.deleted or parent.private:
        raise problems.forbidden(GONE)
    if ask.world.settings.reply_rule and not _is_engaged(ask, parent):
        raise problems.forbidden(NOT_ENGAGED)
    return parent


def _is_engaged(ask: Ask, parent: Post) -> bool:
    """Whether the author mentioned or quoted the account, or is the account itself.

    Source: docs.x.com changelog of 23 February 2026.
    """
    me = ask.caller.me
    if parent.author_id == me.id or me.handle.lower() in parent.mentions:
        return True
    quoted = ask.world.store.post(X, parent.quoted_id) if parent.quoted_id else None
    return quoted is not None and quoted.author_id == me.id


def _refuse_duplicate(ask: Ask, text: str) -> None:
    if not ask.world.settings.duplicate_rule or not text.strip():
        return
    store, now = ask.world.store, ask.world.clock.now_ms()
    for key in store.by_author.newest((X, ask.caller.me.id)):
        post = store.by_key[key]
        if now - post.created_ms > DUPLICATE_MS:
            return
        if post.typed.strip() == text.strip():
            raise problems.forbidden(DUPLICATE)


def _edited(ask: Ask, post_id: str, text: str) -> dict:
    post = own_post(ask, post_id)
    newer = edit(ask.world, post, reading.to_wire(text))
    newer.typed = text
    return {"data": {"id": newer.id, "text": newer.text, "edit_history_tweet_ids": newer.history}}


def own_post(ask: Ask, post_id: str) -> Post:
    """Raises: 403 when it is another's, the error body of a post that is not there."""
    post = ask.world.store.post(X, post_id)
    if post is None or post.deleted or post.private:
        raise problems.Refusal(404, {"errors": [problems.not_found("tweet", "id", post_id)]})
    if post.author_id != ask.caller.me.id:
        raise problems.forbidden("You are not authorized to delete this Tweet.")
    return post


def remove(ask: Ask) -> dict:
    """Deleting what is already gone answers the same, as X does."""
    post_id = checked_id(ask.path["id"], "id")
    post = ask.world.store.post(X, post_id)
    if post is not None and not post.deleted:
        delete(ask.world, own_post(ask, post_id))
    return {"data": {"deleted": True}}


def hide(ask: Ask) -> dict:
    """Hide or show a reply in a conversation that the caller began."""
    hidden = ask.body.get("hidden")
    if not isinstance(hidden, bool):
        raise problems.invalid_body("$.hidden: is missing but it is required")
    post_id = checked_id(ask.path["id"], "id")
    post = ask.world.store.post(X, post_id)
    if post is None or post.deleted or post.private:
        raise problems.Refusal(404, {"errors": [problems.not_found("tweet", "id", post_id)]})
    root = ask.world.store.post(X, post.conversation_id)
    if root is None or root.author_id != ask.caller.me.id or post is root:
        raise problems.forbidden("You are not permitted to hide this reply.")
    post.hidden = hidden
    ask.world.store.save_post(post)
    return {"data": {"hidden": hidden}}


def like(ask: Ask) -> dict:
    post = _liked(ask, str(ask.body.get("tweet_id", "")))
    if ask.caller.me.id not in post.likes:
        post.likes.append(ask.caller.me.id)
        ask.world.store.save_post(post)
    return {"data": {"liked": True}}


def unlike(ask: Ask) -> dict:
    post = _liked(ask, ask.path["tweet_id"])
    if ask.caller.me.id in post.likes:
        post.likes.remove(ask.caller.me.id)
        ask.world.store.save_post(post)
    return {"data": {"liked": False}}


def _liked(ask: Ask, post_id: str) -> Post:
    if ask.path["id"] != ask.caller.me.id:
        raise problems.forbidden("You are not permitted to perform this action.")
    checked_id(post_id, "tweet_id")
    post = ask.world.store.post(X, post_id)
    if post is None or post.deleted or post.private:
        raise problems.Refusal(404, {"errors": [problems.not_found("tweet", "tweet_id", post_id)]})
    return post


def checked_id(value: str, name: str) -> str:
    """Raises: 400 when it is not a number of at most 19 digits."""
    if not is_number(value):
        raise problems.invalid(name, value, f"The `{name}` query parameter value [{value}] is not valid")
    return value
