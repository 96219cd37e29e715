"""The bell in the rail: how much somebody has not read, and what of it may draw their eye or ear now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Presence
from inbox.selectors import counts
from inbox.services.events import user_topic
from web.access import known, person


@dataclass(frozen=True, slots=True)
class Bell:
    """See templates/components/_bell.html."""

    topic: str
    url: str
    label: str
    unread: int
    newest: int
    attention: int
    sound: bool
    changes_in: int | None
    here: bool = False


def bell(request: HttpRequest, *, here: bool = False) -> Bell:
    """What was told and not read, and with it what waits for one's answer; nothing draws the eye in peace."""
    of_me, now = known(request), timezone.now()
    silent = of_me.attention.is_silent(_status(request), now)
    waits = counts.waiting_of_mine(of_me.counts)
    return Bell(
        topic=user_topic(person(request).pk),
        url=reverse("notices"),
        label=_("Notices"),
        unread=of_me.unread.count,
        newest=of_me.unread.newest,
        attention=0 if silent else of_me.unread.count + waits,
        sound=of_me.attention.habits.sound and not silent,
        changes_in=_seconds(of_me.attention.changes_at(now), now),
        here=here,
    )


def _status(request: HttpRequest) -> str:
    return getattr(request.user, "presence_status", None) or Presence.Status.OFFLINE.value


def _seconds(until: datetime | None, now: datetime) -> int | None:
    return None if until is None else int((until - now).total_seconds()) + 1
