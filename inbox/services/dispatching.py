"""Telling the subscribers what happened: each event to each that wants it, at least once; one failing alone."""

from __future__ import annotations

from datetime import timedelta

import structlog
from django.db import transaction
from django.db.models.functions import Now

from core.clock import database_now
from core.failures import FAILURES
from core.hints import hint
from inbox import dispatch
from inbox.dispatch import Recorded
from inbox.models.work import ConversationEvent, MissedEvent
from inbox.services.events import DISPATCH

log = structlog.get_logger(__name__)

BATCH = 200
ATTEMPTS = 6
WAIT_S = 30
# What a subscriber's own mistake raises: it must not keep the others from being told. Anything else ends the batch.


def dispatch_events(limit: int = BATCH) -> int:
    """Tell the subscribers of at most `limit` events; how many. Hints after commits and beat call it; a full batch
    hints the next.

    Records nothing: it tells what is recorded. Idempotent: what a subscriber wrote stands together with the mark.
    """
    if not dispatch.subscribers:
        return 0
    with transaction.atomic(durable=True):
        untold = ConversationEvent.objects.filter(dispatched_at=None).order_by("id")
        events = list(untold.select_for_update(skip_locked=True, no_key=True)[:limit])
        for event in events:
            for name in _wanting(event):
                error = _tell(name, event)
                if error:
                    _miss(MissedEvent(event=event, subscriber=name, attempts=0), error)
        ConversationEvent.objects.filter(pk__in=[event.pk for event in events]).update(dispatched_at=Now())
    if len(events) == limit:
        hint(DISPATCH)
    return len(events)


def tell_again(limit: int = BATCH) -> int:
    """Tell again what a subscriber could not take in; how many are told now. Given up after 6 attempts in 16 minutes.

    Records nothing: it tells what is recorded.
    """
    told = 0
    with transaction.atomic(durable=True):
        due = MissedEvent.objects.filter(next_at__lte=Now()).order_by("next_at").select_related("event")
        for missed in due.select_for_update(skip_locked=True, no_key=True, of=("self",))[:limit]:
            error = _tell(missed.subscriber, missed.event) if missed.subscriber in dispatch.subscribers else ""
            if error:
                _miss(missed, error)
            else:
                missed.delete()
                told += 1
    return told


def _wanting(event: ConversationEvent) -> list[str]:
    return [name for name, subscription in dispatch.subscribers.items() if event.kind in subscription.kinds]


def _tell(name: str, event: ConversationEvent) -> str:
    """What went wrong, in one line without the facts themselves; empty = it was taken in."""
    recorded = Recorded(
        event.pk, event.kind, event.conversation_id, event.actor_id, event.occurred_at, dict(event.data)
    )
    try:
        with transaction.atomic():
            dispatch.subscribers[name].tell(recorded)
    except FAILURES as error:
        log.exception("dispatch.missed", subscriber=name, event_id=event.pk, event_kind=event.kind)
        return type(error).__name__
    return ""


def _miss(missed: MissedEvent, error: str) -> None:
    """Note one more attempt that failed, and when the next is due."""
    missed.attempts += 1
    missed.error = error
    wait = timedelta(seconds=WAIT_S * 2 ** (missed.attempts - 1))
    missed.next_at = database_now() + wait if missed.attempts < ATTEMPTS else None
    missed.save()
    if missed.next_at is None:
        log.error("dispatch.given_up", subscriber=missed.subscriber, event_id=missed.event_id)
