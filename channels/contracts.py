"""What an adapter and the rest of the product say to each other: frozen records, no Django, no vendor types.

An adapter is built for one channel (`registry.adapter_for`) and speaks only these records, so that it can be
tested with a captured payload and no database.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol

type_json = dict[str, Any]


class Kind(StrEnum):
    """Which network a channel is on. Adding one means one folder and one line in `registry`."""

    X = "x"
    FACEBOOK = "facebook"


class StreamKind(StrEnum):
    """What a stream of a channel brings in."""

    MENTIONS = "mentions"
    SEARCH = "search"
    DIRECT_MESSAGES = "direct_messages"
    OWN_POSTS = "own_posts"
    PAGE_FEED = "page_feed"
    PAGE_MESSAGES = "page_messages"


class Visibility(StrEnum):
    PUBLIC = "public"
    PRIVATE = "private"


@dataclass(frozen=True, slots=True)
class Author:
    """A person or account on the network. `external_id` None = the network did not say who.

    `scope` is the namespace of `external_id`: the page id on Facebook, empty on X.
    """

    external_id: str | None
    scope: str = ""
    handle: str = ""
    name: str = ""
    followers: int | None = None
    verified: bool = False
    bio: str = ""
    avatar_url: str = ""


@dataclass(frozen=True, slots=True)
class Media:
    """One attachment, by its address at the network; never fetched by a browser directly."""

    kind: str  # image, video, gif, link, file
    url: str
    preview_url: str = ""
    alt: str = ""
    external_id: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """How far a post has come, as its network counted when it was read; None = it did not say."""

    views: int | None = None
    shares: int | None = None
    likes: int | None = None
    replies: int | None = None

    def __bool__(self) -> bool:
        return any((self.views, self.shares, self.likes, self.replies))


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """One post, comment or private message as the network gave it.

    Args:
        external_id: the network's id of this version.
        text: as it came (entities not yet decoded; ingest does that).
        posted_at: aware UTC, the network's time.
        root: id of the post on top of the public thread, when the network says so (X conversation_id, Facebook
            post id); for a private exchange the id of that exchange; None when only parents are known.
        in_reply_to: id of the direct parent, or None.
        mentions: external ids of the accounts that the text names or tags.
        versions: ids of all versions of this post, oldest first, when it was edited (X edit_history_tweet_ids).
        hidden: hidden under the post by the page.
        raw: exactly this item's bytes as received (JSON), at most one item.
        is_repost: a plain repost without words of its own.
        figures: None where the network said nothing of them.
    """

    external_id: str
    author: Author
    text: str
    posted_at: datetime
    visibility: Visibility = Visibility.PUBLIC
    root: str | None = None
    in_reply_to: str | None = None
    quoted: str | None = None
    mentions: tuple[str, ...] = ()
    media: tuple[Media, ...] = ()
    versions: tuple[str, ...] = ()
    edited_at: datetime | None = None
    language: str = ""
    permalink: str = ""
    hidden: bool = False
    is_repost: bool = False
    recipient: Author | None = None
    raw: bytes = b"{}"
    figures: Figures | None = None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An item that could not be parsed: kept raw, marked and counted; the rest of its page goes on."""

    reason: str
    raw: bytes
    external_id: str = ""


@dataclass(frozen=True, slots=True)
class CallUse:
    """What one fetch cost. `resources` counts billable things by name (post_read, own_mention, dm_event, …)."""

    calls: int = 0
    resources: type_json = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RateWindow:
    """One rate-limit bucket as the network's headers tell it. `used_percent` where only a percentage is known."""

    endpoint: str
    limit: int | None = None
    remaining: int | None = None
    reset_at: datetime | None = None
    used_percent: int | None = None


