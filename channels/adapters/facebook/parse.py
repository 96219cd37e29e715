"""Graph API JSON to our records. Pure: bytes in, records out, no Django, no calls."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import orjson

from channels.adapters import reading
from channels.contracts import Author, InboundMessage, Media, Unreadable, Visibility
from core.errors import TransientChannelError

# The parameters of a `next` link that say where to go on. The link itself carries a token and is never called.
PLACE_KEYS = ("after", "until", "__paging_token", "offset")


@dataclass(frozen=True, slots=True)
class Page:
    """One page of an edge.

    Args:
        raw: the items as they came, for what is not part of a message (counts, nested edges).
        next: parameters of the next page, None on the last one.
    """

    items: tuple[InboundMessage | Unreadable, ...]
    raw: tuple[Any, ...] = ()
    next: dict[str, str] | None = None

    @property
    def messages(self) -> tuple[InboundMessage, ...]:
        return tuple(item for item in self.items if isinstance(item, InboundMessage))

    @property
    def oldest(self) -> datetime | None:
        return min((item.posted_at for item in self.messages), default=None)

    @property
    def newest(self) -> datetime | None:
        return max((item.posted_at for item in self.messages), default=None)


def load(content: bytes) -> dict[str, Any]:
    """The object in an answer's body.

    Raises: `TransientChannelError`.
    """
    return reading.load(content, "Facebook")


def posts_page(body: Any, page_id: str) -> Page:
    """Posts on the page, by itself and by visitors.

    Raises: `TransientChannelError` when the page as a whole is not what Graph sends.
    """
    raw = edge_items(body)
    return Page(reading.items(raw, lambda item: parse_post(item, page_id)), tuple(raw), next_place(body))


def comments_page(body: Any, page_id: str, post_id: str) -> Page:
    """Comments of all levels under one post.

    Raises: `TransientChannelError`.
    """
    raw = edge_items(body)
    return Page(reading.items(raw, lambda item: parse_comment(item, page_id, post_id)), tuple(raw), next_place(body))


def messages_page(body: Any, page_id: str, exchange: str) -> Page:
    """Messages of one private exchange.

    Raises: `TransientChannelError`.
    """
    raw = edge_items(body)
    return Page(reading.items(raw, lambda item: parse_message(item, page_id, exchange)), tuple(raw), next_place(body))


def edge_items(body: Any) -> list[Any]:
    """The `data` of an edge.

    Raises: `TransientChannelError`.
    """
    data = body.get("data") if isinstance(body, dict) else None
    if not isinstance(data, list):
        raise TransientChannelError("Facebook sent a page without its items.")
    return data


def next_place(body: dict[str, Any]) -> dict[str, str] | None:
    """Where the edge goes on.

    Raises: `TransientChannelError`.
    """
    paging = body.get("paging") or {}
    link = paging.get("next") if isinstance(paging, dict) else paging
    if link is None:
        return None
    if not isinstance(link, str):
        raise TransientChannelError("Facebook sent a page whose continuation cannot be read.")
    try:
        query = dict(parse_qsl(urlsplit(link).query))
    except ValueError:
        query = {}
    place = {key: query[key] for key in PLACE_KEYS if key in query}
    if not place:
        raise TransientChannelError("Facebook sent a page whose continuation cannot be read.")
    return place


def parse_post(item: dict[str, Any], page_id: str) -> InboundMessage:
    """Raises: one of `reading.MALFORMED`."""
    external_id = _id(item["id"])
    return InboundMessage(
        external_id=external_id,
        author=parse_author(item.get("from"), page_id),
        text=reading.text(item.get("message")),
        posted_at=reading.moment(item["created_time"]),
        root=external_id,
        mentions=_tagged(item.get("message_tags")),
        media=_attachments(item.get("attachments")),
        permalink=reading.link(item.get("permalink_url")),
        hidden=item.get("is_hidden") is True,
        raw=orjson.dumps(item),
        figures=reading.figures(likes=_total(item.get("reactions")), replies=_total(item.get("comments"))),
    )


def _total(edge: Any) -> Any:
    summary = edge.get("summary") if isinstance(edge, dict) else None
    return summary.get("total_count") if isinstance(summary, dict) else None


def parse_comment(item: dict[str, Any], page_id: str, post_id: str) -> InboundMessage:
    """A comment, or a reply to one: without a parent it stands directly under the post.

    Raises: one of `reading.MALFORMED`.
    """
    parent, attachment = item.get("parent"), item.get("attachment")
    return InboundMessage(
        external_id=_id(item["id"]),
        author=parse_author(item.get("from"), page_id),
        text=reading.text(item.get("message")),
        posted_at=reading.moment(item["created_time"]),
        root=post_id,
        in_reply_to=_id(parent["id"]) if parent else post_id,
        mentions=_tagged(item.get("message_tags")),
        media=_media_of(attachment) if attachment else (),
        permalink=reading.link(item.get("permalink_url")),
        hidden=item.get("is_hidden") is True,
        raw=orjson.dumps(item),
        figures=reading.figures(likes=item.get("like_count"), replies=item.get("comment_count")),
    )


def parse_message(item: dict[str, Any], page_id: str, exchange: str) -> InboundMessage:
    """Raises: one of `reading.MALFORMED`."""
    recipients = (item.get("to") or {}).get("data") or ()
    return InboundMessage(
        external_id=_id(item["id"]),
        author=parse_author(item.get("from"), page_id),
        text=reading.text(item.get("message")),
        posted_at=reading.moment(item["created_time"]),
        visibility=Visibility.PRIVATE,
        root=exchange,
        media=_message_media(item),
        recipient=parse_author(recipients[0], page_id) if recipients else None,
        raw=orjson.dumps(item),
    )


def parse_author(person: Any, page_id: str) -> Author:
    """Who wrote; Graph leaves people out who did not allow the app to know them.

    Raises: one of `reading.MALFORMED`.
    """
    if not person or person.get("id") is None:
        return Author(None, scope=page_id)
    return Author(
        external_id=_id(person["id"]),
        scope=page_id,
        handle=reading.text(person.get("username")),
        name=reading.text(person.get("name")),
    )


def comment_count(item: dict[str, Any]) -> int | None:
    """How many comments of all levels stand under a post, None where Graph did not say."""
    try:
        count = item["comments"]["summary"]["total_count"]
    except reading.MALFORMED:
        return None
    return count if type(count) is int else None


def _id(value: Any) -> str:
    if type(value) is str and reading.is_plain(value):
        return value
    raise ValueError("not an id")


def _tagged(tags: Any) -> tuple[str, ...]:
    """Ids of the people and pages that the text tags; Graph sends a list, or an object of lists."""
    if not tags:
        return ()
    groups = tags.values() if isinstance(tags, dict) else [tags]
    return tuple(dict.fromkeys(_id(tag["id"]) for group in groups for tag in group if tag.get("id")))


def _attachments(attachments: Any) -> tuple[Media, ...]:
    if not attachments:
        return ()
    found: list[Media] = []
    for attachment in attachments.get("data") or ():
        parts = (attachment.get("subattachments") or {}).get("data") or (attachment,)
        for part in parts:
            found += _media_of(part)
    return tuple(found)


def _media_of(attachment: dict[str, Any]) -> tuple[Media, ...]:
    kind = _kind(reading.text(attachment.get("type")))
    media = attachment.get("media") or {}
    image = reading.text((media.get("image") or {}).get("src"))
    page = reading.text(attachment.get("url"))
    own = reading.text(media.get("source")) if kind in ("video", "gif") else image
    return (
        Media(
            kind=kind,
            url=page if kind == "link" else own or page,
            preview_url=image,
            alt=reading.text(attachment.get("title")) or reading.text(attachment.get("description")),
            external_id=reading.text((attachment.get("target") or {}).get("id")),
        ),
    )


def _kind(type_name: str) -> str:
    if "video" in type_name:
        return "video"
    if "animated" in type_name:
        return "gif"
    if "photo" in type_name or type_name in ("sticker", "album", "cover_photo", "profile_media"):
        return "image"
    return "file" if "file" in type_name else "link"


def _message_media(item: dict[str, Any]) -> tuple[Media, ...]:
    found = [_message_attachment(each) for each in (item.get("attachments") or {}).get("data") or ()]
    if sticker := item.get("sticker"):
        found.append(Media(kind="image", url=reading.text(sticker), alt="sticker"))
    for share in (item.get("shares") or {}).get("data") or ():
        found.append(Media(kind="link", url=reading.text(share.get("link")), alt=reading.text(share.get("name"))))
    return tuple(found)


def _message_attachment(attachment: dict[str, Any]) -> Media:
    image, video = attachment.get("image_data") or {}, attachment.get("video_data") or {}
    kind = "image" if image else "video" if video else "file"
    data = image or video
    return Media(
        kind=kind,
        url=reading.text(data.get("url")) or reading.text(attachment.get("file_url")),
        preview_url=reading.text(data.get("preview_url")),
        alt=reading.text(attachment.get("name")),
        external_id=reading.text(attachment.get("id")),
    )
