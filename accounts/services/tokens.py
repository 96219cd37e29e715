"""API tokens: the keys of machines, shown once, kept as a hash."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts import policies
from accounts.models import ApiToken, User
from accounts.services import audit
from core.errors import Invalid, NotFound
from core.secrets import digest, new_secret

START = "sc_"
SHOWN = 10
USED_EVERY = timedelta(minutes=1)


def create(user_id: int, *, name: str, actor: User | None) -> tuple[ApiToken, str]:
    """A new token that acts with this person's rights; for oneself, or as an administrator for anybody.

    Args:
        actor: None = the operator at the command line.
    Returns: the row, and the token, which cannot be shown again.
    Records: token.created. Raises: NotFound, Forbidden, Invalid.
    """
    name = name.strip()
    if not 0 < len(name) <= 80:
        raise Invalid("Give the token a name.", fields={"name": "Say what it is for, in at most 80 characters."})
    token = START + new_secret()
    with transaction.atomic(durable=True):
        person = User.objects.filter(pk=user_id, is_active=True).first()
        if person is None:
            raise NotFound("There is no such person.")
        if actor is not None:
            policies.require_self_or_administrator(actor, person)
        row = ApiToken.objects.create(user=person, name=name, prefix=token[:SHOWN], secret_hash=digest(token))
        audit.record("token.created", actor=actor, subject=person, data={"name": row.name, "prefix": row.prefix})
    return row, token


def revoke(token_id: int, *, actor: User) -> ApiToken:
    """Stop a token at once. Idempotent. Records: token.revoked. Raises: NotFound."""
    with transaction.atomic(durable=True):
        row = ApiToken.objects.select_for_update(no_key=True, of=("self",)).select_related("user").filter(pk=token_id)
        token = row.first()
        if token is None or not (actor.pk == token.user_id or actor.is_administrator):
            raise NotFound("There is no such token.")
        policies.require_self_or_administrator(actor, token.user)
        if token.revoked_at is None:
            token.revoked_at = timezone.now()
            token.save(update_fields=["revoked_at"])
            audit.record(
                "token.revoked", actor=actor, subject=token.user, data={"name": token.name, "prefix": token.prefix}
            )
    return token


def find(token: str) -> ApiToken | None:
    """The token that is in force, with its user; one query. Its use is noted at most once a minute."""
    row = (
        ApiToken.objects.select_related("user")
        .filter(secret_hash=digest(token), revoked_at=None, user__is_active=True)
        .first()
    )
    now = timezone.now()
    if row and (row.last_used_at is None or now - row.last_used_at > USED_EVERY):
        ApiToken.objects.filter(Q(last_used_at=None) | Q(last_used_at__lt=now - USED_EVERY), pk=row.pk).update(
            last_used_at=now
        )
    return row
