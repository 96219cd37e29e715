"""Where each message of a page belongs: its thread and, unless it is context, its conversation."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from channels.contracts import Author
from channels.models import Channel
from inbox import dispatch
from inbox.ingest import rows
from inbox.ingest.items import Item, ProfileKey, profile_key, top_comment
from inbox.ingest.people import People
from inbox.ingest.rows import Stored
from inbox.ingest.turns import Turn, new_turn, stored_turn
from inbox.weaving import Post, partner_of, root_of

_SEPARATOR = "\x1f"


@dataclass(slots=True)
class Spot:
    """Where one message belongs; without partner and conversation it is context."""

    root: str | None = None
    exchange: str | None = None
    partner: ProfileKey | None = None
    conversation_id: int | None = None
    thread_id: int | None = None

    @property
    def key(self) -> str | None:
        if self.exchange is not None:
            return f"dm:{self.exchange}"
        return f"post:{self.root}" if self.partner is not None else None


def author_of(item: Item) -> ProfileKey:
    return profile_key(item.message.author, top=top_comment(item.message))


def weave(items: Iterable[Item], known: Mapping[str, Stored], siblings: Collection[str]) -> dict[str, Post]:
    """All public posts in sight, by each of their ids; the organisation's other accounts are nobody's partner."""
    posts = {}
    for id_, s in known.items():
        author = _SEPARATOR.join(s.author) if s.author and s.author[1] not in siblings else None
        posts[id_] = Post(id_, s.in_reply_to or None, s.thread_root, s.ours, author)
    for item in items:
        if not item.private:
            author = None if item.ours or item.sibling else _SEPARATOR.join(author_of(item))
            message = item.message
            post = Post(item.external_id, message.in_reply_to, message.root, item.ours, author)
            posts.setdefault(item.version_id, post)
            posts.setdefault(item.external_id, post)
    return posts


def spot_of(item: Item, posts: Mapping[str, Post], known: Mapping[str, Stored]) -> Spot:
    """The place of one message, as far as it can be told without asking the database again."""
    if item.private:
        return _private_spot(item)
    root = root_of(item.external_id, posts)
    if not item.ours:
        return Spot(root=root, partner=None if item.context or item.sibling else author_of(item))
    parent = item.message.in_reply_to
    if conversation_id := _talk_above(parent, posts, known):
        return Spot(root=root, conversation_id=conversation_id)
    partner = partner_of(parent, posts) if parent else None
    if partner is None or partner.author is None:
        return Spot(root=root)
    scope, external_id = partner.author.split(_SEPARATOR, 1)
    return Spot(root=root, partner=(scope, external_id))


def _talk_above(parent: str | None, posts: Mapping[str, Post], known: Mapping[str, Stored]) -> int | None:
    """The conversation of the nearest stored post above, through posts of ours only; versions count as their post."""
    seen: set[str] = set()
    while parent is not None and parent not in seen:
        seen.add(parent)
        post = posts.get(parent)
        stored = known.get(parent) or (known.get(post.external_id) if post else None)
        if stored is not None and stored.conversation_id is not None:
            return stored.conversation_id
        parent = post.in_reply_to if post is not None and post.ours else None
    return None


def _private_spot(item: Item) -> Spot:
    message = item.message
    other = message.recipient if item.ours else message.author
    if other is None or other.external_id is None:
        return Spot(exchange=message.root)
    return Spot(exchange=message.root or other.external_id, partner=(other.scope, other.external_id))


def authors_of(items: Iterable[Item], spots: Iterable[Spot]) -> dict[ProfileKey, Author]:
    """Everybody who needs a profile; who writes is described better than who is only written to."""
    authors: dict[ProfileKey, Author] = {}
    for item in items:
        recipient = item.message.recipient
        if not item.ours:
            authors[author_of(item)] = item.message.author
        elif recipient is not None and recipient.external_id is not None:
            authors.setdefault((recipient.scope, recipient.external_id), recipient)
    for spot in spots:
        if spot.partner is not None:
            authors.setdefault(spot.partner, Author(spot.partner[1], spot.partner[0]))
    return authors


class Places:
    """Threads and conversations of a page, made where they are missing (rows of new ones are written later).

    Attributes: turns (conversation id → Turn), people.
    """

    def __init__(self, cursor: Any, channel: Channel, posts: Mapping[str, Post], people: People) -> None:
        self._cursor = cursor
        self._channel = channel
        self._posts = posts
        self.people = people
        self.turns: dict[int, Turn] = {}
        self._by_key: dict[tuple[str, int], Turn] = {}

    def settle(self, spots: list[Spot]) -> None:
        """Give every spot its thread and its conversation."""
        threads = self._threads({spot.root for spot in spots if spot.root is not None})
        for spot in spots:
            spot.thread_id = threads[spot.root] if spot.root is not None else None
        self._load(spots)
        self._open(spots)
        for spot in spots:
            if spot.conversation_id is None and spot.key is not None:
                turn = self._turn(spot)
                spot.conversation_id = turn.id if turn else None

    def _threads(self, roots: set[str]) -> dict[str, int]:
        if not roots:
            return {}
        ids = rows.threads(self._cursor, self._channel.pk, roots)
        missing = sorted(roots - ids.keys())
        ids.update(zip(missing, rows.allocate(self._cursor, thread=len(missing))["thread"], strict=True))
        lines = ((ids[root], self._channel.pk, root, self._is_ours(root)) for root in missing)
        rows.copy(self._cursor, "thread", rows.THREAD_COLUMNS, lines)
        return ids

    def _is_ours(self, root: str) -> bool:
        post = self._posts.get(root)
        return post is not None and post.ours

    def _load(self, spots: list[Spot]) -> None:
        keys = {spot.key for spot in spots if spot.key is not None}
        ids = {spot.conversation_id for spot in spots if spot.conversation_id is not None}
        if keys or ids:
            for row in rows.turns(self._cursor, self._channel.pk, keys, ids):
                self._add(stored_turn(row))

    def _add(self, turn: Turn) -> None:
        self.turns[turn.id] = self._by_key[(turn.thread_key, turn.profile_id)] = turn

    def _turn(self, spot: Spot) -> Turn | None:
        if spot.partner is not None and spot.key is not None:
            return self._by_key.get((spot.key, self.people.ids[spot.partner]))
        # Our private message without its recipient joins the exchange if it is known, else it is context.
        return next((turn for (key, _), turn in self._by_key.items() if key == spot.key), None)

    def _open(self, spots: list[Spot]) -> None:
        missing: dict[tuple[str, int], Spot] = {}
        for spot in spots:
            if spot.conversation_id is None and spot.key is not None and spot.partner is not None:
                missing.setdefault((spot.key, self.people.ids[spot.partner]), spot)
        missing = {pair: spot for pair, spot in missing.items() if pair not in self._by_key}
        if not missing:
            return
        ids = rows.allocate(self._cursor, conversation=len(missing))["conversation"]
        placements = dispatch.place([self._arrival(*pair) for pair in missing])
        for id_, (pair, spot), placement in zip(ids, missing.items(), placements, strict=True):
            muted = pair[1] in self.people.muted
            self._add(new_turn(id_, *pair, self._channel.brand_id, spot.thread_id, placement, muted=muted))

    def _arrival(self, key: str, profile_id: int) -> dispatch.Arrival:
        return dispatch.Arrival(
            channel_id=self._channel.pk,
            brand_id=self._channel.brand_id,
            private=key.startswith("dm:"),
            followers=self.people.followers.get(profile_id),
            verified=profile_id in self.people.verified,
            network=self._channel.kind,
        )
