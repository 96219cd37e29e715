"""The devices on which people asked to be told outside the page; each hangs on the sign-in that asked for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import Device, User
from accounts.services import audit
from accounts.session_store import over
from core.contention import retried
from core.errors import Conflict, NotFound

MOST = 10


@dataclass(frozen=True, slots=True)
class Reached:
    """A browser as the layer above knows it.

    Args:
        fingerprint: hash of its address; `sealed`: the address and keys, opened by who pushes.
    """

    fingerprint: str
    sealed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class SignIn:
    """From where it is asked: a browser's session or a machine's token, and what the browser calls itself."""

    session: str | None = None
    token_id: int | None = None
    agent: str = ""


def add(reached: Reached, sign_in: SignIn, *, actor: User) -> Device:
    """Tell somebody on this browser from now on, and nobody else.

    Records: device.added, where it is new. Raises: Conflict (`too_many_devices`). Idempotent: by browser and person.
    """
    with transaction.atomic(durable=True):
        User.objects.select_for_update(no_key=True).get(pk=actor.pk)  # the limit holds for two tabs, too
        mine = Device.objects.filter(user=actor)
        known = mine.filter(fingerprint=reached.fingerprint).exists()
        if not known and mine.count() >= MOST:
            raise Conflict(f"You get notices on {MOST} devices already. Remove one first.", code="too_many_devices")
        fresh = {} if known else {"made_at": Now(), "pushed_at": None}
        values = {**_values(reached, sign_in), **fresh, "user": actor, "failure": ""}
        row, _ = Device.objects.update_or_create(fingerprint=reached.fingerprint, defaults=values)
        if not known:
            audit.record("device.added", actor=actor, subject=actor)
    return row


def renew(reached: Reached, sign_in: SignIn, *, known: Q, actor: User) -> Device | None:
    """A device of one's own is signed in again, or its browser has got another address; None where there is none.

    Args:
        known: which one, such as by its former fingerprint.

    Records nothing: it was asked for when it was added. Idempotent.
    """
    with transaction.atomic(durable=True):
        row = Device.objects.select_for_update(no_key=True).filter(known, user=actor).order_by("pk").first()
        if row is None:
            return None
        Device.objects.filter(fingerprint=reached.fingerprint).exclude(pk=row.pk).delete()
        for name, value in {**_values(reached, sign_in), "failure": ""}.items():
            setattr(row, name, value)
        row.save(update_fields=["session", "token", "sealed", "fingerprint", "agent", "failure"])
    return row


def remove(device_id: int, *, actor: User) -> None:
    """Tell somebody nothing more on a device of theirs. Records: device.removed. Raises: NotFound."""
    with transaction.atomic(durable=True):
        removed, _ = Device.objects.filter(pk=device_id, user=actor).delete()
        if not removed:
            raise NotFound("There is no such device.")
        audit.record("device.removed", actor=actor, subject=actor)


@retried
def gone(devices: Mapping[int, str]) -> int:
    """The push service knows these browsers no more; how many. Records: device.gone. Idempotent.

    Args:
        devices: the fingerprint by which each was called; one that has another address by now stays.
    """
    count = 0
    with transaction.atomic(durable=True):
        rows = Device.objects.filter(pk__in=devices, fingerprint__in=devices.values()).select_related("user")
        for row in rows.order_by("pk"):
            removed, _ = Device.objects.filter(pk=row.pk, fingerprint=row.fingerprint).delete()
            if removed:
                audit.record("device.gone", subject=row.user)
                count += 1
    return count


def is_awake(row: Device) -> bool:
    """Whether somebody is signed in there; its session and token are at hand."""
    if row.token is not None:
        return row.token.revoked_at is None
    return row.session is not None and row.session.expire_date > timezone.now() and not over(row.session)


def _values(reached: Reached, sign_in: SignIn) -> dict[str, object]:
    return {
        "session_id": sign_in.session,
        "token_id": sign_in.token_id,
        "sealed": reached.sealed,
        "fingerprint": reached.fingerprint,
        "agent": sign_in.agent[:200],
    }
