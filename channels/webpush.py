"""Messages for the push services of browsers' makers: sealed for one browser, signed by this installation. Pure.

Source: RFC 8030 (headers), RFC 8188 and 8291 (aes128gcm), RFC 8292 (VAPID); why not by a library: docs/adr/0010.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import struct
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CURVE = ec.SECP256R1()
KEY_BYTES, POINT_BYTES, AUTH_BYTES, SALT_BYTES = 32, 65, 16, 16
RECORD_BYTES = 4096
# What fits beside the head (86 bytes), the mark of its end and the tag. Source: RFC 8291 §4.
LONGEST = RECORD_BYTES - 86 - 1 - 16
# A token may live for a day at most (RFC 8292 §2); the clocks of others may differ.
TOKEN_LIVES = timedelta(hours=12)


class Unusable(ValueError):
    """A key that is none; says nothing of it."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """Where a browser can be reached, and with which keys. The address alone opens the door: it shows itself to nobody.

    Args:
        endpoint: as the browser gave it; `p256dh` and `auth`: its keys, base64url.
    """

    endpoint: str = field(repr=False)
    p256dh: str = field(repr=False)
    auth: str = field(repr=False)


class Signer:
    """This installation's key, by which push services know who calls.

    Args:
        key: base64url of 32 bytes, as `new_key` makes them.
        contact: `mailto:` or `https://`, whom a push service may write to.

    Raises: Unusable.
    """

    def __init__(self, key: str, contact: str) -> None:
        if not contact.startswith(("mailto:", "https://")):
            raise Unusable("not an address")
        self._contact = contact
        self._key = _private(decoded(key, KEY_BYTES))
        self.public = encoded(_point(self._key.public_key()))

    def authorization(self, endpoint: str, now: datetime) -> str:
        """The header for one call."""
        parts = urlsplit(endpoint)
        claims = {
            "aud": f"{parts.scheme}://{parts.netloc.lower().removesuffix(':443')}",
            "exp": int((now + TOKEN_LIVES).timestamp()),
            "sub": self._contact,
        }
        content = ".".join(encoded(json.dumps(part).encode()) for part in ({"typ": "JWT", "alg": "ES256"}, claims))
        r, s = decode_dss_signature(self._key.sign(content.encode(), ec.ECDSA(hashes.SHA256())))
        signature = r.to_bytes(KEY_BYTES, "big") + s.to_bytes(KEY_BYTES, "big")
        return f"vapid t={content}.{encoded(signature)}, k={self.public}"


def new_key() -> str:
    """A key of one's own for an installation."""
    return encoded(ec.generate_private_key(CURVE).private_numbers().private_value.to_bytes(KEY_BYTES, "big"))


def check(subscription: Subscription) -> None:
    """Raises: Unusable where its keys are none."""
    _public(subscription)
    decoded(subscription.auth, AUTH_BYTES)


def sealed(content: bytes, subscription: Subscription, *, salt: bytes = b"", sender: str = "") -> bytes:
    """The content as only that browser can read it: one record of aes128gcm.

    Args:
        content: at most `LONGEST` bytes.
        salt, sender: only where the outcome has to be known beforehand; else made for this one record.

    Raises: Unusable.
    """
    salt = salt or os.urandom(SALT_BYTES)
    key = _private(decoded(sender, KEY_BYTES)) if sender else ec.generate_private_key(CURVE)
    receiver, mine = _public(subscription), _point(key.public_key())
    info = b"WebPush: info\0" + _point(receiver) + mine
    secret = _derived(key.exchange(ec.ECDH(), receiver), decoded(subscription.auth, AUTH_BYTES), info, 32)
    cipher = AESGCM(_derived(secret, salt, b"Content-Encoding: aes128gcm\0", 16))
    nonce = _derived(secret, salt, b"Content-Encoding: nonce\0", 12)
    return salt + struct.pack(">IB", RECORD_BYTES, len(mine)) + mine + cipher.encrypt(nonce, content + b"\x02", None)


def encoded(content: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def decoded(text: str, size: int) -> bytes:
    """That many bytes of base64url, padded or not. Raises: Unusable."""
    try:
        found = base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise Unusable("not base64url") from None
    if len(found) != size:
        raise Unusable("of another length")
    return found


def _derived(secret: bytes, salt: bytes, info: bytes, size: int) -> bytes:
    return HKDF(hashes.SHA256(), size, salt, info).derive(secret)


def _private(content: bytes) -> ec.EllipticCurvePrivateKey:
    try:
        return ec.derive_private_key(int.from_bytes(content, "big"), CURVE)
    except ValueError:
        raise Unusable("not a key") from None


def _public(subscription: Subscription) -> ec.EllipticCurvePublicKey:
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(CURVE, decoded(subscription.p256dh, POINT_BYTES))
    except ValueError:
        raise Unusable("not a key") from None


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
