"""Is one of these posts the answer whose outcome we do not know? Pure functions (reliability.md §2.2)."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

# How far the network's clock may be behind ours.
SKEW = timedelta(seconds=60)
# How far back a look-up pages before the start of sending. Source: reliability.md §2.2.
LOOK_BACK = timedelta(seconds=120)

_LINK = re.compile(r"https?://\S+")
_ADDRESSED = re.compile(r"^(?:@\w+\s+)+")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What we tried to post.

    Args:
        answers: the network's id of the message that it answers, publicly.
        alone: no other answer to that message is in doubt, so that a post under it can only be this one.
    """

    text: str
    started_at: datetime
    public: bool
    answers: str | None
    alone: bool = True


@dataclass(frozen=True, slots=True)
class Post:
    """A post of the account that belongs to no other answer of ours. `key` is the caller's own name for it."""

    key: str
    in_reply_to: str | None
    text: str
    posted_at: datetime


def plain(text: str) -> str:
    """The words that a network leaves alone: it escapes, rewrites links and puts handles in front."""
    words = unicodedata.normalize("NFC", html.unescape(text))
    return _SPACE.sub(" ", _ADDRESSED.sub("", _LINK.sub("", words))).strip()


def find(wanted: Wanted, posts: Iterable[Post]) -> Post | None:
    """The post that is ours, or None.

    Publicly the answered message decides and the text only among several; a private message names no message that
    it answers, so there the text decides.
    """
    possible = [post for post in posts if _possible(wanted, post)]
    same = [post for post in possible if plain(post.text) == plain(wanted.text)]
    if same:
        return min(same, key=lambda post: post.posted_at)
    if wanted.public and wanted.alone and len(possible) == 1:
        return possible[0]
    return None


def _possible(wanted: Wanted, post: Post) -> bool:
    if post.posted_at < wanted.started_at - SKEW:
        return False
    return not wanted.public or post.in_reply_to == wanted.answers
