"""How often may somebody fail to sign in? Counted in PostgreSQL, so that guessing stays dear while Redis is away.

An attempt is counted before it is tried, so that a thousand at once are no way round, and taken back when it
succeeds. The window ends by itself: nobody can lock a colleague out for longer. A browser in which somebody has
signed in before has a count of its own, so that strangers' guesses do not keep the owner out.
Source: reliability.md §3 row 54.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import F

from accounts.models import SignInFailures
from core.secrets import digest

WINDOW = timedelta(minutes=15)
PER_PERSON = 10
PER_ADDRESS = 100  # an office may share one network address

_COUNT = """
INSERT INTO accounts_signinfailures (key, count, until)
VALUES (%(key)s, 1, clock_timestamp() + make_interval(secs => %(window)s))
ON CONFLICT (key) DO UPDATE SET
  count = CASE WHEN accounts_signinfailures.until < clock_timestamp() THEN 1 ELSE accounts_signinfailures.count + 1 END,
  until = CASE WHEN accounts_signinfailures.until < clock_timestamp() THEN EXCLUDED.until
               ELSE accounts_signinfailures.until END
RETURNING count, until
"""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One counted attempt.

    Args:
        allowed: whether it may be tried.
        first_refusal: whether it is the one that used the window up; worth a line in the audit list.
    """

    keys: tuple[str, ...]
    allowed: bool
    first_refusal: bool
    until: datetime


def count(who: str, *, address: str, known_device: str = "") -> Attempt:
    """Count one attempt to be `who`, before it is tried.

    Args:
        who: what is claimed, such as an e-mail address; it need not exist.
        address: network address that it comes from.
        known_device: id of a browser in which this person has signed in before.
    """
    limits = {digest(f"device:{who}:{known_device}"): PER_PERSON} if known_device else _strangers(who, address)
    counts = {key: _count(key) for key in limits}
    over = [key for key, limit in limits.items() if counts[key][0] > limit]
    return Attempt(
        keys=tuple(limits),
        allowed=not over,
        first_refusal=any(counts[key][0] == limits[key] + 1 for key in over),
        until=max(until for _, until in counts.values()),
    )


def take_back(attempt: Attempt) -> None:
    """The attempt succeeded: it is no failure."""
    SignInFailures.objects.filter(pk__in=attempt.keys, count__gt=0).update(count=F("count") - 1)


def _strangers(who: str, address: str) -> dict[str, int]:
    return {digest(f"person:{who}"): PER_PERSON, digest(f"address:{address}"): PER_ADDRESS}


def _count(key: str) -> tuple[int, datetime]:
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"key": key, "window": WINDOW.total_seconds()})
        row: tuple[int, datetime] = cursor.fetchone()
    return row
