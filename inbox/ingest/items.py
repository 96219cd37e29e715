"""What a page brought, made ready to be stored: cleaned text, whose it is, what cannot be stored."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from channels.contracts import Author, InboundMessage, StreamKind, Unreadable, Visibility
from channels.models import Channel
from inbox import wording
from inbox.models.people import Profile

SOURCES: dict[str, int] = {
    StreamKind.MENTIONS: 1,
    StreamKind.SEARCH: 2,
    StreamKind.DIRECT_MESSAGES: 4,
    StreamKind.OWN_POSTS: 8,
    StreamKind.PAGE_FEED: 16,
    StreamKind.PAGE_MESSAGES: 32,
}
CONTEXT = 64

ProfileKey = tuple[str, str]  # (id_scope, external_id)


@dataclass(slots=True)
class Item:
    """One message ready to be stored.

    Args:
        external_id: the id of the first version, by which the message is known.
        version_id: the id of this version.
        ours: written by the account of the channel.
        context: came along with others; never work unless ours.
        sibling: written by another account of the organisation: shown, never work.
    """

    external_id: str
    version_id: str
    message: InboundMessage
    text: str
    noted: int
    raw: bytes
    ours: bool
    context: bool
    source: int
    sibling: bool = False

    @property
    def all_ids(self) -> set[str]:
        """Every id under which it may be answered."""
        return {self.external_id, self.version_id, *self.message.versions}

    @property
    def private(self) -> bool:
        return self.message.visibility is Visibility.PRIVATE


def prepare(
    channel: Channel,
    stream: StreamKind,
    found: Iterable[InboundMessage | Unreadable],
    *,
    context: bool,
    siblings: Collection[str] = (),
) -> tuple[list[Item], list[Unreadable]]:
    """Each item once, and what cannot be stored, with the reason.

    Args:
        siblings: external ids of the organisation's other accounts on this network.
    """
    items: dict[str, Item] = {}
    bad: list[Unreadable] = []
    source = CONTEXT if context else SOURCES[stream]
    for one in found:
        if isinstance(one, Unreadable):
            bad.append(one)
        elif reason := _cannot_store(one):
            bad.append(Unreadable(reason, one.raw[:1_000_000], one.external_id))
        else:
            item = _ready(channel, one, context=context, source=source)
            item.sibling = one.author.external_id in siblings and not item.private
            items.setdefault(item.version_id, item)
    return list(items.values()), bad


def _cannot_store(message: InboundMessage) -> str:
    if not message.external_id or len(message.external_id) > 128:
        return "The item has no usable id."
    if message.posted_at.tzinfo is None:
        return "The item's time has no zone."
    if len(message.text) > wording.LONGEST:
        return f"The text is longer than {wording.LONGEST:,} characters."
    return ""


def _ready(channel: Channel, message: InboundMessage, *, context: bool, source: int) -> Item:
    text, noted = wording.clean(message.text)
    ours = message.author.external_id == channel.external_id
    return Item(
        external_id=message.versions[0] if message.versions else message.external_id,
        version_id=message.external_id,
        message=message,
        text=text,
        noted=noted,
        raw=wording.clean_raw(message.raw),
        ours=ours,
        context=context,
        source=source,
    )


def profile_key(author: Author, *, top: str) -> ProfileKey:
    """Who somebody is; an author that the network hides is "unknown" per top-level comment."""
    return (author.scope, author.external_id or f"{Profile.UNKNOWN}{top}")


def top_comment(message: InboundMessage) -> str:
    """The id of the top-level comment that this message is or hangs on."""
    if message.in_reply_to and message.in_reply_to != message.root:
        return message.in_reply_to
    return message.external_id


def digest(raw: bytes) -> str:
    """By what the same unreadable item is recognised."""
    return hashlib.sha256(raw).hexdigest()
