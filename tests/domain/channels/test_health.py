"""One word for how a channel fares: the worst that is true."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from channels import health, selectors
from channels.health import State
from channels.models import Channel, ChannelDay, Stream

NOW = timezone.now()
STREAM = {
    "kind": "mentions",
    "last_ok_at": NOW,
    "next_poll_at": NOW + timedelta(seconds=10),
    "interval_s": 10,
    "read_since": NOW,
    "last_item_at": NOW,
}


def minutes(n: float):
    return NOW - timedelta(minutes=n)


@pytest.mark.parametrize(
    ("channel", "stream", "facts", "state", "tone"),
    [
        ({}, {}, {}, State.HEALTHY, "good"),
        ({"status": "needs_reconnect"}, {}, {}, State.LOST, "bad"),
        ({"status": "paused"}, {}, {}, State.PAUSED, "warn"),
        ({"status": "disconnected"}, {}, {}, State.DISCONNECTED, ""),
        ({"breaker_until": NOW}, {}, {}, State.SICK, "bad"),
        ({}, {"errors_in_row": 3, "last_error": "no"}, {}, State.BEHIND, "warn"),
        ({}, {"next_poll_at": minutes(5), "last_ok_at": minutes(5)}, {}, State.BEHIND, "warn"),
        ({}, {"next_poll_at": NOW + timedelta(minutes=14), "last_ok_at": minutes(5)}, {}, State.HEALTHY, "good"),
        ({}, {}, {"spent": True}, State.SPENT, "warn"),
        ({}, {"gap": "A hole."}, {}, State.GAP, "warn"),
        ({"sending_halted_at": NOW}, {}, {}, State.HALTED, "warn"),
        ({}, {"last_ok_at": None}, {}, State.STARTING, ""),
        ({}, {"last_item_at": minutes(10)}, {"usual": 0.1}, State.QUIET, "warn"),
        ({}, {"last_item_at": minutes(4)}, {"usual": 0.1}, State.HEALTHY, "good"),
        ({}, {"last_item_at": minutes(600)}, {"usual": 0.0005}, State.HEALTHY, "good"),
    ],
)
def test_the_worst_is_said(channel: dict, stream: dict, facts: dict, state: State, tone: str) -> None:
    judged = health.of(Channel(**{"status": "active", **channel}), [Stream(**STREAM | stream)], NOW, **facts)
    assert (judged.state, judged.tone) == (state, tone)


@pytest.mark.django_db
def test_what_is_usual_is_learnt_from_whole_days_and_money_from_this_month() -> None:
    from tests import personas

    channel = personas.world().channels.northwind_x
    now = timezone.now()
    Stream.objects.create(channel=channel, kind="mentions", last_ok_at=now, last_item_at=now - timedelta(minutes=30))
    first = now.date().replace(day=1)
    for ago in (1, 2, 3):
        ChannelDay.objects.create(channel=channel, day=now.date() - timedelta(days=ago), items=4320, usd=Decimal(1))
    ChannelDay.objects.create(channel=channel, day=first - timedelta(days=20), items=10**6, usd=Decimal(100))
    [account] = selectors.accounts([channel])
    assert account.health.state is State.QUIET
    assert "180 items an hour" in account.health.reason
    assert account.month_usd <= 3
