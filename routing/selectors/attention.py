"""What somebody wants to be told, and whether they may be disturbed now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from accounts.models import Presence, User
from core.fixed import Slot, fixed
from routing.attention import Habits, is_quiet, next_change
from routing.models.attention import Attention
from routing.notice_kinds import Cause

# Who says so is left in peace; offline is what somebody is who never said anything.
PEACE = (Presence.Status.AWAY, Presence.Status.BUSY)


@dataclass(frozen=True, slots=True)
class Shown:
    """Somebody's habits, and the causes of which they are told in the app, in the digest and on their devices."""

    habits: Habits
    told: frozenset[str]
    mailed: frozenset[str]
    pushed: frozenset[str]
    next_digest_at: datetime | None = None

    def is_silent(self, status: str, at: datetime) -> bool:
        """Whether nothing may draw their eye or ear: quiet hours, or away or busy by their own word."""
        return status in PEACE or is_quiet(self.habits, at)

    def changes_at(self, at: datetime) -> datetime | None:
        """When quiet hours begin or end next."""
        return next_change(self.habits, at)


def attention_of(person: User) -> Shown:
    """One query."""
    return shown(_rows.first(user=person.pk), person)


@fixed(user="bigint")
def _rows(user: Slot) -> QuerySet[Attention]:
    return Attention.objects.filter(pk=user)


def shown(row: Attention | None, person: User) -> Shown:
    """Without a row: everything in the app and on the devices that one names, no digest, no sound, no quiet hours."""
    every = frozenset(Cause.values)
    if row is None:
        return Shown(Habits(zone=person.time_zone), every, every, every)
    return Shown(
        habits_of(row, person.time_zone),
        every.difference(row.not_told),
        every.difference(row.not_mailed),
        every.difference(row.not_pushed),
        row.next_digest_at,
    )


def habits_of(row: Attention, zone: str) -> Habits:
    """As the pure rules want them."""
    quiet = (row.quiet_from, row.quiet_until) if row.quiet_from and row.quiet_until else None
    return Habits(zone, quiet, row.digest, row.digest_hour, row.sound)  # type: ignore[arg-type]
