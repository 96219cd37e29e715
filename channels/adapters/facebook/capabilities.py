"""What a Facebook page can do, and when it may answer.

Source: developers.facebook.com Messenger Platform policy (24 hours, HUMAN_AGENT 7 days), private replies (one per
comment, 7 days), Send API (2,000 characters), comments (8,000 characters), read 2026-09.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from channels.contracts import Answerable, Capabilities, Kind, MessageFacts, StreamKind, Visibility

WINDOW = timedelta(hours=24)
EXTENDED_WINDOW = timedelta(days=7)
PRIVATE_REPLY_WINDOW = timedelta(days=7)

CAPABILITIES = Capabilities(
    kind=Kind.FACEBOOK,
    label="Facebook",
    streams=(StreamKind.PAGE_FEED, StreamKind.PAGE_MESSAGES),
    text_limit=8000,
    private_limit=2000,
    private_from_public=True,
    hide=True,
    like=True,
    edits_keep_id=True,
    media_max=1,
    media_types=("image/jpeg", "image/png", "image/gif"),
    media_bytes=4 * 1024 * 1024,
    private_window=int(WINDOW.total_seconds()),
    extended_window=int(EXTENDED_WINDOW.total_seconds()),
    private_reply_window=int(PRIVATE_REPLY_WINDOW.total_seconds()),
    media_hosts=("fbcdn.net", "fbsbx.com"),
)


def answerable(facts: MessageFacts, *, now: datetime) -> Answerable:
    """Whether this message may be answered through the API, until when, and if not, why."""
    if not facts.inbound:
        return _closed("This is our own message.")
    if facts.deleted:
        return _closed("The message was deleted by its author.")
    if facts.visibility is Visibility.PRIVATE:
        return _private_exchange(facts, now)
    reason, until = _private_reply(facts, now)
    return Answerable(public=True, private=not reason, private_reason=reason, private_until=until)


def _private_exchange(facts: MessageFacts, now: datetime) -> Answerable:
    until = (facts.last_inbound_private_at or facts.posted_at) + EXTENDED_WINDOW
    late = "" if now < until else "Facebook closes private answers seven days after the person's last message."
    return Answerable(
        public=False,
        private=not late,
        public_reason="This is a private message.",
        private_reason=late,
        private_until=until,
    )


def _private_reply(facts: MessageFacts, now: datetime) -> tuple[str, datetime | None]:
    """Why a comment may not be answered in private, or until when it may."""
    until = facts.posted_at + PRIVATE_REPLY_WINDOW
    if not facts.is_comment:
        return "Facebook lets a page answer comments in private, not posts.", None
    if facts.private_replied:
        return "Facebook allows one private answer to a comment, and it was given.", None
    if now >= until:
        return "Facebook allows a private answer within seven days of the comment.", None
    return "", until


def _closed(reason: str) -> Answerable:
    return Answerable(public=False, private=False, public_reason=reason, private_reason=reason)
