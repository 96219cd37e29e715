"""What must be right before anything starts."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register

from channels import vault

HINT = "Make a key with `python manage.py credential_key` and put it first into CREDENTIAL_KEYS."


@register(Tags.security)
def key_ring_is_there(**_kwargs: Any) -> list[CheckMessage]:
    """Without a key no account can be connected and no stored credentials open."""
    try:
        _ = vault.ring().newest
    except vault.VaultError as error:
        return [Error(error.message, hint=HINT, id="channels.E001")]
    return []
