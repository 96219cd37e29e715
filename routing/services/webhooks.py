"""Signed calls to addresses that an administrator has set up, on hosts that the operator allows.

The body is signed with HMAC-SHA256 over "<timestamp>.<body>", so that a receiver can tell who called and when.
A call leaves through `channels.http`: one address looked up once, never of a private network, no redirects, one
deadline over everything. What waits for a call waits in a table.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import orjson
import structlog
from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from accounts.models import User
from accounts.policies import require_administrator
from accounts.services import audit
from channels import addresses, vault
from channels.http import BadStatus, HttpFailure, NotSent, Policy, Session
from core.clock import database_now
from core.errors import Conflict, Invalid, NotFound
from core.hints import hint_on_commit
from routing.models.webhook import Webhook, WebhookCall
from routing.rules import packing
from routing.rules.contracts import Outcome

log = structlog.get_logger(__name__)

TASK = "routing.tasks.call_webhooks"
ATTEMPTS = 8
WAIT_S = 15
BATCH = 20
# Seconds and bytes of one call. A receiver that needs longer answers first and works later.
POLICY = Policy(connect=3.0, read=5.0, total=8.0, body=64 * 1024, public_only=True)
SIGNATURE, TIMESTAMP, DELIVERY = "Socialcare-Signature", "Socialcare-Timestamp", "Socialcare-Delivery"
SECRET_BYTES = 32
GONE = 410


def create(*, name: str, url: str, actor: User) -> tuple[Webhook, str]:
    """A new webhook and its secret, which is shown this once.

    Records: webhook.created. Raises: Forbidden, Invalid, Conflict (`name_taken`).
    """
    name, url = name.strip(), checked(url)
    if not 0 < len(name) <= 60:
        raise Invalid("Name the webhook.", fields={"name": "Use 1 to 60 characters."})
    secret = secrets.token_urlsafe(SECRET_BYTES)
    with transaction.atomic(durable=True):
        require_administrator(actor)
        if Webhook.objects.filter(name__iexact=name).exists():
            raise Conflict("There is a webhook of that name.", code="name_taken")
        webhook = Webhook.objects.create(name=name, url=url, made_by=actor)
        webhook.sealed_secret = vault.ring().seal(secret.encode(), place(webhook))
        webhook.save(update_fields=["sealed_secret"])
        audit.record("webhook.created", actor=actor, data={"name": name, "host": urlsplit(url).hostname or ""})
    return webhook, secret


def switch(webhook_id: int, *, is_on: bool, actor: User) -> Webhook:
    """Turn a webhook on or off; what waits for one that is off is not called.

    Records: webhook.switched. Raises: Forbidden, NotFound. Idempotent.
    """
    with transaction.atomic(durable=True):
        require_administrator(actor)
        webhook = Webhook.objects.select_for_update(no_key=True).filter(pk=webhook_id).first()
        if webhook is None:
            raise NotFound("There is no such webhook.")
        if webhook.is_on != is_on:
            webhook.is_on = is_on
            webhook.save(update_fields=["is_on"])
            audit.record("webhook.switched", actor=actor, data={"name": webhook.name, "on": is_on})
    return webhook


def checked(url: str) -> str:
    """The address, fit to be called.

    Raises: Invalid that names what is wrong with it; a host must be on the operator's list, letter by letter.
    """
    url = url.strip()
    try:
        parts = addresses.checked(url, longest=500, loose=_is_loose())
    except addresses.Refused as error:
        raise _invalid(str(error)) from None
    host, port = (parts.hostname or "").lower().rstrip("."), parts.port
    if (host if port in (None, 443) else f"{host}:{port}") not in settings.WEBHOOK_HOSTS:
        raise _invalid(f"{host} is not on the list of hosts that may be called (WEBHOOK_HOSTS).")
    return url


def body(conversation_id: int, outcome: Outcome, *, key: str) -> dict[str, Any]:
    """What a receiver is told: which conversation, which rules, what they want; no text and nobody's name."""
    return {
        "event": "rule.matched",
        "key": key,
        "conversation": conversation_id,
        "rules": [{"number": number, "sentence": sentence} for number, sentence in outcome.reasons],
        "outcome": packing.pack_outcome(outcome),
    }


