"""Sealing everything again with the newest key, so that an older one can be taken off the ring."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Model

from channels import vault
from channels.models import Channel, ConnectAttempt

BATCH = 100


@dataclass(frozen=True, slots=True)
class Rotated:
    """How many values were sealed again, had the newest key already, or could not be opened."""

    rewrapped: int = 0
    current: int = 0
    unreadable: int = 0

    def __add__(self, other: Rotated) -> Rotated:
        return Rotated(
            self.rewrapped + other.rewrapped, self.current + other.current, self.unreadable + other.unreadable
        )


def rotate() -> Rotated:
    """Seal the credentials of all channels and of wizards under way with the newest key, in batches.

    Idempotent: what has the newest key is left alone. A value that does not open is counted and left as it is.

    Raises: VaultError where the ring is empty.
    """
    newest = vault.ring().newest
    return _all(Channel, "sealed_credentials", newest) + _all(ConnectAttempt, "sealed", newest)


def _all(model: type[Model], field: str, newest: str) -> Rotated:
    done, last = Rotated(), 0
    while True:
        batch, last = _batch(model, field, newest, last)
        if not last:
            return done
        done += batch


def _batch(model: type[Model], field: str, newest: str, after: int) -> tuple[Rotated, int]:
    """One batch in one transaction; the row lock keeps a token refresh from being overwritten."""
    done, last = Rotated(), 0
    with transaction.atomic(durable=True):
        rows = model._default_manager.select_for_update(no_key=True).filter(pk__gt=after).order_by("pk")[:BATCH]
        for row in rows:
            last = row.pk
            done += _rewrap(row, field, newest)
    return done, last


def _rewrap(row: Model, field: str, newest: str) -> Rotated:
    sealed = bytes(getattr(row, field))
    try:
        if not sealed or vault.key_name(sealed) == newest:
            return Rotated(current=1)
        setattr(row, field, vault.seal(vault.unseal(sealed, row), row))  # type: ignore[arg-type]
    except vault.VaultError:
        return Rotated(unreadable=1)
    row.save(update_fields=[field])
    return Rotated(rewrapped=1)
