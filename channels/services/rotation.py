"""Sealing everything again with the newest key, so that an older one can be taken off the ring."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

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


@dataclass(frozen=True, slots=True)
class Sealed:
    """A column of sealed values. `place` names the one place in which the value of a row opens."""

    model: type[Model]
    field: str
    place: Callable[[Any], str]


_sealed = [Sealed(Channel, "sealed_credentials", vault.place_of), Sealed(ConnectAttempt, "sealed", vault.place_of)]


def register(sealed: Sealed) -> None:
    """Let a column of an app above take part. Idempotent."""
    if sealed not in _sealed:
        _sealed.append(sealed)


def rotate() -> Rotated:
    """Seal everything that was registered, credentials first, with the newest key, in batches.

    Idempotent: what has the newest key is left alone. A value that does not open is counted and left as it is.

    Raises: VaultError where the ring is empty.
    """
    newest = vault.ring().newest
    return sum((_all(sealed, newest) for sealed in _sealed), Rotated())


def _all(sealed: Sealed, newest: str) -> Rotated:
    done, last = Rotated(), 0
    while True:
        batch, last = _batch(sealed, newest, last)
        if not last:
            return done
        done += batch


def _batch(sealed: Sealed, newest: str, after: int) -> tuple[Rotated, int]:
    """One batch in one transaction; the row lock keeps a token refresh from being overwritten."""
    done, last = Rotated(), 0
    with transaction.atomic(durable=True):
        rows = sealed.model._default_manager.select_for_update(no_key=True).filter(pk__gt=after).order_by("pk")[:BATCH]
        for row in rows:
            last = row.pk
            done += _rewrap(row, sealed, newest)
    return done, last


def _rewrap(row: Model, sealed: Sealed, newest: str) -> Rotated:
    held, place, ring = bytes(getattr(row, sealed.field)), sealed.place(row), vault.ring()
    try:
        if not held or vault.key_name(held) == newest:
            return Rotated(current=1)
        setattr(row, sealed.field, ring.seal(ring.open(held, place), place))
    except vault.VaultError:
        return Rotated(unreadable=1)
    row.save(update_fields=[sealed.field])
    return Rotated(rewrapped=1)
