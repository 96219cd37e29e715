"""Asking the network again for what waits on our screens: was it edited, was it deleted?

Streams bring what is new; nobody tells us of what is gone. X wants deletions followed within 24 hours (reliability.md
§3), so what is open is asked for every hour and what is pending every night, newest first and within the budget.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from django.db import connection, transaction

from channels import pacing, registry
from channels.contracts import Adapter, CallUse, FetchPage, StreamKind
from channels.models import Channel
from channels.services import credentials, rates, usage
from core.clock import database_now
from core.copying import array_literal
from core.errors import ChannelError
from inbox.models.conversation import Conversation
from inbox.services import context, ingest

log = structlog.get_logger(__name__)

OPEN, PENDING = Conversation.Status.OPEN, Conversation.Status.PENDING
DAYS = 7
# No batch is begun later than this: a call may take 20 s (channels/http.py) and a task ends at 45 s.
BEGIN_S = 20.0

_POSTS = """
SELECT m.id, COALESCE(
    (SELECT v.external_id FROM inbox_messageversion v WHERE v.message_id = m.id ORDER BY v.posted_at DESC LIMIT 1),
    m.external_id)
FROM inbox_conversation c JOIN inbox_message m ON m.conversation_id = c.id
WHERE c.queue_id IN (SELECT id FROM inbox_queue) AND c.brand_id = %(brand)s AND c.status = ANY(%(statuses)s::text[])
  AND c.channel_id = %(channel)s AND c.last_message_at > now() - make_interval(days => %(days)s)
  AND m.visibility = 'public' AND m.deleted_at IS NULL AND m.posted_at > now() - make_interval(days => %(days)s)
  AND (%(before)s::bigint IS NULL OR m.id < %(before)s::bigint)
ORDER BY m.id DESC LIMIT %(limit)s
"""


@dataclass(slots=True)
class Report:
    """What one run found. `next` is the message before which the next run goes on; None = that was all."""

    asked: int = 0
    edited: int = 0
    gone: int = 0
    next: int | None = None


def recheck(channel_id: int, *, nightly: bool, before: int | None = None) -> Report:
    """Ask for the public posts of the last 7 days in open conversations until the time is up; by night in pending
    ones, too.

    Where the budget of the month is short the re-check is what is saved first. Idempotent.

    Records: message.edited, message.deleted.
    """
    statuses = (OPEN, PENDING) if nightly else (OPEN,)
    report, until = Report(next=before), time.monotonic() + BEGIN_S
    channel = Channel.objects.select_related("brand").get(pk=channel_id)
    try:
        while time.monotonic() < until and _affords(channel):
            posts = _posts(channel, statuses, report.next)
            if not posts:
                report.next = None
                return report
            channel = credentials.keep_fresh(channel)
            _check(channel, [external_id for _, external_id in posts], report, nightly=nightly)
            report.next = posts[-1][0]
        if not _affords(channel):
            report.next = None
    except ChannelError as error:
        # Reading the streams meets the same error and says so on the channels page.
        log.info("recheck.stopped", channel=channel_id, code=error.code)
        report.next = None
    return report


def _affords(channel: Channel) -> bool:
    meter = usage.meter(channel, database_now())
    return channel.status == Channel.Status.ACTIVE and pacing.budget_factor(meter.spent, meter.budget) == 1.0


def _posts(channel: Channel, statuses: Sequence[str], before: int | None) -> list[tuple[int, str]]:
    """(message id, id of its newest known version), the newest message first."""
    values = {"statuses": array_literal(statuses), "before": before, "days": DAYS, "limit": context.BATCH}
    with connection.cursor() as cursor:
        cursor.execute(_POSTS, {"channel": channel.pk, "brand": channel.brand_id, **values})
        return list(cursor.fetchall())


def _check(channel: Channel, ids: list[str], report: Report, *, nightly: bool) -> None:
    adapter = registry.adapter_for(channel)
    page = _with_newest(adapter, adapter.lookup(tuple(ids)))
    # A post is charged once per UTC day: the first run of the day pays (docs.x.com pricing, read 2026-08).
    use = page.use if nightly else CallUse(calls=page.use.calls)
    with transaction.atomic(durable=True):
        stored = ingest.store_page(channel, StreamKind.OWN_POSTS, page)
        rates.remember(channel, page.windows)
        usage.record_read(channel, use, new=0, known=0)
    report.asked += len(ids)
    report.gone += stored.gone
    report.edited += stored.edited


def _with_newest(adapter: Adapter, page: FetchPage) -> FetchPage:
    """With the newest wordings of posts that were edited since we read them."""
    here = {post.external_id for post in page.context}
    newest = sorted({post.versions[-1] for post in page.context if post.versions} - here)
    for batch in context.batched(newest, context.BATCH):
        page = context.joined(page, adapter.lookup(batch))
    return page
