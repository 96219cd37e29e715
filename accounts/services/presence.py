"""Whether somebody takes work now, in their own words."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from accounts.models import Presence, User
from accounts.services.sessions import topic_of
from core import live
from core.errors import Invalid

MAX_CAPACITY = 200


def set_status(person: User, status: str, *, capacity: int | None = None) -> Presence:
    """Say whether one takes work, and how many open conversations at a time.

    Pings one's own topic and `presence`, for the walls that show who is there. Raises: Invalid.
    """
    if status not in Presence.Status.values:
        raise Invalid("There is no such status.", fields={"presence": "Choose one of the list."})
    if capacity is not None and not 0 <= capacity <= MAX_CAPACITY:
        raise Invalid("That is too much.", fields={"capacity": f"Choose 0 to {MAX_CAPACITY}."})
    values = {"status": status, "changed_at": timezone.now()}
    if capacity is not None:
        values["capacity"] = capacity
    with transaction.atomic(durable=True):
        row, _ = Presence.objects.update_or_create(user=person, defaults=values)
        for topic in (topic_of(person.pk), "presence"):
            live.ping_on_commit(topic, kind="presence.changed", person=person.pk)
    return row
