"""Which thread a public post belongs to, and whose conversation an answer is part of. Pure functions.

Threads are found by the network's own root where it gives one, else by parents alone: the topmost known
ancestor, or the missing parent above it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Post:
    """What weaving needs of a post: new, along for context, or stored.

    Args:
        root: the network's root, or the root of the stored thread; None = unknown, climb.
        ours: written by the account itself.
        author: key of the person who wrote it.
    """

    external_id: str
    in_reply_to: str | None
    root: str | None
    ours: bool
    author: str | None


def root_of(external_id: str, posts: Mapping[str, Post]) -> str:
    """The external id on top of the thread; a parent that nobody knows is the top. Cycles end where they close."""
    seen: set[str] = set()
    current = external_id
    while current not in seen:
        seen.add(current)
        post = posts.get(current)
        if post is None:
            return current
        if post.root is not None:
            return post.root
        if post.in_reply_to is None:
            return post.external_id  # which differs from `current` where that is the id of a later version
        current = post.in_reply_to
    return current


def partner_of(external_id: str, posts: Mapping[str, Post]) -> Post | None:
    """The nearest post above (or at) this one that is not ours; None = our own talk, or its parent is unknown."""
    seen: set[str] = set()
    current: str | None = external_id
    while current is not None and current not in seen:
        seen.add(current)
        post = posts.get(current)
        if post is None:
            return None
        if not post.ours:
            return post
        current = post.in_reply_to
    return None


def unknown_parents(posts: Mapping[str, Post]) -> set[str]:
    """Ids that must be asked for so that every post's root and partner can be told, and its parent be shown."""
    wanted = set()
    for post in posts.values():
        if post.in_reply_to is not None and post.in_reply_to not in posts:
            wanted.add(post.in_reply_to)
    return wanted
