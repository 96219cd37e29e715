"""Reading one stream: lease, fetch outside any transaction, one transaction per page, mark moved at the close."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from django.conf import settings
from django.db import DatabaseError, transaction

from channels import pacing, registry
from channels.contracts import Adapter, FetchPage, StreamKind
from channels.models import Channel, Stream
from channels.services import credentials, rates, streams, switches, usage
from channels.services.streams import Lease
from core import live
from core.clock import database_now
from core.errors import ChannelError, PermanentChannelError, RateLimited, SocialCareError, TokenDead
from inbox.services import context, ingest
from inbox.services.ingest import IngestReport

log = structlog.get_logger(__name__)

# No page is begun later than this: a call may take 20 s (channels/http.py) and a task ends at 45 s.
BEGIN_S = 22.0
# Networks show items some time after their date; re-read this much. Source: reliability.md §2.1 rule 8.
OVERLAP_S = 300
# After so many errors in a row the walk is begun anew from the mark: its resume point may be what is wrong.
RESTART_EVERY = 5
ERROR_CODE_MAX = 40


@dataclass(slots=True)
class PollReport:
    """What one poll did: pages stored, new and known items, and whether the walk closed."""

    claimed: bool = False
    pages: int = 0
    stored: int = 0
    duplicates: int = 0
    unreadable: int = 0
    closed: bool = False
    error: str = ""
    conversations: set[int] = field(default_factory=set)


def poll_stream(stream_id: int) -> PollReport:
    """Read a stream that is due until its walk closes or the time is up. Idempotent by (channel, external id).

    Records: what `ingest.store_page` records; channel.needs_reconnect where the token is dead.
    """
    report = PollReport()
    lease = streams.claim(stream_id)
    if lease is None:
        return report
    report.claimed = True
    try:
        _walk(lease, report)
    except streams.LeaseLost as lost:
        report.error = lost.code
    except SocialCareError as error:
        report.error = error.code
        _fail(lease, error)
    except DatabaseError:
        _fail(lease, SocialCareError("The page could not be stored.", code="not_stored"))
        raise
    return report


def _walk(lease: Lease, report: PollReport) -> None:
    until = time.monotonic() + BEGIN_S
    if _out_of_budget(lease):
        return
    channel = credentials.keep_fresh(lease.channel)
    stream = lease.stream
    while not report.closed:
        page, channel = _fetch(channel, stream)
        stream = _store(lease, channel, page, report, last=time.monotonic() > until)
        if stream.lease_until is None:
            return


def _fetch(channel: Channel, stream: Stream) -> tuple[FetchPage, Channel]:
    """One page with its context; an access token that the network refuses is renewed once where that can be."""
    try:
        return _ask(registry.adapter_for(channel), channel, stream), channel
    except TokenDead:
        channel = credentials.renew_rejected(channel)
    try:
        return _ask(registry.adapter_for(channel), channel, stream), channel
    except TokenDead as error:
        switches.token_died(channel, error.message)
        raise


def _ask(adapter: Adapter, channel: Channel, stream: Stream) -> FetchPage:
    options = {
        "since": stream.read_since.isoformat(),
        "terms": channel.options.get("terms", []),
        "overlap_s": OVERLAP_S,
    }
    page = adapter.fetch(StreamKind(stream.kind), mark=stream.mark, resume=stream.resume, options=options)
    return context.with_parents(page, channel, adapter)


def _store(lease: Lease, channel: Channel, page: FetchPage, report: PollReport, *, last: bool) -> Stream:
    """One page and where to go on, together or not at all.

    Raises: LeaseLost when somebody else reads the stream by now.
    """
    with transaction.atomic(durable=True):
        stream = streams.hold(lease)
        stored = ingest.store_page(channel, StreamKind(stream.kind), page)
        now = database_now()
        rates.remember(channel, page.windows)
        usage.record_read(channel, page.use, new=stored.stored, known=stored.duplicates)
        streams.note_success(channel)
        _add(report, page, stored)
        _go_on(stream, page, stored, now)
        if page.resume is None:
            _close(stream, channel, page, report, now)
        elif last:
            streams.release(stream, now, 0.0)
        else:
            streams.extend(stream, now)
        streams.save(stream)
        live.ping_on_commit(switches.TOPIC, channels=[channel.pk])
    return stream


def _add(report: PollReport, page: FetchPage, stored: IngestReport) -> None:
    report.pages += 1
    report.stored += stored.stored
    report.duplicates += stored.duplicates
    report.unreadable += stored.unreadable
    report.conversations |= stored.conversations
    report.closed = page.resume is None


def _go_on(stream: Stream, page: FetchPage, stored: IngestReport, now: datetime) -> None:
    """The resume point, the age of the newest item, a hole, and no error any more."""
    if stream.resume is None or stream.walk_started_at is None:
        stream.walk_started_at = now
    stream.resume = page.resume
    stream.errors_in_row, stream.last_error, stream.last_error_code = 0, "", ""
    if stored.newest is not None and stored.stored and stored.newest > (stream.last_item_at or stream.read_since):
        stream.last_item_at = stored.newest
        stream.lag_s = max(0.0, (now - stored.newest).total_seconds())
    if page.gap:
        stream.gap, stream.gap_at = page.gap[:300], now


def _close(stream: Stream, channel: Channel, page: FetchPage, report: PollReport, now: datetime) -> None:
    """The walk reached its floor: only now the mark moves, and the next poll is set."""
    started = stream.walk_started_at or now
    elapsed = (now - (stream.last_ok_at or stream.read_since)).total_seconds()
    stream.mark, stream.last_ok_at, stream.walk_started_at = page.mark, now, None
    if stream.gap_at is not None and not page.gap and stream.gap_at >= started:
        # The hole was noticed by this very walk, which has then filled it another way.
        stream.gap, stream.gap_at = "", None
    stream.interval_s = pacing.interval(
        stream.interval_s,
        stored=report.stored,
        elapsed=elapsed,
        busy=settings.POLL_SECONDS,
        quiet=settings.POLL_SECONDS_QUIET,
    )
    wait, because = _next_wait(stream, channel, page, now)
    streams.release(stream, now, wait, because)


def _next_wait(stream: Stream, channel: Channel, page: FetchPage, now: datetime) -> tuple[float, str]:
    meter = usage.meter(channel, now)
    factor = pacing.budget_factor(meter.spent, meter.budget)
    wait, because = stream.interval_s * (factor or 1.0), ""
    if factor is not None and factor > 1:
        because = f"{meter.spent:.2f} of {meter.budget:.2f} US dollars of this month are spent: reading is slower."
    limit = pacing.window_wait(page.windows, now)
    return (limit.seconds, limit.because) if limit.seconds > wait else (wait, because)


def _out_of_budget(lease: Lease) -> bool:
    """Put the stream off until the next month where the budget is spent; an open walk waits with it."""
    now = database_now()
    meter = usage.meter(lease.channel, now)
    if pacing.budget_factor(meter.spent, meter.budget) is not None:
        return False
    month = pacing.next_month(now)
    because = (
        f"The month’s budget of {meter.budget:.2f} US dollars is spent: reading goes on on {month:%d %B}, "
        "or when the budget is raised."
    )
    with transaction.atomic(durable=True):
        stream = streams.hold(lease)
        streams.release(stream, now, (month - now).total_seconds(), because)
        streams.save(stream)
    return True


def _fail(lease: Lease, error: SocialCareError) -> None:
    """Say on the stream what went wrong and when it is tried again; mark and resume point stay where they are."""
    with transaction.atomic(durable=True):
        try:
            stream = streams.hold(lease)
        except streams.LeaseLost:
            return
        now = database_now()
        if isinstance(error, RateLimited):
            streams.release(stream, now, pacing.limited(error.retry_after, now), error.message)
        else:
            _count_error(stream, lease.channel, error, now)
        streams.save(stream)
        live.ping_on_commit(switches.TOPIC, channels=[lease.channel.pk])
    log.warning("poll.failed", stream=lease.stream.pk, channel=lease.channel.pk, code=error.code)


def _count_error(stream: Stream, channel: Channel, error: SocialCareError, now: datetime) -> None:
    stream.errors_in_row += 1
    stream.last_error = error.message[:300]
    stream.last_error_code = error.code[:ERROR_CODE_MAX]
    stream.last_error_at = now
    if stream.errors_in_row % RESTART_EVERY == 0:
        stream.resume = None
    wait = (
        pacing.PERMANENT_RETRY_S if isinstance(error, PermanentChannelError) else pacing.backoff(stream.errors_in_row)
    )
    streams.release(stream, now, wait, "")
    if isinstance(error, ChannelError) and not isinstance(error, PermanentChannelError):
        streams.note_failure(channel)
