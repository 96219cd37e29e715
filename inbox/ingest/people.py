"""The profiles that a page needs: those that exist, those to make, those that changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from channels.contracts import Author
from channels.models import Channel
from inbox.ingest import rows
from inbox.ingest.items import ProfileKey
from inbox.wording import clean

# Follower counts move with every read; below this share of change the row is left alone.
WORTH_WRITING = 0.01


class People:
    """Profiles by key, after everybody in `authors` has one.

    Attributes: ids (key → profile id), followers (profile id → number), verified and muted for the channel's brand
    (sets of ids).
    """

    def __init__(self, cursor: Any, channel: Channel, authors: Mapping[ProfileKey, Author]) -> None:
        self.ids: dict[ProfileKey, int] = {}
        self.followers: dict[int, int] = {}
        self.verified: set[int] = set()
        self.muted: set[int] = set()
        if authors:
            self._take_known(cursor, channel, authors)
            self._make_missing(cursor, channel.kind, authors)

    def _take_known(self, cursor: Any, channel: Channel, authors: Mapping[ProfileKey, Author]) -> None:
        changed = []
        for row in rows.known_profiles(cursor, channel.kind, channel.brand_id, list(authors)):
            id_, scope, external_id, *seen, muted = row
            author = authors.get((scope, external_id))
            if author is None:
                continue
            self.ids[(scope, external_id)] = id_
            self._remember(id_, author, followers=seen[2], muted=muted)
            if _differs(author, seen):
                changed.append([id_, *_described(author)])
        if changed:
            # In order of the ids, so that two pages never wait for each other in a circle.
            rows.change_profiles(cursor, list(zip(*sorted(changed), strict=True)))

    def _make_missing(self, cursor: Any, network: str, authors: Mapping[ProfileKey, Author]) -> None:
        missing = sorted(key for key in authors if key not in self.ids)
        if not missing:
            return
        described = [[*key, *_described(authors[key])] for key in missing]
        for id_, scope, external_id in rows.new_profiles(cursor, network, list(zip(*described, strict=True))):
            self.ids[(scope, external_id)] = id_
            self._remember(id_, authors[(scope, external_id)], followers=None, muted=False)

    def _remember(self, id_: int, author: Author, *, followers: int | None, muted: bool) -> None:
        count = author.followers if author.followers is not None else followers
        if count is not None:
            self.followers[id_] = count
        if author.verified:
            self.verified.add(id_)
        if muted:
            self.muted.add(id_)


def _described(author: Author) -> list[Any]:
    handle, name, bio = (clean(value)[0] for value in (author.handle[:200], author.name[:300], author.bio))
    return [handle, name, author.followers, author.verified, bio, author.avatar_url.replace("\0", "")]


def _differs(author: Author, seen: list[Any]) -> bool:
    """Whether the description is newer than the row; a bare mention without a name changes nothing."""
    if not author.handle and not author.name:
        return False
    handle, name, followers, verified, avatar = seen
    count = author.followers
    if count is not None and (followers is None or abs(count - followers) > WORTH_WRITING * max(followers, 1)):
        return True
    described = _described(author)
    return (described[0], described[1], author.verified, described[5]) != (handle, name, verified, avatar)
