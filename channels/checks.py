"""What must be right before anything starts."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from channels import vault, webpush

HINT = "Make a key with `python manage.py credential_key` and put it first into CREDENTIAL_KEYS."


@register(Tags.security)
def key_ring_is_there(**_kwargs: Any) -> list[CheckMessage]:
    """Without a key no account can be connected and no stored credentials open."""
    try:
        _ = vault.ring().newest
    except vault.VaultError as error:
        return [Error(error.message, hint=HINT, id="channels.E001")]
    return []


@register(Tags.security)
def notices_can_be_signed(**_kwargs: Any) -> list[CheckMessage]:
    """A key that is none, or nobody to write to, would only show when the first notice is pushed."""
    if not settings.PUSH_KEY:
        return []
    try:
        webpush.Signer(settings.PUSH_KEY, settings.PUSH_CONTACT)
    except webpush.Unusable as error:
        message = f"PUSH_KEY and PUSH_CONTACT do not fit together: {error}."
        hint = "Make a key with `python manage.py push_key`; PUSH_CONTACT begins with mailto: or https://."
        return [Error(message, hint=hint, id="channels.E002")]
    return []
