"""What a channel may do now: read, send, both or neither. Reading and sending are switched apart."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from accounts.models import User
from accounts.services import audit
from channels.models import Brand, Channel, Stream
from channels.policies import require_administrator
from channels.services import streams
from core import live
from core.errors import Conflict, NotFound

TOPIC = "channels"


def locked(channel_id: int) -> Channel:
    """The channel under `FOR NO KEY UPDATE`, its brand loaded.

    Raises: NotFound.
    """
    found = Channel.objects.select_for_update(no_key=True, of=("self",)).select_related("brand")
    channel = found.filter(pk=channel_id).first()
    if channel is None:
        raise NotFound("There is no such channel.")
    return channel


def pause(channel_id: int, *, actor: User) -> Channel:
    """Stop reading and sending until it is resumed; nothing is lost that the network still has then.

    Records: channel.paused. Raises: Forbidden, NotFound, Conflict where it is not connected.
    """
    require_administrator(actor)
    with transaction.atomic(durable=True):
        channel = locked(channel_id)
        if channel.status != Channel.Status.ACTIVE:
            raise Conflict("Only a connected channel can be paused.", current={"status": channel.status})
        _set_status(channel, Channel.Status.PAUSED, "Paused by an administrator.")
        tell("channel.paused", channel, actor=actor)
    return channel


def resume(channel_id: int, *, actor: User) -> Channel:
    """Read and send again, from where the channel was paused.

    Records: channel.resumed. Raises: Forbidden, NotFound, Conflict where it is not paused.
    """
    require_administrator(actor)
    with transaction.atomic(durable=True):
        channel = locked(channel_id)
        if channel.status != Channel.Status.PAUSED:
            raise Conflict("This channel is not paused.", current={"status": channel.status})
        _set_status(channel, Channel.Status.ACTIVE, "")
        streams.poll_now(channel.pk)
        tell("channel.resumed", channel, actor=actor)
    return channel


def halt_sending(channel_id: int, *, actor: User | None, reason: str = "") -> Channel:
    """Kill switch: nothing more is sent by this account; reading goes on. Idempotent.

    Records: channel.halted. Raises: Forbidden, NotFound.
    """
    require_administrator(actor)
    with transaction.atomic(durable=True):
        channel = locked(channel_id)
        if channel.sending_halted_at is None:
            _save(channel, sending_halted_at=Now(), sending_halted_because=reason[:300])
            tell("channel.halted", channel, actor=actor, reason=reason or "by an administrator")
    return channel


def let_send(channel_id: int, *, actor: User) -> Channel:
    """Take the kill switch back. Idempotent.

    Records: channel.changed. Raises: Forbidden, NotFound.
    """
    require_administrator(actor)
    with transaction.atomic(durable=True):
        channel = locked(channel_id)
        if channel.sending_halted_at is not None:
            _save(channel, sending_halted_at=None, sending_halted_because="")
            tell("channel.changed", channel, actor=actor, what="sending (on again)")
    return channel


def halt_brand(brand_id: int, *, actor: User) -> Brand:
    """Kill switch for all accounts of a brand. Idempotent.

    Records: brand.sending_halted. Raises: Forbidden, NotFound.
    """
    return _switch_brand(brand_id, "brand.sending_halted", actor=actor, halted=True)


def let_brand_send(brand_id: int, *, actor: User) -> Brand:
    """Take a brand's kill switch back. Idempotent.

    Records: brand.sending_resumed. Raises: Forbidden, NotFound.
    """
    return _switch_brand(brand_id, "brand.sending_resumed", actor=actor, halted=False)


def disconnect(channel_id: int, *, actor: User) -> Channel:
    """End the connection: credentials are forgotten, nothing is read or sent; what was stored stays.

    Records: channel.disconnected. Raises: Forbidden, NotFound. Idempotent.
    """
    require_administrator(actor)
    with transaction.atomic(durable=True):
        channel = locked(channel_id)
        if channel.status != Channel.Status.DISCONNECTED:
            _set_status(channel, Channel.Status.DISCONNECTED, "Disconnected by an administrator.")
            _save(channel, sealed_credentials=b"", credentials_expire_at=None)
            tell("channel.disconnected", channel, actor=actor)
    return channel


def token_died(channel: Channel, reason: str) -> bool:
    """The network no longer accepts the credentials: the channel waits for its reconnection, marks are kept.

    Idempotent: only the first of several streams that notice it says so, and only while the credentials are still
    the ones that failed.

    Args:
        channel: the row with which the call was made.

    Returns: whether this call changed the channel. Records: channel.needs_reconnect.
    """
    with transaction.atomic(durable=True):
        now = locked(channel.pk)
        same = bytes(now.sealed_credentials) == bytes(channel.sealed_credentials)
        if now.status != Channel.Status.ACTIVE or not same:
            return False
        _set_status(now, Channel.Status.NEEDS_RECONNECT, reason)
        tell("channel.needs_reconnect", now, actor=None, reason=reason)
    return True


def tell(kind: str, channel: Channel, *, actor: User | None, **data: Any) -> None:
    """Record one fact about a channel in the running transaction and ping the open channels pages."""
    facts = {"channel": str(channel), "channel_id": channel.pk, "brand": channel.brand.name, **data}
    audit.record(kind, actor=actor, data=facts)
    live.ping_on_commit(TOPIC, channels=[channel.pk])


def forget_gap(stream_id: int, *, actor: User) -> Stream:
    """Take note of a hole that cannot be filled, so that it is no longer shown.

    Records: channel.changed. Raises: Forbidden, NotFound.
    """
    require_administrator(actor)
    with transaction.atomic(durable=True):
        found = Stream.objects.select_for_update(no_key=True, of=("self",)).select_related("channel__brand")
        stream = found.filter(pk=stream_id).first()
        if stream is None:
            raise NotFound("There is no such stream.")
        if stream.gap:
            tell("channel.changed", stream.channel, actor=actor, what="a noted gap", reason=stream.gap)
            stream.gap, stream.gap_at = "", None
            stream.save(update_fields=["gap", "gap_at"])
    return stream


def _switch_brand(brand_id: int, kind: str, *, actor: User, halted: bool) -> Brand:
    require_administrator(actor)
    with transaction.atomic(durable=True):
        brand = Brand.objects.select_for_update(no_key=True).filter(pk=brand_id).first()
        if brand is None:
            raise NotFound("There is no such brand.")
        if bool(brand.sending_halted_at) != halted:
            Brand.objects.filter(pk=brand.pk).update(sending_halted_at=Now() if halted else None)
            brand.refresh_from_db(fields=["sending_halted_at"])
            audit.record(kind, actor=actor, data={"brand": brand.name, "brand_id": brand.pk})
            live.ping_on_commit(TOPIC, brands=[brand.pk])
    return brand


def _set_status(channel: Channel, status: str, reason: str) -> None:
    _save(channel, status=status, status_reason=reason[:300], status_changed_at=Now())


def _save(channel: Channel, **values: Any) -> None:
    Channel.objects.filter(pk=channel.pk).update(**values)
    channel.refresh_from_db(fields=list(values))
