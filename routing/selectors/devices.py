"""On which devices people are told outside the page, and whether that is possible here at all."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.models import Device, User
from accounts.services.devices import is_awake
from channels.webpush import Signer


@dataclass(frozen=True, slots=True)
class Shown:
    """One device; nothing of where it is reached.

    Args:
        awake: somebody is signed in there; else it is told nothing until they are again.
        failure: why the last notice did not get there, in a sentence; or empty.
        session: of the browser that it is, for finding one's own.
    """

    pk: int
    agent: str
    made_at: datetime
    pushed_at: datetime | None
    failure: str
    awake: bool
    session: str | None


def signer() -> Signer | None:
    """This installation's key; None where its operator set none."""
    return _signer(settings.PUSH_KEY, settings.PUSH_CONTACT) if settings.PUSH_KEY else None


def public_key() -> str:
    """What a browser is told of it; empty where notices are not pushed."""
    found = signer()
    return found.public if found else ""


def devices_of(person: User) -> list[Shown]:
    """Newest first; one query."""
    rows = Device.objects.filter(user=person).select_related("session", "token").order_by("-made_at", "-pk")
    return [
        Shown(row.pk, row.agent, row.made_at, row.pushed_at, failure_words(row.failure), is_awake(row), row.session_id)
        for row in rows
    ]


def people_with(user_ids: Collection[int]) -> frozenset[int]:
    """Who of them has a device; one query, none where notices are not pushed."""
    if not settings.PUSH_KEY:
        return frozenset()
    return frozenset(Device.objects.filter(user_id__in=user_ids).values_list("user_id", flat=True))


def failure_words(code: str) -> str:
    """Why a notice did not get to a device, for people."""
    if code.isdigit():
        return _("The push service refused it (status %(status)s).") % {"status": code}
    return {
        "unreachable": _("The push service could not be reached."),
        "no_answer": _("The push service did not answer in time."),
        "unreadable": _("Its address cannot be opened any more. Remove it and ask again."),
        "cut_off": _("It was being sent when a part of Socialcare stopped."),
    }.get(code, "")


@cache
def _signer(key: str, contact: str) -> Signer:
    return Signer(key, contact)
