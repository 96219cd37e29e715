"""A wizard between its steps: what was found waits sealed, for one person, for a quarter of an hour."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.db import transaction

from accounts.models import User
from channels import registry, vault
from channels.contracts import Found, Identity, type_json
from channels.models import Brand, Channel, ConnectAttempt
from channels.policies import require_administrator
from core.clock import database_now
from core.errors import Invalid, NotFound, PermanentChannelError, TransientChannelError

LIVES = timedelta(minutes=15)
GONE = "This connection was begun too long ago, or by somebody else, or is done: please begin again."


def by_keys(
    *, actor: User, brand_id: int, kind: str, values: dict[str, str], channel: Channel | None = None
) -> ConnectAttempt:
    """Try typed keys at the network and keep what they open until an account is chosen.

    Args:
        channel: the one that is connected again, None for a new one.

    Raises: Forbidden, NotFound, Invalid with the field, TransientChannelError where the network does not answer.
    """
    require_administrator(actor)
    how = registry.connecting(kind)
    missing = {
        f.name: "Please fill this in." for f in how.key_fields if f.required and not values.get(f.name, "").strip()
    }
    if missing:
        raise Invalid("Some keys are missing.", fields=missing)
    found = _accounts(kind, how.from_keys(values), field=how.key_fields[-1].name)
    return _begin(actor, brand_id, kind, channel, secrets.token_urlsafe(32), {"found": _packed(found)})


def by_asking(
    *, actor: User, brand_id: int, kind: str, session: str, redirect_uri: str, channel: Channel | None = None
) -> str:
    """Begin to ask at the network; the address to which the person is sent.

    Args:
        session: what ties the answer to this browser; its hash is kept.
        redirect_uri: where the network sends the person back.

    Raises: Forbidden, NotFound, Invalid where this installation has no app at the network.
    """
    require_administrator(actor)
    how = registry.connecting(kind)
    if not how.by_asking():
        raise Invalid("This installation has no app at the network: connect by keys.")
    state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(64)
    content = {"verifier": verifier, "session": _hash(session), "redirect_uri": redirect_uri}
    _begin(actor, brand_id, kind, channel, state, content)
    return how.authorize_url(redirect_uri=redirect_uri, state=state, verifier=verifier)


def answered(*, actor: User, kind: str, state: str, code: str, session: str) -> ConnectAttempt:
    """Take the network's answer: the code is exchanged, the accounts that it opens wait for a choice.

    Single use: the state is spent before the code is exchanged, whatever comes of it.

    Raises: NotFound for a state of somebody else, another browser, another network, used or too old;
        Invalid, TransientChannelError where the network does not give access.
    """
    require_administrator(actor)
    attempt = ConnectAttempt.objects.filter(secret_hash=_hash(state)).first()
    if attempt is None or attempt.user_id != actor.pk or attempt.kind != kind or not _spend(attempt):
        raise NotFound(GONE)
    begun = vault.unseal(attempt.sealed, attempt)
    if not hmac.compare_digest(begun.get("session", ""), _hash(session)):
        raise NotFound(GONE)
    how = registry.connecting(kind)
    try:
        credentials = how.exchange(code=code, redirect_uri=begun["redirect_uri"], verifier=begun["verifier"])
    except PermanentChannelError as error:
        raise Invalid(error.message) from None
    found = _accounts(kind, credentials, field="code")
    with transaction.atomic(durable=True):
        attempt.sealed = vault.seal({"found": _packed(found)}, attempt)
        attempt.expires_at = database_now() + LIVES
        attempt.save(update_fields=["sealed", "expires_at"])
    return attempt


def current(attempt_id: int, *, actor: User) -> ConnectAttempt:
    """The wizard, while it lives and belongs to this person.

    Raises: Forbidden, NotFound.
    """
    require_administrator(actor)
    alive = ConnectAttempt.objects.filter(pk=attempt_id, user=actor, finished_at=None, expires_at__gt=database_now())
    attempt = alive.select_related("brand", "channel__brand").first()
    if attempt is None:
        raise NotFound(GONE)
    return attempt


def found(attempt: ConnectAttempt) -> tuple[Found, ...]:
    """The accounts that can be chosen; empty while the network has not answered. Their credentials are in it."""
    packed = vault.unseal(attempt.sealed, attempt).get("found", [])
    return tuple(Found(Identity(**one["identity"]), vault.Credentials(one["credentials"])) for one in packed)


def _begin(
    actor: User, brand_id: int, kind: str, channel: Channel | None, secret: str, content: dict[str, Any]
) -> ConnectAttempt:
    """The row first, then what is sealed for it."""
    with transaction.atomic(durable=True):
        if not Brand.objects.filter(pk=brand_id).exists():
            raise NotFound("There is no such brand.")
        attempt = ConnectAttempt.objects.create(
            secret_hash=_hash(secret),
            user=actor,
            brand_id=brand_id,
            kind=kind,
            channel=channel,
            sealed=b"",
            expires_at=database_now() + LIVES,
        )
        attempt.sealed = vault.seal(content, attempt)
        attempt.save(update_fields=["sealed"])
    return attempt


def _spend(attempt: ConnectAttempt) -> bool:
    """Whether this call is the one that uses the state."""
    alive = ConnectAttempt.objects.filter(
        pk=attempt.pk, secret_hash=attempt.secret_hash, finished_at=None, expires_at__gt=database_now()
    )
    return alive.update(secret_hash=_hash(secrets.token_urlsafe(32))) == 1


def _accounts(kind: str, credentials: type_json, *, field: str) -> tuple[Found, ...]:
    def identify(candidate: type_json) -> Identity:
        return registry.build(kind, candidate, "", {}).identify()

    try:
        opened = registry.connecting(kind).accounts(credentials, identify)
    except PermanentChannelError as error:
        sentence = f"The network does not accept this: {error.message}"
        raise Invalid(sentence, fields={field: sentence}) from None
    except TransientChannelError as error:
        raise TransientChannelError(f"{error.message} Please try again in a moment.") from None
    if not opened:
        raise Invalid("This sign-in opens no account that could be connected.", fields={field: "No account."})
    return opened


def _packed(opened: tuple[Found, ...]) -> list[dict[str, Any]]:
    return [{"identity": asdict(one.identity), "credentials": dict(one.credentials)} for one in opened]


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
