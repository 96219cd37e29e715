"""Whether somebody takes work now, in their own words."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from accounts import hooks
from accounts.models import Presence, User
from accounts.services.sessions import topic_of
from core import live
from core.errors import Invalid

MAX_CAPACITY = 200
REASON_LIMIT = 80


def set_status(person: User, status: str, *, capacity: int | None = None, reason: str = "") -> Presence:
    """Say whether one takes work, how many open conversations at a time, and why one is away.

    The person is locked, so that whoever is given work was available at that very moment. Pings one's own topic and
    `presence`, for the walls that show who is there. Raises: Invalid.
    """
    reason = reason.replace("\0", "\ufffd").strip()
    _require_valid(status, capacity, reason)
    values = {"status": status, "changed_at": timezone.now()}
    values["reason"] = reason if status in (Presence.Status.AWAY, Presence.Status.BUSY) else ""
    if capacity is not None:
        values["capacity"] = capacity
    with transaction.atomic(durable=True):
        User.objects.select_for_update(no_key=True).get(pk=person.pk)
        row, _ = Presence.objects.update_or_create(user=person, defaults=values)
        hooks.present(person, status)
        for topic in (topic_of(person.pk), "presence"):
            live.ping_on_commit(topic, kind="presence.changed", person=person.pk)
    return row


def set_capacity(person_id: int, capacity: int) -> None:
    """How many open conversations somebody takes at a time, set by whoever runs the queues; inside their transaction.

    Raises: Invalid.
    """
    _require_valid(Presence.Status.OFFLINE, capacity, "")
    Presence.objects.update_or_create(user_id=person_id, defaults={"capacity": capacity})


def _require_valid(status: str, capacity: int | None, reason: str) -> None:
    if status not in Presence.Status.values:
        raise Invalid("There is no such status.", fields={"presence": "Choose one of the list."})
    if capacity is not None and not 0 <= capacity <= MAX_CAPACITY:
        raise Invalid("That is too much.", fields={"capacity": f"Choose 0 to {MAX_CAPACITY}."})
    if len(reason) > REASON_LIMIT:
        raise Invalid("The reason is too long.", fields={"reason": f"At most {REASON_LIMIT} characters."})