def queue(calls: Sequence[WebhookCall]) -> None:
    """Let these calls wait for a worker, in the open transaction. Idempotent: by their keys."""
    if calls:
        WebhookCall.objects.bulk_create(calls, ignore_conflicts=True)
        hint_on_commit(TASK)


def call_due(limit: int = BATCH) -> int:
    """Make the calls that are due; how many. Each is claimed by moving its next try on, and tried outside of any
    transaction: a worker that dies costs a wait, and a receiver may be told twice of the same key.
    """
    claimed = _claim(limit)
    for call in claimed:
        _settle(call, _tried(call))
    return len(claimed)


def signature(secret: str, timestamp: str, content: bytes) -> str:
    """HMAC-SHA256 over the timestamp, a full stop and the body, in hex."""
    return hmac.new(secret.encode(), timestamp.encode() + b"." + content, hashlib.sha256).hexdigest()


def _claim(limit: int) -> list[WebhookCall]:
    with transaction.atomic(durable=True):
        due = WebhookCall.objects.filter(state="queued", next_at__lte=Now()).order_by("next_at")
        rows = list(
            due.select_related("webhook").select_for_update(skip_locked=True, no_key=True, of=("self",))[:limit]
        )
        now = database_now()
        for row in rows:
            row.attempts += 1
            row.next_at = now + timedelta(seconds=WAIT_S * 2 ** (row.attempts - 1))
        WebhookCall.objects.bulk_update(rows, ["attempts", "next_at"])
    return rows


def _tried(call: WebhookCall) -> str:
    """What went wrong, in a sentence without anything that the receiver said; empty = it took it."""
    webhook = call.webhook
    if not webhook.is_on:
        return "The webhook is off."
    try:
        url = checked(webhook.url)
    except Invalid as error:
        return error.message
    content = orjson.dumps(call.body)
    timestamp = str(int(database_now().timestamp()))
    headers = {
        "Content-Type": "application/json",
        TIMESTAMP: timestamp,
        DELIVERY: str(call.pk),
        SIGNATURE: f"sha256={signature(_secret(webhook), timestamp, content)}",
    }
    try:
        with Session(rewrites={}, policy=_policy()) as session:
            session.post(url, data=content, headers=headers)
    except BadStatus as error:
        return f"It answered with status {error.status}."
    except NotSent:
        return "It could not be reached, or its address is not a public one."
    except HttpFailure:
        return "It did not answer in time."
    return ""


def _settle(call: WebhookCall, error: str) -> None:
    """Note the outcome of this try, provided that it is still ours."""
    rows = WebhookCall.objects.filter(pk=call.pk, state="queued", attempts=call.attempts)
    if not error:
        rows.update(state="sent", settled_at=Now(), error="")
    elif call.attempts >= ATTEMPTS or not call.webhook.is_on or error.endswith(f"status {GONE}."):
        rows.update(state="failed", settled_at=Now(), error=error)
        log.warning("webhook.given_up", call_id=call.pk, webhook_id=call.webhook_id, attempts=call.attempts)
    else:
        rows.update(error=error)


def _policy() -> Policy:
    return Policy(POLICY.connect, POLICY.read, POLICY.total, POLICY.body, public_only=not _is_loose())


def _is_loose() -> bool:
    """Whether plain http and addresses of this machine are called: only where somebody tries Socialcare out."""
    return bool(settings.WEBHOOKS_TO_PRIVATE_ADDRESSES)


def _secret(webhook: Webhook) -> str:
    return vault.ring().open(bytes(webhook.sealed_secret), place(webhook)).decode()


def place(webhook: Webhook) -> str:
    """The name of the one place in which its secret opens. The row must have its id."""
    return f"webhook:{webhook.pk}"


def _invalid(message: str) -> Invalid:
    return Invalid(message, fields={"url": message})