@dataclass(frozen=True, slots=True)
class FetchPage:
    """One page of a walk from the newest item down to the stream's mark.

    Args:
        items: what the stream itself brought, in the network's order.
        context: posts that came along as parents or quoted posts: stored, never work.
        resume: opaque JSON with which the next `fetch` goes on; None = the walk has closed.
        mark: opaque JSON, the new high-water mark; only read when `resume` is None.
        gone: external ids that the network says no longer exist.
        gap: a sentence when the network's window ended before the old mark was reached.
    """

    items: tuple[InboundMessage | Unreadable, ...] = ()
    context: tuple[InboundMessage, ...] = ()
    resume: type_json | None = None
    mark: type_json = field(default_factory=dict)
    gone: tuple[str, ...] = ()
    gap: str = ""
    use: CallUse = CallUse()
    windows: tuple[RateWindow, ...] = ()


@dataclass(frozen=True, slots=True)
class Upload:
    """One file that goes out with an answer."""

    content: bytes
    content_type: str
    alt: str = ""


@dataclass(frozen=True, slots=True)
class OutboundMessage:
    """One answer to send.

    Args:
        in_reply_to: the network's id of the message that is answered.
        recipient: external id of the person, for a private message.
        exchange: id of the private exchange, where it exists already.
        first_private: a private answer to a public comment (Facebook private reply).
        follows: it goes on with our own post before it, to which it is a reply.
    """

    text: str
    visibility: Visibility
    in_reply_to: str | None = None
    recipient: str | None = None
    exchange: str | None = None
    first_private: bool = False
    follows: bool = False
    uploads: tuple[Upload, ...] = ()


@dataclass(frozen=True, slots=True)
class SendReceipt:
    """What the network said of a message that it took."""

    external_id: str
    author_external_id: str | None
    posted_at: datetime | None = None
    permalink: str = ""
    exchange: str = ""
    use: CallUse = CallUse()
    windows: tuple[RateWindow, ...] = ()


@dataclass(frozen=True, slots=True)
class Identity:
    """Which account a set of credentials belongs to, as the network says."""

    external_id: str
    handle: str
    name: str
    followers: int | None = None
    avatar_url: str = ""
    app_external_id: str = ""


