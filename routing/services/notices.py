"""Telling people in the app, and noting what they have read."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.db.models.functions import Now

from accounts.models import User
from core import live
from inbox.services.events import user_topic
from routing.models.attention import Attention
from routing.models.notice import Notice
from routing.notice_kinds import CAUSE_OF, KINDS
from routing.selectors import devices

PING = "notice.told"


@dataclass(frozen=True, slots=True)
class Telling:
    """Whom to tell what, as in `tell`."""

    user_ids: Collection[int]
    kind: str
    conversation_id: int | None
    data: dict[str, Any]
    key: str = ""


def tell(
    user_ids: Collection[int], kind: str, conversation_id: int | None, data: dict[str, Any], *, key: str = ""
) -> int:
    """Tell these people, in the open transaction; the disabled are left out. How many they are.

    Args:
        kind: one of `routing.notice_kinds`; `data` is its payload.
        key: what it is about, such as `clock:7:warned`; nobody is told twice of the same key.

    Raises: UnknownKind. Idempotent: by (person, key).
    """
    return tell_many([Telling(user_ids, kind, conversation_id, data, key)])


def tell_many(tellings: Iterable[Telling]) -> int:
    """As `tell`, for many things at once: three statements, four where notices are pushed to devices."""
    tellings = [one for one in tellings if one.user_ids]
    for one in tellings:
        KINDS.check(one.kind, one.data)
    if not tellings:
        return 0
    asked = {pk for one in tellings for pk in one.user_ids}
    active = set(User.objects.filter(pk__in=asked, is_active=True).values_list("pk", flat=True))
    wishes, with_devices = Attention.objects.in_bulk(active), devices.people_with(active)
    rows = [
        Notice(
            user_id=pk,
            conversation_id=one.conversation_id,
            kind=one.kind,
            data=one.data,
            key=one.key,
            in_app=ways.shown,
            to_push=ways.pushed,
        )
        for one in tellings
        for pk in sorted(active.intersection(one.user_ids))
        if (ways := _ways(wishes.get(pk), CAUSE_OF[one.kind], pk in with_devices)).any
    ]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    for pk in {row.user_id for row in rows}:
        live.ping_on_commit(user_topic(pk), notice=PING)
    return len(rows)


@dataclass(frozen=True, slots=True)
class _Ways:
    """How somebody wants to be told of one cause."""

    shown: bool
    mailed: bool
    pushed: bool

    @property
    def any(self) -> bool:
        return self.shown or self.mailed or self.pushed


def _ways(wishes: Attention | None, cause: str, has_devices: bool) -> _Ways:
    """What they chose; who never chose is told in the app, and on the devices that they named."""
    if wishes is None:
        return _Ways(shown=True, mailed=False, pushed=has_devices)
    return _Ways(
        shown=cause not in wishes.not_told,
        mailed=wishes.digest != Attention.Digest.OFF and cause not in wishes.not_mailed,
        pushed=has_devices and cause not in wishes.not_pushed,
    )


def settled(keys: Collection[str]) -> int:
    """What these keys asked for is decided: nobody needs to read of it any more; how many had not.

    Idempotent: what is read stays as it is.
    """
    rows = Notice.objects.filter(key__in=keys, read_at=None)
    people = set(rows.values_list("user_id", flat=True))
    changed = rows.update(read_at=Now())
    for pk in people:
        live.ping_on_commit(user_topic(pk), notice=PING)
    return changed


def read(actor: User, *, ids: Collection[int] | None = None, conversation_id: int | None = None) -> int:
    """Note that somebody has read these notices of theirs, or all of a conversation, or (neither) all; how many.

    Idempotent: what is read stays as it is.
    """
    wanted = Q(user=actor, read_at=None)
    if ids is not None:
        wanted &= Q(pk__in=ids)
    if conversation_id is not None:
        wanted &= Q(conversation=conversation_id)
    changed = Notice.objects.filter(wanted).update(read_at=Now())
    if changed:
        live.ping_on_commit(user_topic(actor.pk), notice=PING)
    return changed
