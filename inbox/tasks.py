"""Hints: each says "look now", the work is found in PostgreSQL. Ids in, one call, counts out.

Later versions may send more arguments than this one knows: they are accepted and ignored.
"""

from __future__ import annotations

from celery import shared_task
from kombu.exceptions import OperationalError

from channels import periodic
from channels.models import Channel
from channels.services import streams
from inbox import sweeper  # noqa: F401 - connects itself to the worker's beginning
from inbox.services import (
    bulk,
    counts,
    delivery,
    dispatching,
    leases,
    lifecycle,
    media,
    polling,
    rechecking,
    retention,
    settlement,
)

# Streams hinted per beat; the rest has its turn in the next, in fair order.
HINTS = 200
HOUR = 3600
# One task does rows for so long, and then lets others have their turn.
BUSY_S = 5.0
DAY = 24 * HOUR


@shared_task(queue="poll")
def poll_due_streams(**_later: object) -> int:
    """Hint every due stream to a worker. A hint that is lost is given again after HINT_S seconds."""
    due = streams.take_hints(HINTS)
    for stream_id in due:
        poll_stream.apply_async((stream_id,), expires=streams.HINT_S)
    return len(due)


@shared_task(queue="poll")
def poll_stream(stream_id: int, **_later: object) -> dict[str, int | str | bool]:
    """Read one stream, and hint it again at once where its walk has not closed."""
    report = polling.poll_stream(stream_id)
    if report.claimed and not report.closed and not report.error:
        _again(stream_id)
    return {"pages": report.pages, "stored": report.stored, "closed": report.closed, "error": report.error}


@shared_task(queue="deliver")
def send_due(**_later: object) -> int:
    """Send the answers that are due."""
    return delivery.send_due()


@shared_task(queue="deliver")
def settle_due(**_later: object) -> int:
    """Notice dead senders, and look up what became of answers whose outcome is unknown."""
    return settlement.settle_due()


@shared_task(queue="default")
def expire_leases(**_later: object) -> int:
    """Give back what was claimed and left alone, and what the disabled still own."""
    return leases.expire() + leases.release_left_behind()


@shared_task(queue="default")
def wake_snoozed(**_later: object) -> int:
    """End the snoozes whose time has come."""
    return lifecycle.wake_due()


@shared_task(queue="default")
def fold_counts(**_later: object) -> int:
    """Fold the differences that changes have left into the counters."""
    return counts.fold()


@shared_task(queue="default")
def dispatch_events(**_later: object) -> int:
    """Tell the subscribers what they have not been told yet; given after a commit, and by beat for lost hints."""
    return dispatching.dispatch_events() + dispatching.tell_again()


@shared_task(queue="default")
def recheck_posts(**_later: object) -> int:
    """Hint a look at what became of the posts in open conversations, for every channel that is read."""
    due = list(Channel.objects.filter(status=Channel.Status.ACTIVE).values_list("pk", flat=True))
    for channel_id in due:
        recheck_channel.apply_async((channel_id,), expires=HOUR)
    return len(due)


@shared_task(queue="poll")
def recheck_channel(channel_id: int, **_later: object) -> int:
    """Ask once an hour what became of the posts in open conversations; as the first thing of a day (UTC) of all."""
    with periodic.turn(f"inbox.recheck_night.{channel_id}", DAY) as night:
        if night:
            return _recheck(channel_id, nightly=True)
    with periodic.turn(f"inbox.recheck.{channel_id}", HOUR) as ours:
        return _recheck(channel_id, nightly=False) if ours else 0


@shared_task(queue="poll")
def recheck_on(channel_id: int, nightly: bool, before: int, **_later: object) -> int:
    """Go on where the time was up."""
    return _recheck(channel_id, nightly=nightly, before=before)


@shared_task(queue="default")
def run_bulks(**_later: object) -> int:
    """Go on with acts on many conversations."""
    return bulk.work(BUSY_S)


@shared_task(queue="default")
def forget_bulks(**_later: object) -> int:
    """Drop acts that were prepared and never begun."""
    return bulk.forget()


@shared_task(queue="default")
def purge_raw(**_later: object) -> int:
    """Delete raw payloads older than 30 days, once a day."""
    with periodic.turn("inbox.purge_raw", DAY) as ours:
        return retention.purge_raw() + retention.purge_unreadable() if ours else 0


@shared_task(queue="default")
def purge_media(**_later: object) -> int:
    """Remove kept pictures older than 30 days from this machine's disk."""
    return media.purge()


def _recheck(channel_id: int, *, nightly: bool, before: int | None = None) -> int:
    report = rechecking.recheck(channel_id, nightly=nightly, before=before)
    if report.next is not None:
        try:
            recheck_on.apply_async((channel_id, nightly, report.next), expires=HOUR)
        except OperationalError:
            return report.asked  # Redis is away: the rest has its turn in an hour
    return report.asked


def _again(stream_id: int) -> None:
    try:
        poll_stream.apply_async((stream_id,), expires=streams.HINT_S)
    except OperationalError:
        return  # Redis is away: the next beat finds the stream in PostgreSQL