@dataclass(frozen=True, slots=True)
class FirstRead:
    """What reading a stream from the past may bring, for the price that is shown before it is done.

    Args:
        resource: the name under which an item is charged.
        per_call: items a page.
        at_most: how many items the network keeps at all; None = no end is known.
        days: how far back the network goes; None = no end is known.
    """

    resource: str
    per_call: int
    at_most: int | None = None
    days: int | None = None


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a kind of channel can do; the interface obeys it.

    Args:
        text_limit / private_limit: in characters as the network counts them.
        parts_max: posts that one public answer may be cut into; 1 = it is never cut.
        counter: which counter the composer uses: "x" (weighted) or "plain".
        private_window / extended_window / private_reply_window: seconds after the person's message, None = no end.
        private_media_max: files that go with a private message; None = as with a public one.
        prices: US dollars per resource, by the names in `CallUse.resources`; what is not listed is free.
        profile_page: address of a person at the network, with {id}; empty = the network shows none for that id.
        edits_keep_id: an edited post keeps its id, and nothing but its text says that it was edited.
        first_read: per stream, what a first connection that reaches back may bring.
    """

    kind: Kind
    label: str
    streams: tuple[StreamKind, ...]
    text_limit: int
    private_limit: int
    counter: str = "plain"
    parts_max: int = 1
    reply_public: bool = True
    reply_private: bool = True
    private_from_public: bool = False
    hide: bool = False
    like: bool = False
    delete_own: bool = True
    edit: bool = False
    edits_keep_id: bool = False
    media_max: int = 0
    private_media_max: int | None = None
    media_types: tuple[str, ...] = ()
    media_bytes: int = 0
    private_window: int | None = None
    extended_window: int | None = None
    private_reply_window: int | None = None
    oauth: bool = True
    media_hosts: tuple[str, ...] = ()
    profile_page: str = ""
    prices: Mapping[str, Decimal] = field(default_factory=dict)
    first_read: Mapping[StreamKind, FirstRead] = field(default_factory=dict)

    def files_max(self, visibility: str) -> int:
        """How many files go with an answer that these people see."""
        private = visibility == Visibility.PRIVATE and self.private_media_max is not None
        return (self.private_media_max or 0) if private else self.media_max


@dataclass(frozen=True, slots=True)
class MessageFacts:
    """Stored facts of one message from which `answerable` is computed."""

    visibility: Visibility
    posted_at: datetime
    inbound: bool
    names_us: bool
    author_known: bool
    deleted: bool
    private_replied: bool = False
    is_comment: bool = False
    last_inbound_private_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Answerable:
    """May we answer by API: publicly, privately, until when (aware UTC), and if not, why (one sentence)."""

    public: bool
    private: bool
    public_reason: str = ""
    private_reason: str = ""
    private_until: datetime | None = None


class Adapter(Protocol):
    """One network. Every method makes at most a few calls, each under a total deadline of 20 s.

    Raises (all methods that call): `RateLimited`, `TransientChannelError`, `TokenDead`, `PermissionMissing`,
    `PermanentChannelError`; `send` besides: `Refused` (nothing was posted) and `OutcomeUnknown`.
    """

    capabilities: Capabilities

    def identify(self) -> Identity: ...

    def fetch(self, stream: StreamKind, *, mark: type_json, resume: type_json | None, options: type_json) -> FetchPage:
        """One page of the stream; `options`: since (ISO time, first connection), terms (search), overlap_s."""

    def lookup(self, external_ids: tuple[str, ...]) -> FetchPage:
        """The named posts as context (at most 100), and which of them are gone."""

    def send(self, message: OutboundMessage) -> SendReceipt: ...

    def sent_since(self, since: datetime, *, private_with: str | None, in_reply_to: str | None) -> FetchPage:
        """Our own messages posted at or after `since` (all pages), to settle an unknown outcome."""

    def delete(self, external_id: str) -> None: ...

    def hide(self, external_id: str, *, hidden: bool) -> None: ...

    def like(self, external_id: str, *, liked: bool) -> None: ...

    def count(self, text: str, *, visibility: Visibility) -> int:
        """Length as the network counts it."""

    def split(self, text: str) -> tuple[str, ...]:
        """A public text in the posts that it takes (`channels.splitting`); none where it cannot go."""

    def price(self, message: OutboundMessage) -> Decimal | None:
        """US dollars that sending this costs; None = this network charges nothing."""

    def answerable(self, facts: MessageFacts, *, now: datetime) -> Answerable: ...

    def refresh(self) -> type_json | None:
        """New credentials when they are due to expire (OAuth 2), else None. The caller stores them under a lock."""


@dataclass(frozen=True, slots=True)
class KeyField:
    """One key that is typed into the form by which an account is connected."""

    name: str
    label: str
    help: str = ""
    secret: bool = True
    required: bool = True


@dataclass(frozen=True, slots=True)
class Switch:
    """One yes or no that a network's channels know, kept in the channel's options under `name`."""

    name: str
    label: str
    help: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """An account that can be connected, and the credentials that belong to it."""

    identity: Identity
    credentials: type_json


class Connecting(Protocol):
    """How accounts of one network are connected: by keys, or by asking at the network (OAuth with state and PKCE)."""

    key_fields: tuple[KeyField, ...]
    switches: tuple[Switch, ...]

    def from_keys(self, values: dict[str, str]) -> type_json:
        """Credentials from the typed keys; makes no call."""

    def by_asking(self) -> bool:
        """Whether this installation has an app of its own at the network."""

    def authorize_url(self, *, redirect_uri: str, state: str, verifier: str) -> str:
        """Where the person is sent."""

    def exchange(self, *, code: str, redirect_uri: str, verifier: str) -> type_json:
        """What the code that came back is worth.

        Raises: PermanentChannelError, TransientChannelError.
        """

    def accounts(self, credentials: type_json, identify: Callable[[type_json], Identity]) -> tuple[Found, ...]:
        """The accounts that these credentials open; `identify` asks the network whose they are."""
