"""Triage of stored messages: their facts loaded, judged by what is in force, and kept."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from django.db import connection

from channels import registry
from channels.contracts import Adapter, MessageFacts, Visibility
from channels.models import Channel
from core.clock import database_now
from inbox.models.issue import Issue
from routing.models.triage import MessageTriage, TriageModel
from routing.triage import model
from routing.triage.contracts import LABELS, RULES, IssueView, Scope, Setup, Subject, Verdicts
from routing.triage.engine import triage

WORDS = "words-2"
"""The version of our word lists and rules; raised when they change what triage says."""

# A thread's conversations are the people who speak in it; how many spoke within the hour is how fast it spreads.
_SUBJECTS = """
SELECT m.id, m.text, m.channel_id, ch.kind, m.visibility, m.direction, m.names_us, m.posted_at,
  m.deleted_at IS NOT NULL, m.in_reply_to <> '', coalesce(p.handle, ''), p.followers, coalesce(p.verified, false),
  coalesce(p.external_id NOT LIKE 'unknown:%%', false), m.thread_id
FROM inbox_message m JOIN channels_channel ch ON ch.id = m.channel_id
LEFT JOIN inbox_profile p ON p.id = m.profile_id
WHERE m.id = ANY(%s) ORDER BY m.id
"""
_SPREAD = """
SELECT c.thread_id, count(*), count(*) FILTER (WHERE c.last_message_at > clock_timestamp() - interval '1 hour')
FROM inbox_conversation c WHERE c.thread_id = ANY(%s) GROUP BY c.thread_id
"""


class Stored(NamedTuple):
    """One row of `_SUBJECTS`."""

    id: int
    text: str
    channel_id: int
    kind: str
    visibility: str
    direction: str
    names_us: bool
    posted_at: datetime
    deleted: bool
    is_comment: bool
    handle: str
    followers: int | None
    verified: bool
    author_known: bool
    thread_id: int | None


def judge(message_ids: Sequence[int]) -> dict[int, Verdicts]:
    """All verdicts on these messages by what is in force now; 5 queries, however many there are."""
    subjects = subjects_of(message_ids)
    verdicts = triage(list(subjects.values()), setup())
    return dict(zip(subjects, verdicts, strict=True))


def store(verdicts: Mapping[int, Verdicts]) -> int:
    """Keep verdicts, in the open transaction and in one statement; how many were given.

    Idempotent: by (message, version of triage): what is there stays.
    """
    version = setup().version
    rows = [_row(message_id, one, version) for message_id, one in verdicts.items()]
    MessageTriage.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _row(message_id: int, verdicts: Verdicts, version: str) -> MessageTriage:
    said = {label: getattr(verdicts, label) for label in LABELS}
    return MessageTriage(
        message_id=message_id,
        version=version,
        said={label: [round(one.confidence, 3), one.reason[:300], one.by, one.second] for label, one in said.items()},
        **{label: one.value for label, one in said.items()},
    )


def subjects_of(message_ids: Collection[int]) -> dict[int, Subject]:
    """What triage is told about these messages; 3 queries."""
    with connection.cursor() as cursor:
        cursor.execute(_SUBJECTS, [list(message_ids)])
        rows = [Stored(*row) for row in cursor.fetchall()]
        cursor.execute(_SPREAD, [[row.thread_id for row in rows if row.thread_id is not None]])
        spread = {thread: (people, lately) for thread, people, lately in cursor.fetchall()}
    channels = Channel.objects.select_related("brand").in_bulk({row.channel_id for row in rows})
    known = {pk: (_called(channel), registry.rules_for(channel)) for pk, channel in channels.items()}
    now = database_now()
    return {row.id: _subject(row, spread.get(row.thread_id or 0, (0, 0)), *known[row.channel_id], now) for row in rows}


class Called(NamedTuple):
    """What the brand of a channel is called, and what sounds like it and is something else."""

    words: tuple[str, ...]
    lookalikes: tuple[str, ...]


def _called(channel: Channel) -> Called:
    brand, searched = channel.brand, (channel.options or {}).get("terms", ())
    return Called((brand.name, *brand.words, *searched), tuple(brand.lookalikes))


def _subject(row: Stored, spread: tuple[int, int], called: Called, network: Adapter, now: datetime) -> Subject:
    private = row.visibility == "private"
    said = network.answerable(_facts(row), now=now)
    return Subject(
        text=row.text,
        author=row.handle,
        followers=row.followers,
        verified=row.verified,
        is_private=private,
        is_ours=row.direction == "out",
        names_us=row.names_us,
        network=row.kind,
        channel_id=row.channel_id,
        brand_words=called.words,
        lookalikes=called.lookalikes,
        posted_at=row.posted_at,
        replies=spread[0],
        replies_last_hour=spread[1],
        answerable=said.public or said.private,
        cannot=said.private_reason if private else said.public_reason,
    )


def _facts(row: Stored) -> MessageFacts:
    inbound, private = row.direction == "in", row.visibility == "private"
    return MessageFacts(
        visibility=Visibility(row.visibility),
        posted_at=row.posted_at,
        inbound=inbound,
        names_us=row.names_us,
        author_known=row.author_known,
        deleted=row.deleted,
        is_comment=not private and row.is_comment,
        last_inbound_private_at=row.posted_at if inbound and private else None,
    )


def setup() -> Setup:
    """The issues and the models that are in force now; 2 queries, models are read once per process and version."""
    issues = tuple(
        IssueView(slug, name, tuple(words))
        for slug, name, words in Issue.objects.filter(retired_at=None).values_list("slug", "name", "words")
    )
    rows = TriageModel.objects.filter(state=TriageModel.State.IN_FORCE).order_by("pk")
    scopes = [
        (pk, Scope(label, channel_id=channel_id, language=language))
        for pk, label, channel_id, language in rows.values_list("pk", "label", "channel_id", "language")
    ]
    return _setup(issues, tuple(scopes))


@lru_cache(maxsize=4)
def _setup(issues: tuple[IssueView, ...], scopes: tuple[tuple[int, Scope], ...]) -> Setup:
    """One object for one state of the lists, so that all its messages carry one version."""
    return Setup(issues, {scope: loaded(pk) for pk, scope in scopes}, _version(issues, [pk for pk, _ in scopes]))


@lru_cache(maxsize=32)
def loaded(model_id: int) -> model.Model:
    """One stored model, ready to judge; versions never change. Raises: model.Unreadable."""
    return model.load(bytes(TriageModel.objects.values_list("data", flat=True).get(pk=model_id)))


def _version(issues: tuple[IssueView, ...], model_ids: list[int]) -> str:
    """Short, and another one whenever words, issues or models are others."""
    told = hashlib.sha256(repr((issues, model_ids)).encode()).hexdigest()[:12]
    return f"{WORDS}:{told}" if issues or model_ids else f"{WORDS}:{RULES}"
