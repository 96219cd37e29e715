"""Leases: one winner, a fence that keeps the one who slept out, fair turns, a breaker per channel."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from channels.models import Channel, Stream
from channels.services import streams
from tests.domain.channels.kit import stream_of
from tests.factories import people

pytestmark = pytest.mark.django_db(transaction=True)
KINDS = ("mentions", "search", "direct_messages", "own_posts")


@pytest.fixture
def channel() -> Channel:
    return people.channel(people.brand("Northwind Air", "northwind-air"), "x", "1", "northwindair")


def claim_at_once(stream_ids: list[int], threads: int) -> list[streams.Lease | None]:
    """Every thread claims with a connection of its own, all at the same moment."""
    barrier = threading.Barrier(threads)

    def claim(number: int) -> streams.Lease | None:
        try:
            barrier.wait(10)
            return streams.claim(stream_ids[number % len(stream_ids)])
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(claim, range(threads)))


def test_eight_threads_claim_a_stream_and_one_gets_it(channel: Channel) -> None:
    stream = stream_of(channel)
    for fence in range(1, 11):
        won = [lease for lease in claim_at_once([stream.pk], 8) if lease]
        assert [lease.fence for lease in won] == [fence]
        Stream.objects.update(lease_until=None)


def test_who_slept_through_the_lease_may_not_write(channel: Channel) -> None:
    stream = stream_of(channel)
    sleeper = streams.claim(stream.pk)
    Stream.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    other = streams.claim(stream.pk)
    assert sleeper is not None
    assert other is not None
    assert other.fence == sleeper.fence + 1
    with transaction.atomic():
        assert streams.hold(other).pk == stream.pk
        with pytest.raises(streams.LeaseLost):
            streams.hold(sleeper)


def test_a_lease_that_nobody_gave_back_is_seen_as_an_error(channel: Channel) -> None:
    stream = stream_of(channel)
    assert streams.claim(stream.pk)
    assert streams.claim(stream.pk) is None
    Stream.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert streams.claim(stream.pk)
    stream.refresh_from_db()
    assert (stream.errors_in_row, stream.last_error_code) == (1, "reader_died")


@pytest.mark.parametrize("status", ["paused", "needs_reconnect", "disconnected"])
def test_a_channel_that_is_not_connected_is_not_read(channel: Channel, status: str) -> None:
    stream = stream_of(channel)
    Channel.objects.update(status=status)
    assert streams.take_hints(10) == []
    assert streams.claim(stream.pk) is None


def test_halted_sending_does_not_stop_reading(channel: Channel) -> None:
    stream = stream_of(channel)
    Channel.objects.update(sending_halted_at=timezone.now())
    assert streams.claim(stream.pk)


def test_hints_are_fair_and_given_once(channel: Channel) -> None:
    long_ago = timezone.now() - timedelta(hours=1)
    deep = [stream_of(channel, kind, next_poll_at=long_ago).pk for kind in KINDS]
    others = [stream_of(people.channel(channel.brand, "x", str(n), f"account{n}")).pk for n in range(2, 5)]
    hints = streams.take_hints(4)
    assert hints[0] in deep
    assert sorted(hints[1:]) == sorted(others)
    assert len(set(streams.take_hints(10)) & set(deep)) == 3
    assert streams.take_hints(10) == []
    Stream.objects.update(hinted_at=timezone.now() - timedelta(seconds=streams.HINT_S + 1))
    assert len(streams.take_hints(10)) == 7


def test_what_is_not_due_is_not_hinted(channel: Channel) -> None:
    stream_of(channel, next_poll_at=timezone.now() + timedelta(minutes=1))
    assert streams.take_hints(10) == []


def test_a_sick_channel_is_tried_by_one_stream_a_minute(channel: Channel) -> None:
    ids = [stream_of(channel, kind).pk for kind in KINDS]
    healthy = stream_of(people.channel(channel.brand, "x", "2", "lumomobile"))
    for _ in range(streams.BREAKER_AFTER):
        streams.note_failure(channel)
    assert streams.take_hints(10) == [healthy.pk]
    assert not any(claim_at_once(ids, 4))

    Channel.objects.filter(pk=channel.pk).update(breaker_until=timezone.now() - timedelta(seconds=1))
    assert len([lease for lease in claim_at_once(ids, 4) if lease]) == 1
    assert streams.claim(healthy.pk)

    channel.refresh_from_db()
    streams.note_success(channel)
    channel.refresh_from_db()
    assert (channel.failures_in_row, channel.breaker_until) == (0, None)
