"""What the channels pages, the API and the metrics show: a fixed number of queries each, whatever the size."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import connection
from django.db.models import Count, QuerySet

from channels import health
from channels.models import Brand, Channel, ChannelDay, RateBucket, Stream, UnreadableItem
from core.clock import database_now
from core.errors import NotFound

DAYS_SHOWN = 31
UNREADABLE_PAGE = 50
# How far back one looks for how much is usual.
USUAL_DAYS = 7


@dataclass(slots=True)
class Account:
    """One channel with all that a row of the list says of it. Money in US dollars, for reading."""

    channel: Channel
    streams: list[Stream]
    health: health.Health
    month_usd: Decimal = Decimal(0)
    calls_today: int = 0
    items_today: int = 0
    usd_today: Decimal = Decimal(0)
    unreadable_today: int = 0


@dataclass(slots=True)
class BrandAccounts:
    """The accounts of one brand."""

    brand: Brand
    accounts: list[Account] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """One item that could not be read, its bytes as text for people: what is no UTF-8 is shown as U+FFFD."""

    id: int
    seen_at: datetime
    stream_kind: str
    reason: str
    external_id: str
    raw: str


@dataclass(frozen=True, slots=True)
class Lag:
    """How the reading of one stream fares, in seconds: since its last good poll, and its newest item's delay."""

    stream_id: int
    channel_id: int
    network: str
    kind: str
    since_ok: float
    overdue: float
    item_lag: float | None


def board(brand_ids: Collection[int]) -> list[BrandAccounts]:
    """All channels of these brands by brand and name; five queries."""
    found = {brand.pk: BrandAccounts(brand) for brand in brands(brand_ids)}
    channels = Channel.objects.filter(brand_id__in=found).order_by("kind", "handle", "pk")
    for account in accounts(channels.select_related("connected_by", "brand")):
        found[account.channel.brand_id].accounts.append(account)
    return list(found.values())


def brands(ids: Collection[int] | None = None) -> QuerySet[Brand]:
    """Brands by name: all, or those of `ids`."""
    rows = Brand.objects.order_by("name")
    return rows if ids is None else rows.filter(pk__in=ids)


def by_name() -> QuerySet[Channel]:
    """All channels by name."""
    return Channel.objects.order_by("name", "handle")


def by_status() -> dict[str, int]:
    """How many channels have each status; a status that none has is absent. One query."""
    return dict(Channel.objects.values_list("status").annotate(n=Count("pk")).order_by())


def accounts(channels: Iterable[Channel]) -> list[Account]:
    """Rows for these channels; four queries beside their own."""
    rows = list(channels)
    ids, now = [channel.pk for channel in rows], database_now()
    streams, days, unreadable = _streams(ids), _days(ids, now), _unreadable_today(ids, now)
    return [_account(channel, streams[channel.pk], days[channel.pk], unreadable, now) for channel in rows]


def visible_channel(channel_id: int, brand_ids: Collection[int]) -> Channel:
    """The channel, its brand loaded. Raises: NotFound where it is absent or of a brand that is not seen."""
    channels = Channel.objects.select_related("brand", "connected_by")
    channel = channels.filter(pk=channel_id, brand_id__in=brand_ids).first()
    if channel is None:
        raise NotFound("There is no such channel.")
    return channel


def windows(channel: Channel) -> list[RateBucket]:
    """The network's limits as it last told them."""
    return list(RateBucket.objects.filter(channel=channel).order_by("endpoint"))


def days(channel: Channel) -> list[ChannelDay]:
    """The meter by day, newest first."""
    return list(ChannelDay.objects.filter(channel=channel).order_by("-day")[:DAYS_SHOWN])


def unreadable_count(channel: Channel) -> int:
    """Items of the last 30 days that could not be read."""
    return UnreadableItem.objects.filter(channel=channel).count()


def unreadable(channel: Channel, *, before: int | None = None, limit: int = UNREADABLE_PAGE) -> list[Unreadable]:
    """A page of what could not be read, newest first, from below the id `before` on."""
    items = UnreadableItem.objects.filter(channel=channel)
    if before is not None:
        items = items.filter(pk__lt=before)
    return [
        Unreadable(
            item.pk,
            item.seen_at,
            item.stream_kind,
            item.reason,
            item.external_id,
            bytes(item.raw).decode("utf-8", "replace").replace("\0", "\ufffd"),
        )
        for item in items.order_by("-pk")[:limit]
    ]


_LAGS = """
SELECT s.id, c.id, c.kind, s.kind,
  extract(epoch FROM clock_timestamp() - coalesce(s.last_ok_at, c.status_changed_at))::float,
  CASE WHEN s.lease_until > clock_timestamp() OR c.breaker_until IS NOT NULL THEN 0
       ELSE greatest(0, extract(epoch FROM clock_timestamp() - s.next_poll_at)) END::float,
  s.lag_s
FROM channels_stream s JOIN channels_channel c ON c.id = s.channel_id WHERE c.status = 'active' ORDER BY s.id
"""


def lags() -> list[Lag]:
    """How every stream of every connected channel fares; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_LAGS)
        return [Lag(*row) for row in cursor.fetchall()]


def poll_lag() -> float:
    """Seconds by which the most neglected stream is overdue: 0 while the pollers keep up. For /readyz.

    A network that fails or refuses does not count: that wait is intended.
    """
    return max((lag.overdue for lag in lags()), default=0.0)


def _account(
    channel: Channel, streams: list[Stream], days: list[ChannelDay], unreadable: dict[int, int], now: datetime
) -> Account:
    month = sum((day.usd for day in days if day.day >= now.date().replace(day=1)), Decimal(0))
    today = next((day for day in days if day.day == now.date()), None)
    spent = channel.budget_usd is not None and month >= channel.budget_usd
    judged = health.of(channel, streams, now, spent=spent, usual=_usual(days, now))
    account = Account(channel, streams, judged, month)
    account.unreadable_today = unreadable.get(channel.pk, 0)
    if today is not None:
        account.calls_today, account.items_today = today.calls, today.items
        account.usd_today = today.usd + today.sends_usd
    return account


def _usual(days: list[ChannelDay], now: datetime) -> float:
    """Items a second over the last whole days on which the channel was read; 0 before there are two."""
    whole = [day.items for day in days if now.date() - timedelta(days=USUAL_DAYS) <= day.day < now.date()]
    return sum(whole) / (len(whole) * 86_400) if len(whole) > 1 else 0.0


def _streams(ids: list[int]) -> dict[int, list[Stream]]:
    found: dict[int, list[Stream]] = defaultdict(list)
    for stream in Stream.objects.filter(channel_id__in=ids).order_by("kind"):
        found[stream.channel_id].append(stream)
    return found


def _days(ids: list[int], now: datetime) -> dict[int, list[ChannelDay]]:
    found: dict[int, list[ChannelDay]] = defaultdict(list)
    first = min(now.date().replace(day=1), now.date() - timedelta(days=USUAL_DAYS))
    for day in ChannelDay.objects.filter(channel_id__in=ids, day__gte=first):
        found[day.channel_id].append(day)
    return found


def _unreadable_today(ids: list[int], now: datetime) -> dict[int, int]:
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    items = UnreadableItem.objects.filter(channel_id__in=ids, seen_at__gte=midnight)
    return dict(items.values_list("channel_id").annotate(n=Count("pk")).order_by())
