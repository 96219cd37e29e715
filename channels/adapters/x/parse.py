"""X's JSON to our records. Pure: bytes in, records out, no Django, no calls.

An item that cannot be read becomes `Unreadable` and the page goes on; a page that cannot be read raises.
X renamed its fields in 2026 (tweet → post); both spellings are read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from channels.adapters import reading
from channels.adapters.reading import MALFORMED
from channels.adapters.x import snowflake
from channels.contracts import Author, Figures, InboundMessage, Media, Unreadable, Visibility
from core.errors import TransientChannelError

PERMALINK = "https://x.com/{handle}/status/{id}"
ParseItem = Callable[[dict[str, Any], "Includes"], InboundMessage]


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of X, read.

    Args:
        oldest / newest: lowest and highest id among the items that could be read, None on an empty page.
        gone: ids that X reports as not found.
        users / posts: how many of each came along in includes (they are billed too).
    """

    items: tuple[InboundMessage | Unreadable, ...]
    context: tuple[InboundMessage, ...] = ()
    next_token: str | None = None
    oldest: int | None = None
    newest: int | None = None
    gone: tuple[str, ...] = ()
    users: int = 0
    posts: int = 0


class Includes:
    """What X sends beside the items: each author and attachment is built once per page."""

    __slots__ = ("media", "posts", "users")

    def __init__(self, includes: dict[str, Any]) -> None:
        self.users = {author.external_id: author for author in _each(includes.get("users"), parse_author)}
        self.media = {media.external_id: media for media in _each(includes.get("media"), parse_media)}
        self.posts = reading.objects(includes.get("tweets")) + reading.objects(includes.get("posts"))

    def author(self, external_id: Any) -> Author:
        if external_id is None:
            return Author(None)
        return self.users.get(external_id) or Author(_id(external_id))


def posts_page(content: bytes) -> Page:
    """A timeline, search or look-up page.

    Raises: `TransientChannelError` when the page as a whole is not what X sends.
    """
    return _page(content, parse_post)


def dm_page(content: bytes) -> Page:
    """A page of direct message events.

    Raises: `TransientChannelError`.
    """
    return _page(content, parse_dm)


def load(content: bytes) -> dict[str, Any]:
    """The object in an answer's body.

    Raises: `TransientChannelError`.
    """
    return reading.load(content, "X")


def parse_post(item: dict[str, Any], includes: Includes) -> InboundMessage:
    """Raises: one of `MALFORMED`."""
    external_id = _id(item["id"])
    author = includes.author(item.get("author_id"))
    note = item.get("note_tweet") or item.get("note_post") or {}
    replied, quoted, reposted = _references(item.get("referenced_tweets") or item.get("referenced_posts") or ())
    versions = tuple(item.get("edit_history_tweet_ids") or item.get("edit_history_post_ids") or ())
    edited = len(versions) > 1
    posted_at = _time(item.get("created_at"), external_id)
    return InboundMessage(
        external_id=external_id,
        author=author,
        text=reading.text(note.get("text") or item.get("text")),
        posted_at=snowflake.to_time(int(versions[0])) if edited else posted_at,
        root=_optional_id(item.get("conversation_id")),
        in_reply_to=replied,
        quoted=quoted,
        mentions=_mentions(item.get("entities"), note.get("entities")),
        media=_attachments(item.get("attachments"), includes),
        versions=tuple(map(_id, versions)) if edited else (),
        edited_at=posted_at if edited else None,
        language=reading.text(item.get("lang")),
        permalink=PERMALINK.format(handle=author.handle or "i", id=external_id),
        is_repost=reposted,
        raw=orjson.dumps(item),
        figures=_figures(item.get("public_metrics")),
    )


def _figures(metrics: Any) -> Figures | None:
    if not isinstance(metrics, dict):
        return None
    shares = metrics.get("retweet_count", metrics.get("repost_count"))
    views, likes, replies = map(metrics.get, ("impression_count", "like_count", "reply_count"))
    return reading.figures(views, shares, likes, replies)


def parse_dm(item: dict[str, Any], includes: Includes) -> InboundMessage:
    """Raises: one of `MALFORMED`."""
    external_id = _id(item["id"])
    sender = _id(item["sender_id"])
    exchange = _optional_id(item.get("dm_conversation_id"))
    recipient = _other(sender, exchange, item.get("participant_ids") or ())
    return InboundMessage(
        external_id=external_id,
        author=includes.author(sender),
        text=reading.text(item.get("text")),
        posted_at=_time(item.get("created_at"), external_id),
        visibility=Visibility.PRIVATE,
        root=exchange,
        mentions=_mentions(item.get("entities"), None),
        media=_attachments(item.get("attachments"), includes),
        recipient=includes.author(recipient) if recipient else None,
        raw=orjson.dumps(item),
    )


def parse_author(user: dict[str, Any]) -> Author:
    """Raises: one of `MALFORMED`."""
    metrics = user.get("public_metrics") or {}
    return Author(
        external_id=_id(user["id"]),
        handle=reading.text(user.get("username")),
        name=reading.text(user.get("name")),
        followers=reading.count(metrics.get("followers_count")),
        verified=user.get("verified") is True,
        bio=reading.text(user.get("description")),
        avatar_url=reading.text(user.get("profile_image_url")),
    )


