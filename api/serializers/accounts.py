"""Channels as machines get them: who they are for everybody of the brand, how they fare for who supervises."""

from __future__ import annotations

from rest_framework import serializers

from api.serializers.outputs import Json, NamedShape, Shape, money, named
from channels.health import State
from channels.models import Channel, Stream
from channels.selectors import Account


class StreamShape(Shape):
    """One thing that a channel reads."""

    kind = serializers.CharField()
    last_poll_at = serializers.DateTimeField(allow_null=True)
    last_ok_at = serializers.DateTimeField(allow_null=True)
    last_item_at = serializers.DateTimeField(allow_null=True, help_text="The network's time of the newest item.")
    next_poll_at = serializers.DateTimeField()
    interval_s = serializers.FloatField(help_text="Seconds between two polls.")
    lag_s = serializers.FloatField(allow_null=True, help_text="Seconds from the network's time to ours, newest item.")
    errors_in_row = serializers.IntegerField()
    last_error = serializers.CharField()
    last_error_at = serializers.DateTimeField(allow_null=True)
    waits_because = serializers.CharField()
    gap = serializers.CharField(help_text="A hole that the network's window left, until it is filled.")


class HealthShape(Shape):
    """How a channel fares. Money in US dollars, days and months in UTC."""

    state = serializers.ChoiceField([state.value for state in State])
    reason = serializers.CharField()
    calls_today = serializers.IntegerField()
    items_today = serializers.IntegerField()
    unreadable_today = serializers.IntegerField()
    usd_today = serializers.DecimalField(max_digits=14, decimal_places=6)
    usd_month = serializers.DecimalField(max_digits=14, decimal_places=6, help_text="Reads; the budget is theirs.")
    budget_usd = serializers.DecimalField(max_digits=10, decimal_places=2, allow_null=True)
    credentials_expire_at = serializers.DateTimeField(allow_null=True)
    streams = StreamShape(many=True)


class ChannelShape(Shape):
    """One connected account."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(Channel.Kind.choices)
    brand = NamedShape()
    external_id = serializers.CharField(help_text="The account's id at the network.")
    handle = serializers.CharField()
    name = serializers.CharField()
    status = serializers.ChoiceField(Channel.Status.choices)
    status_reason = serializers.CharField()
    sends = serializers.BooleanField(help_text="Whether answers leave by it now.")
    health = HealthShape(allow_null=True, help_text="For supervisors and administrators; null for others.")


class ChannelsShape(Shape):
    results = ChannelShape(many=True)


def channel(account: Account, *, with_health: bool) -> Json:
    row = account.channel
    return {
        "id": row.pk,
        "kind": row.kind,
        "brand": named(row.brand),
        "external_id": row.external_id,
        "handle": row.handle,
        "name": row.name,
        "status": row.status,
        "status_reason": row.status_reason,
        "sends": row.sends,
        "health": _health(account) if with_health else None,
    }


def _health(account: Account) -> Json:
    return {
        "state": account.health.state.value,
        "reason": account.health.reason,
        "calls_today": account.calls_today,
        "items_today": account.items_today,
        "unreadable_today": account.unreadable_today,
        "usd_today": money(account.usd_today),
        "usd_month": money(account.month_usd),
        "budget_usd": money(account.channel.budget_usd),
        "credentials_expire_at": account.channel.credentials_expire_at,
        "streams": [_stream(stream) for stream in account.streams],
    }


def _stream(row: Stream) -> Json:
    return {name: getattr(row, name) for name in STREAM_FIELDS}


STREAM_FIELDS = tuple(StreamShape().fields)
