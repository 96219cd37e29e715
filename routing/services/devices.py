"""Asking to be told on a device, and taking it back. Where a browser is reached is what it hands us: it is looked at
like any input, sealed like a credential, and called like a webhook."""

from __future__ import annotations

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q

from accounts.models import Device, User
from accounts.services import devices
from accounts.services.devices import Reached, SignIn
from channels import addresses, vault, webpush
from channels.webpush import Subscription, Unusable
from core.contention import retried
from core.errors import Conflict, Invalid, NotFound
from core.hints import hint_on_commit
from core.secrets import digest
from routing.models.push import Push
from routing.selectors.devices import public_key

TASK = "routing.tasks.push_notices"
LONGEST_ADDRESS = 2000
PARTS = "\n"


def add(subscription: Subscription, sign_in: SignIn, *, actor: User) -> Device:
    """Tell somebody on this browser from now on.

    Records: device.added. Raises: Invalid, Conflict (`push_off`, `too_many_devices`). Idempotent.
    """
    return devices.add(_reached(subscription), sign_in, actor=actor)


def renew(subscription: Subscription, sign_in: SignIn, *, device_id: int | None, actor: User) -> Device:
    """One's device is signed in again; its address may be another one by now.

    Args:
        device_id: as the browser remembers it; else it is known by its address.

    Raises: NotFound, Invalid, Conflict (`push_off`). Idempotent.
    """
    reached = _reached(subscription)
    return _renewed(reached, sign_in, Q(fingerprint=reached.fingerprint) | Q(pk=device_id), actor)


def move(subscription: Subscription, sign_in: SignIn, *, formerly: str, actor: User) -> Device:
    """A browser has got another address, and knows the former one, which nobody else does.

    Raises: NotFound, Invalid, Conflict (`push_off`). Idempotent.
    """
    return _renewed(_reached(subscription), sign_in, Q(fingerprint=digest(formerly)), actor)


def remove(device_id: int, *, actor: User) -> None:
    """Tell somebody nothing more there. Records: device.removed. Raises: NotFound, Conflict (`push_off`)."""
    _require_on()
    devices.remove(device_id, actor=actor)


@retried
def try_out(device_id: int, *, actor: User) -> None:
    """Push a notice that says nothing but that it works, whatever the hour.

    Records nothing: nobody is told anything. Raises: NotFound, Conflict (`push_off`, `trial_on_its_way`).
    """
    _require_on()
    try:
        with transaction.atomic(durable=True):
            device = Device.objects.select_for_update(no_key=True).filter(pk=device_id, user=actor).first()
            if device is None:
                raise NotFound("There is no such device.")
            Push.objects.create(device=device)
            hint_on_commit(TASK)
    except IntegrityError:
        raise Conflict("A trial notice is on its way already.", code="trial_on_its_way") from None


def opened(device: Device) -> Subscription:
    """Where it is reached. Raises: VaultError."""
    return Subscription(*vault.ring().open(bytes(device.sealed), place(device)).decode().split(PARTS))


def place(device: Device) -> str:
    """The name of the one place in which its address opens."""
    return _place(device.fingerprint)


def is_loose() -> bool:
    """Whether plain http and addresses of this machine are called: only where somebody tries Socialcare out."""
    return bool(settings.PUSH_TO_PRIVATE_ADDRESSES)


def _reached(subscription: Subscription) -> Reached:
    _require_on()
    _require_usable(subscription)
    fingerprint = digest(subscription.endpoint)
    content = PARTS.join((subscription.endpoint, subscription.p256dh, subscription.auth))
    return Reached(fingerprint, vault.ring().seal(content.encode(), _place(fingerprint)))


def _renewed(reached: Reached, sign_in: SignIn, known: Q, actor: User) -> Device:
    found = devices.renew(reached, sign_in, known=known, actor=actor)
    if found is None:
        raise NotFound("There is no such device.")
    return found


def _require_usable(subscription: Subscription) -> None:
    try:
        parts = addresses.checked(subscription.endpoint, longest=LONGEST_ADDRESS, loose=is_loose())
    except addresses.Refused as error:
        raise Invalid("This is no push service.", fields={"endpoint": str(error)}) from None
    if parts.port not in (None, 443) and not is_loose():
        raise Invalid("This is no push service.", fields={"endpoint": "Only port 443 is called."})
    try:
        webpush.check(subscription)
    except Unusable as error:
        sentence = f"The keys of the subscription cannot be used: {error}."
        raise Invalid(sentence, fields={"p256dh": sentence}) from None


def _require_on() -> None:
    if not public_key():
        raise Conflict(
            "This installation pushes nothing to devices: its operator has set no PUSH_KEY.", code="push_off"
        )


def _place(fingerprint: str) -> str:
    return f"device:{fingerprint}"
