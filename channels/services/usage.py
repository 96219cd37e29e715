"""The meter: what a channel has cost, per UTC day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_UP, Decimal
from typing import Any

import orjson
from django.db import connection
from django.db.models import Sum

from channels import registry
from channels.contracts import CallUse
from channels.models import Channel, ChannelDay

MILLIONTH = Decimal("0.000001")

_ADD = """
INSERT INTO channels_channelday AS day (channel_id, day, calls, items, resources, usd, sends_usd)
VALUES (%(channel)s, (clock_timestamp() AT TIME ZONE 'UTC')::date, %(calls)s, %(items)s, %(resources)s,
        %(usd)s, %(sends_usd)s)
ON CONFLICT (channel_id, day) DO UPDATE SET
  calls = day.calls + excluded.calls,
  items = day.items + excluded.items,
  usd = day.usd + excluded.usd,
  sends_usd = day.sends_usd + excluded.sends_usd,
  resources = (SELECT coalesce(jsonb_object_agg(key, n), '{}') FROM (
      SELECT key, sum(value::bigint) AS n
      FROM (SELECT * FROM jsonb_each_text(day.resources) UNION ALL SELECT * FROM jsonb_each_text(excluded.resources)) b
      GROUP BY key) AS sums)
"""


@dataclass(frozen=True, slots=True)
class Meter:
    """What a channel spent on reads this month, and its budget; US dollars."""

    spent: Decimal
    budget: Decimal | None


def record_read(channel: Channel, use: CallUse, *, new: int, known: int) -> None:
    """Add a read to today's meter.

    A network that charges a resource once per UTC day charges nothing for the overlap that every poll reads again:
    the share of items that were stored already is not counted (Source: docs.x.com pricing, read 2026-08).

    Args:
        new / known: items that this read brought for the first time, and that were stored before.
    """
    share = Decimal(new) / (new + known) if new + known else Decimal(1)
    resources = {
        name: int((count * share).to_integral_value(ROUND_UP)) for name, count in use.resources.items() if count
    }
    _add(channel, use.calls, new, resources, usd=cost(channel.kind, resources))


def record_send(channel: Channel, use: CallUse) -> None:
    """Add calls that write to today's meter; they do not count against the budget of reads."""
    resources = {name: int(count) for name, count in use.resources.items() if count}
    _add(channel, use.calls, 0, resources, sends_usd=cost(channel.kind, resources))


def cost(kind: str, resources: Mapping[str, int]) -> Decimal:
    """US dollars for these resources by the network's price list; what is not on it is free."""
    prices = registry.capabilities(kind).prices
    return sum((prices.get(name, Decimal(0)) * count for name, count in resources.items()), Decimal(0))


def meter(channel: Channel, now: datetime) -> Meter:
    """The month's reads so far; one query, none where there is no budget."""
    if channel.budget_usd is None:
        return Meter(Decimal(0), None)
    return Meter(spent_in_month(channel.pk, now), channel.budget_usd)


def spent_in_month(channel_id: int, now: datetime) -> Decimal:
    """US dollars for reads since the first of the month (UTC)."""
    first = now.date().replace(day=1)
    total = ChannelDay.objects.filter(channel_id=channel_id, day__gte=first).aggregate(total=Sum("usd"))["total"]
    return total or Decimal(0)


def _add(channel: Channel, calls: int, items: int, resources: dict[str, int], **money: Decimal) -> None:
    values: dict[str, Any] = {"usd": Decimal(0), "sends_usd": Decimal(0), **money}
    with connection.cursor() as cursor:
        cursor.execute(
            _ADD,
            {
                "channel": channel.pk,
                "calls": calls,
                "items": items,
                "resources": orjson.dumps(resources).decode(),
                **{name: amount.quantize(MILLIONTH) for name, amount in values.items()},
            },
        )
