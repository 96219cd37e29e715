"""Who is signed in where, and how that is ended."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts import policies
from accounts.models import Device, Session, SignInFailures, User
from accounts.services import audit
from accounts.session_store import SessionStore
from core import live
from core.errors import NotFound
from core.secrets import digest

TOUCH_EVERY = timedelta(minutes=1)


def topic_of(user_id: int) -> str:
    """The live topic that carries what concerns one person alone."""
    return f"user:{user_id}"


def reference_of(session_key: str) -> str:
    """A name for a session that can stand in a page: the key itself would be as good as the cookie."""
    return digest(session_key)[:16]


def close(person: User, *, keep: str | None = None) -> int:
    """Remove somebody's sessions inside the running transaction, and tell their open live streams; their devices go
    along, those too that sleep.

    Args:
        keep: session key that stays, such as the one from which it is done.
    Returns: how many were removed.
    """
    Device.objects.filter(Q(session=None) | ~Q(session=keep), user=person, token=None).delete()
    count, _ = Session.objects.filter(user=person).exclude(session_key=keep).delete()
    live.ping_on_commit(topic_of(person.pk), kind="session.ended")
    return count


def end(user_id: int, *, actor: User, keep: str | None = None) -> int:
    """Sign somebody out everywhere; oneself, or as an administrator anybody.

    Records: sign_in.ended. Raises: NotFound, Forbidden.
    """
    with transaction.atomic(durable=True):
        person = User.objects.filter(pk=user_id).first()
        if person is None:
            raise NotFound("There is no such person.")
        policies.require_self_or_administrator(actor, person)
        count = close(person, keep=keep)
        audit.record("sign_in.ended", actor=actor, subject=person, data={"sessions": count})
    return count


def end_one(reference: str, *, actor: User) -> None:
    """End one of one's own sessions, named by `reference_of`. Idempotent. Records: sign_in.ended."""
    with transaction.atomic(durable=True):
        keys = [key for key in actor.sessions.values_list("pk", flat=True) if reference_of(key) == reference]
        if keys:
            Session.objects.filter(pk__in=keys).delete()
            live.ping_on_commit(topic_of(actor.pk), kind="session.ended")
            audit.record("sign_in.ended", actor=actor, subject=actor, data={"sessions": len(keys)})


def touch(session: SessionBase) -> None:
    """Note that a session is in use, at most once a minute; a request that changes nothing else costs no write."""
    row = session.row if isinstance(session, SessionStore) else None
    now = timezone.now()
    if row is not None and now - row.seen_at > TOUCH_EVERY:
        Session.objects.filter(pk=row.pk, seen_at__lt=now - TOUCH_EVERY).update(seen_at=now)


def alive(keys: Collection[str]) -> set[str]:
    """Which of these session keys are still signed in; one query, for streams that ask every few seconds.

    An open stream is use: it is noted at most once a minute.
    """
    now = timezone.now()
    valid = Session.objects.filter(
        pk__in=keys,
        user__is_active=True,
        expire_date__gt=now,
        seen_at__gt=now - timedelta(seconds=settings.SESSION_IDLE_S),
        signed_in_at__gt=now - timedelta(seconds=settings.SESSION_COOKIE_AGE),
    )
    seen = dict(valid.values_list("pk", "seen_at"))
    stale = [key for key, at in seen.items() if now - at > TOUCH_EVERY]
    if stale:
        Session.objects.filter(pk__in=stale).update(seen_at=now)
    return set(seen)


def clear_over() -> int:
    """Remove sessions and failure windows that are over; returns how many sessions. Idempotent.

    Nobody signed out there: their devices sleep until they sign in again.
    """
    now = timezone.now()
    idle = Q(user__isnull=False, seen_at__lt=now - timedelta(seconds=settings.SESSION_IDLE_S))
    with transaction.atomic(durable=True):
        ended = Session.objects.select_for_update(no_key=True).filter(Q(expire_date__lt=now) | idle)
        keys = list(ended.values_list("pk", flat=True))
        Device.objects.filter(session__in=keys).update(session=None)
        count, _ = Session.objects.filter(pk__in=keys).delete()
    SignInFailures.objects.filter(until__lt=now).delete()
    return count