def parse_media(media: dict[str, Any]) -> Media:
    """Raises: one of `MALFORMED`."""
    return Media(
        kind=MEDIA_KINDS.get(media.get("type", ""), "file"),
        url=reading.text(media.get("url")) or _best_variant(media.get("variants") or ()),
        preview_url=reading.text(media.get("preview_image_url")),
        alt=reading.text(media.get("alt_text")),
        external_id=reading.text(media["media_key"]),
    )


MEDIA_KINDS = {"photo": "image", "video": "video", "animated_gif": "gif"}


def _page(content: bytes, parse_item: ParseItem) -> Page:
    body = load(content)
    meta, errors = body.get("meta") or {}, body.get("errors") or []
    raw_items = _items(body, meta, errors)
    raw_includes = body.get("includes") or {}
    if not (isinstance(meta, dict) and isinstance(errors, list) and isinstance(raw_includes, dict)):
        raise TransientChannelError("X sent a page that cannot be read.")
    includes = Includes(raw_includes)
    items = reading.items(raw_items, lambda item: parse_item(item, includes))
    ids = [int(item.external_id) for item in items if type(item) is InboundMessage]
    context = reading.items(includes.posts, lambda item: parse_post(item, includes))
    return Page(
        items=items,
        context=tuple(item for item in context if isinstance(item, InboundMessage)),
        next_token=_token(meta.get("next_token")),
        oldest=min(ids, default=None),
        newest=max(ids, default=None),
        gone=tuple(_gone(errors)),
        users=len(includes.users),
        posts=len(includes.posts),
    )


def _items(body: dict[str, Any], meta: Any, errors: Any) -> list[Any]:
    """The items of a page; absent only where X itself says that there are none."""
    if "data" in body:
        data = body["data"]
        if isinstance(data, dict):
            return [data]
        if isinstance(data, list):
            return data
    elif errors or (isinstance(meta, dict) and meta.get("result_count") == 0):
        return []
    raise TransientChannelError("X sent a page without its items.")


def _id(value: Any) -> str:
    """An id as X writes it: digits in a string.

    Raises: `ValueError`.
    """
    if type(value) is str and value.isascii() and value.isdigit() and len(value) <= 19:
        return value
    raise ValueError("not an id")


def _optional_id(value: Any) -> str | None:
    """Direct message exchanges are "a-b"; everything else is digits."""
    if value is None:
        return None
    if type(value) is str and value.replace("-", "", 1).isdigit() and len(value) <= 40:
        return value
    raise ValueError("not an id")


def _time(value: Any, external_id: str) -> datetime:
    """`created_at`, or where it was not sent what the id says.

    Raises: `ValueError`.
    """
    if value is None:
        return snowflake.to_time(int(external_id))
    return reading.moment(value)


def _token(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value or None
    raise TransientChannelError("X sent a page whose continuation cannot be read.")


def _references(references: Any) -> tuple[str | None, str | None, bool]:
    replied = quoted = None
    reposted = False
    for reference in references:
        kind = reference.get("type")
        if kind == "replied_to":
            replied = _id(reference["id"])
        elif kind == "quoted":
            quoted = _id(reference["id"])
        elif kind == "retweeted":
            reposted = True
    return replied, quoted, reposted


def _mentions(entities: Any, note_entities: Any) -> tuple[str, ...]:
    if not entities and not note_entities:
        return ()
    found: dict[str, None] = {}
    for source in (entities, note_entities):
        for mention in (source or {}).get("mentions") or ():
            if mention.get("id") is not None:
                found[_id(mention["id"])] = None
    return tuple(found)


def _attachments(attachments: Any, includes: Includes) -> tuple[Media, ...]:
    if not attachments:
        return ()
    keys = attachments.get("media_keys") or ()
    # An attachment that X does not describe is still one: people must see that something was there.
    return tuple(includes.media.get(key) or Media(kind="file", url="", external_id=reading.text(key)) for key in keys)


def _best_variant(variants: Any) -> str:
    playable = [each for each in variants if each.get("content_type") == "video/mp4"]
    return reading.text(max(playable, key=lambda each: each.get("bit_rate", 0)).get("url")) if playable else ""


def _other(sender: str, exchange: str | None, participants: Any) -> str | None:
    """Whom a direct message went to, in an exchange of two."""
    people = [_id(each) for each in participants] or (exchange or "").split("-")
    others = [each for each in people if each and each != sender]
    return others[0] if len(people) == 2 and len(others) == 1 else None


def _gone(errors: list[Any]) -> Iterator[str]:
    for error in reading.objects(errors):
        missing = str(error.get("type", "")).endswith("/resource-not-found")
        if missing and error.get("resource_type", "tweet") in ("tweet", "post"):
            external_id = error.get("resource_id") or error.get("value")
            if isinstance(external_id, str):
                yield external_id


def _each(value: Any, parse: Callable[[dict[str, Any]], Any]) -> Iterator[Any]:
    """What can be read of a list of includes; the items that point at the rest only lose the detail."""
    for item in reading.objects(value):
        try:
            yield parse(item)
        except MALFORMED:
            continue
