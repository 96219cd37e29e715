"""A browser that asked to be told, without the browser: it has keys of its own and reads what was sealed for it."""

import json
import struct
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from accounts.models import Device, User
from accounts.services.devices import SignIn
from channels import webpush
from channels.webpush import Subscription, encoded
from routing.services import devices
from tests.clients import signed_in
from tests.receiving import Receiver

AUTH = b"sixteen bytes ok"
CONTACT = "mailto:it@socialcare.example"


class PretendBrowser:
    """One subscription, made as browsers make them (RFC 8291), and the reading of what comes for it."""

    def __init__(self, host: str, path: str = "/push/one") -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        point = self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.path, self._point = path, point
        self.subscription = Subscription(f"http://{host}{path}", encoded(point), encoded(AUTH))

    def read(self, body: bytes) -> dict[str, Any]:
        """What stands in it; fails where it was sealed for somebody else."""
        salt, (size, length) = body[:16], struct.unpack(">IB", body[16:21])
        sender = body[21 : 21 + length]
        assert size == 4096
        assert len(body) <= size
        shared = self._key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender))
        secret = _derived(shared, AUTH, b"WebPush: info\0" + self._point + sender, 32)
        cipher = AESGCM(_derived(secret, salt, b"Content-Encoding: aes128gcm\0", 16))
        nonce = _derived(secret, salt, b"Content-Encoding: nonce\0", 12)
        content = cipher.decrypt(nonce, body[21 + length :], None)
        assert content.endswith(b"\x02")
        found: dict[str, Any] = json.loads(content[:-1])
        return found


def claims_of(authorization: str) -> dict[str, Any]:
    """What a push service learns of who calls; fails where it is not signed with the key that stands beside it."""
    scheme, _, rest = authorization.partition(" ")
    assert scheme == "vapid"
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    head, body, signature = parts["t"].split(".")
    raw = webpush.decoded(signature, 64)
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), webpush.decoded(parts["k"], 65))
    whole = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    public.verify(whole, f"{head}.{body}".encode(), ec.ECDSA(hashes.SHA256()))
    assert json.loads(_unpadded(head)) == {"typ": "JWT", "alg": "ES256"}
    found: dict[str, Any] = json.loads(_unpadded(body))
    return found


def pushing_to(settings: Any) -> str:
    """Let this installation push, also to this machine; its public key."""
    settings.PUSH_KEY, settings.PUSH_CONTACT = webpush.new_key(), CONTACT
    settings.PUSH_TO_PRIVATE_ADDRESSES = True
    return webpush.Signer(settings.PUSH_KEY, CONTACT).public


def asked(person: User, receiver: Receiver, path: str = "/push/one") -> tuple[Device, PretendBrowser]:
    """Somebody signed in with a browser, and asked there to be told."""
    browser = PretendBrowser(receiver.host, path)
    session = signed_in(person).session.session_key
    return devices.add(browser.subscription, SignIn(session, agent="Firefox Linux"), actor=person), browser


def _derived(secret: bytes, salt: bytes, info: bytes, size: int) -> bytes:
    return HKDF(hashes.SHA256(), size, salt, info).derive(secret)


def _unpadded(text: str) -> bytes:
    return webpush.decoded(text, len(text) * 3 // 4)
