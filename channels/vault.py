"""Credentials at rest: AES-256-GCM under a key ring that can be rotated.

A sealed value is bound to its place (which row, which network): copied into another row it does not open. Layout:
one byte of version, the length and the name of the key, 12 bytes of nonce, ciphertext with tag.
"""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Iterable
from functools import cache
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from channels.models import Channel, ConnectAttempt
from core.errors import SocialCareError

VERSION = 1
NONCE_BYTES = 12
KEY_BYTES = 32


class VaultError(SocialCareError):
    """A sealed value cannot be opened, or there is no key to seal one; says nothing of what is inside."""

    code = "vault"
    http_status = 500


class Credentials(dict[str, Any]):
    """Opened credentials. They show themselves to nobody."""

    def __repr__(self) -> str:
        return "<credentials>"

    __str__ = __repr__


class KeyRing:
    """The keys by name, the newest first: it seals, all of them open.

    Args:
        words: `name:base64 of 32 bytes`, newest first.

    Raises: VaultError, which names the position of a bad key and nothing of it.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._keys = dict(_parse(word, position) for position, word in enumerate(words, 1))

    def __repr__(self) -> str:
        return f"<key ring of {len(self._keys)}>"

    @property
    def newest(self) -> str:
        """Raises: VaultError where the ring is empty."""
        if not self._keys:
            raise VaultError("There is no key for stored credentials: set CREDENTIAL_KEYS.")
        return next(iter(self._keys))

    def seal(self, content: bytes, place: str) -> bytes:
        """The content, sealed for one place with the newest key and a nonce of its own."""
        name = self.newest.encode()
        head = bytes((VERSION, len(name))) + name
        nonce = os.urandom(NONCE_BYTES)
        return head + nonce + self._cipher(self.newest).encrypt(nonce, content, head + place.encode())

    def open(self, sealed: bytes, place: str) -> bytes:
        """What was sealed for this place.

        Raises: VaultError for a value of another place, an unknown key or a changed byte.
        """
        name, head, rest = _split(sealed)
        try:
            return self._cipher(name).decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], head + place.encode())
        except (InvalidTag, ValueError):
            raise VaultError("The stored credentials do not belong to this place or were changed.") from None

    def _cipher(self, name: str) -> AESGCM:
        key = self._keys.get(name)
        if key is None:
            raise VaultError("The key of the stored credentials is not in CREDENTIAL_KEYS.")
        return AESGCM(key)


def ring() -> KeyRing:
    """The key ring of the settings.

    Raises: VaultError.
    """
    return _ring(tuple(settings.CREDENTIAL_KEYS))


@cache
def _ring(words: tuple[str, ...]) -> KeyRing:
    return KeyRing(words)


def place_of(row: Channel | ConnectAttempt) -> str:
    """The name of the one place in which a value opens. The row must have its id."""
    return f"{row._meta.model_name}:{row.pk}:{row.kind}"


def seal(content: dict[str, Any], row: Channel | ConnectAttempt) -> bytes:
    """The content, sealed for this row."""
    return ring().seal(orjson.dumps(content), place_of(row))


def unseal(sealed: bytes | memoryview, row: Channel | ConnectAttempt) -> Credentials:
    """What was sealed for this row.

    Raises: VaultError.
    """
    return Credentials(orjson.loads(ring().open(bytes(sealed), place_of(row))))


def key_name(sealed: bytes | memoryview) -> str:
    """Which key sealed this; empty where nothing is sealed."""
    return _split(bytes(sealed))[0] if sealed else ""


def _split(sealed: bytes) -> tuple[str, bytes, bytes]:
    end = 2 + sealed[1] if len(sealed) > 2 else 0
    if not end or sealed[0] != VERSION or len(sealed) < end + NONCE_BYTES:
        raise VaultError("There are no readable credentials here.")
    return sealed[2:end].decode(errors="replace"), sealed[:end], sealed[end:]


def _parse(word: str, position: int) -> tuple[str, bytes]:
    name, _, encoded = word.partition(":")
    try:
        key = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        key = b""
    if not name or len(name.encode()) > 255 or len(key) != KEY_BYTES:
        raise VaultError(f"Key {position} of CREDENTIAL_KEYS is not name:base64 of {KEY_BYTES} bytes.")
    return name, key
