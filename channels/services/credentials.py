"""Keeping an account's access alive: who may call with which token, and one refresher at a time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from django.db import connection, transaction

from channels import registry, vault
from channels.contracts import type_json
from channels.models import Channel
from channels.services import identity, switches
from core.clock import database_now
from core.errors import TokenDead, TransientChannelError

# First number of our two-number advisory locks; the second is the channel.
LOCK = 7_201
# Renewed this long before the end. Source: adapters/x/oauth.py, MARGIN.
MARGIN = timedelta(minutes=10)
# An access token that lives this long can still carry a call.
ENOUGH = timedelta(seconds=40)
WAIT_S = 25.0
STEP_S = 0.1
REFUSED = "The network no longer accepts the keys of this account: connect it again."


def keep_fresh(channel: Channel) -> Channel:
    """The channel with an access token that is good for a call, renewed where it ends soon.

    Whoever comes second goes on with the old token while that lives, else waits for the first.

    Raises: TokenDead, TransientChannelError, VaultError.
    """
    ends = channel.credentials_expire_at
    if ends is None:
        return channel
    left = ends - database_now()
    if left > MARGIN:
        return channel
    return _renew(channel, wait=left < ENOUGH)


def renew_rejected(channel: Channel) -> Channel:
    """The channel with a new access token after the network refused the one of `channel`.

    Records: channel.needs_reconnect where there is nothing to renew with, or the network refuses that too.
    Raises: TokenDead then; TransientChannelError.
    """
    if channel.credentials_expire_at is None:
        switches.token_died(channel, REFUSED)
        raise TokenDead(REFUSED)
    return _renew(channel, wait=True)


def expiry_of(credentials: type_json) -> datetime | None:
    """When the access token ends, None where it does not."""
    text = credentials.get("expires_at")
    return datetime.fromisoformat(text) if text else None


def _renew(channel: Channel, *, wait: bool) -> Channel:
    with _only_refresher(channel.pk, wait=wait) as alone:
        if not alone and not wait:
            return channel
        if not alone:
            raise TransientChannelError("The access of this account is being renewed.", code="renewing")
        current = Channel.objects.select_related("brand").get(pk=channel.pk)
        if bytes(current.sealed_credentials) != bytes(channel.sealed_credentials):
            return current
        return _refresh(current)


def _refresh(channel: Channel) -> Channel:
    old = vault.unseal(channel.sealed_credentials, channel)
    ended = {**old, "expires_at": datetime.now(UTC).isoformat()}
    try:
        new = registry.build(channel.kind, ended, channel.external_id, channel.options).refresh()
    except TokenDead as error:
        switches.token_died(channel, error.message)
        raise
    if new is None:
        switches.token_died(channel, REFUSED)
        raise TokenDead(REFUSED)
    fresh = _store(channel, old, new)
    # Whose token is it? Nothing is sent through one that belongs to another account.
    if not identity.check(fresh):
        raise TokenDead("The renewed access belongs to another account: connect this one again.")
    return fresh


def _store(channel: Channel, old: type_json, new: type_json) -> Channel:
    """Put the new credentials where the old ones were, unless somebody reconnected the channel meanwhile."""
    with transaction.atomic(durable=True):
        row = Channel.objects.select_for_update(no_key=True, of=("self",)).select_related("brand").get(pk=channel.pk)
        if not row.sealed_credentials or vault.unseal(row.sealed_credentials, row) != old:
            return row
        row.sealed_credentials = vault.seal(new, row)
        row.credentials_expire_at = expiry_of(new)
        row.save(update_fields=["sealed_credentials", "credentials_expire_at"])
    return row


@contextmanager
def _only_refresher(channel_id: int, *, wait: bool) -> Iterator[bool]:
    """Whether we hold the channel's refresh lock.

    A session's advisory lock and not a row's: the call to the network stands between, and no transaction may.
    """
    until = time.monotonic() + (WAIT_S if wait else 0)
    while not (alone := _advisory("pg_try_advisory_lock", channel_id)) and time.monotonic() < until:
        time.sleep(STEP_S)
    try:
        yield alone
    finally:
        if alone:
            _advisory("pg_advisory_unlock", channel_id)


def _advisory(function: str, channel_id: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, %s)", [LOCK, channel_id])
        return bool(cursor.fetchone()[0])
