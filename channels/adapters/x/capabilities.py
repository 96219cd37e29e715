"""What a channel on X can do, and whom it may answer.

Source: docs.x.com rate limits, media best practices, direct messages (one attachment each), changelog of 2026-02-23
(self-serve apps answer only authors who mentioned or quoted them; Enterprise is exempt), read 2026-08.
"""

from __future__ import annotations

from twitter_text import parse_tweet

from channels import splitting
from channels.adapters.x import prices, queries
from channels.adapters.x.pieces import pieces_of
from channels.contracts import Answerable, Capabilities, FirstRead, Kind, MessageFacts, StreamKind, Visibility

# Ours, not X's: one figure numbers each post, and whoever has more to say says it in private.
POSTS_AT_MOST = 9

CAPABILITIES = Capabilities(
    kind=Kind.X,
    label="X",
    profile_page="https://x.com/i/user/{id}",  # by id, since a handle may be somebody else's tomorrow
    streams=(StreamKind.MENTIONS, StreamKind.SEARCH, StreamKind.DIRECT_MESSAGES, StreamKind.OWN_POSTS),
    text_limit=280,
    private_limit=10_000,
    parts_max=POSTS_AT_MOST,
    counter="x",
    hide=True,
    like=True,
    media_max=4,
    private_media_max=1,
    media_types=("image/jpeg", "image/png", "image/webp", "image/gif"),
    media_bytes=5 * 1024 * 1024,
    media_hosts=("pbs.twimg.com", "video.twimg.com", "abs.twimg.com"),
    prices=prices.USD,
    first_read={
        StreamKind.MENTIONS: FirstRead("post_read", queries.PAGE_SIZE, at_most=queries.MENTIONS_WINDOW),
        StreamKind.SEARCH: FirstRead("post_read", queries.PAGE_SIZE, days=7),
        StreamKind.DIRECT_MESSAGES: FirstRead("dm_event", queries.PAGE_SIZE, days=30),
        StreamKind.OWN_POSTS: FirstRead("post_read", queries.PAGE_SIZE, at_most=queries.OWN_POSTS_WINDOW),
    },
)


def length(text: str, visibility: Visibility) -> int:
    """Characters as X counts them: links 23, emoji and CJK 2; direct messages plainly."""
    return len(text) if visibility is Visibility.PRIVATE else parse_tweet(text).weightedLength


def split(text: str) -> tuple[str, ...]:
    """The posts that a public text takes; none where it does not fit into a thread either."""
    limit = CAPABILITIES.text_limit
    heavy = length(text, Visibility.PUBLIC)
    if heavy <= limit:
        return (text,)
    if heavy > limit * POSTS_AT_MOST:
        return ()

    def count(part: str) -> int:
        return length(part, Visibility.PUBLIC)

    return splitting.split(text, pieces_of(text), limit=limit, most=POSTS_AT_MOST, count=count)


def answerable(facts: MessageFacts, *, enterprise: bool) -> Answerable:
    """Whether this message may be answered through the API, and if not, why."""
    if not facts.inbound:
        return _closed("This is our own message.")
    if facts.deleted:
        return _closed("The message was deleted by its author.")
    if facts.visibility is Visibility.PRIVATE:
        return Answerable(public=False, private=True, public_reason="This is a private message.")
    private_reason = "X opens direct messages only to people who wrote to us first."
    if enterprise or facts.names_us:
        return Answerable(public=True, private=False, private_reason=private_reason)
    reason = "X allows answers through the API only to authors who mentioned or quoted the account."
    return Answerable(public=False, private=False, public_reason=reason, private_reason=private_reason)


def _closed(reason: str) -> Answerable:
    return Answerable(public=False, private=False, public_reason=reason, private_reason=reason)
