"""Reading a stream of the sandbox through the real adapter: nothing lost, nothing double, the mark moved last."""

import time
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import AccountEvent
from channels.models import Channel, ChannelDay, RateBucket, Stream
from channels.services import streams, switches
from inbox.models.message import Message
from inbox.services import polling
from tests.domain.channels.kit import stream_of

pytestmark = pytest.mark.django_db(transaction=True)
MENTIONS = "GET /2/users/*/mentions"


def say(sandbox, count: int, handle: str = "northwindair", start: int = 0) -> list[str]:
    """So many people mention the brand."""
    posts = [
        {"network": "x", "author": {"handle": f"person{n}"}, "text": f"@{handle} question {n}"}
        for n in range(start, start + count)
    ]
    return [post["id"] for post in sandbox.control("POST", "posts", posts)["posts"]]


def due(stream: Stream) -> Stream:
    Stream.objects.filter(pk=stream.pk).update(next_poll_at=timezone.now(), lease_until=None)
    return stream


def again(stream: Stream) -> polling.PollReport:
    report = polling.poll_stream(due(stream).pk)
    stream.refresh_from_db()
    return report


def stored(channel: Channel) -> list[str]:
    return sorted(Message.objects.filter(channel=channel).values_list("external_id", flat=True))


def test_a_walk_stores_every_page_and_moves_the_mark_at_its_close(sandbox, connected) -> None:
    channel = connected()
    stream = stream_of(channel)
    ids = say(sandbox, 350)
    report = again(stream)
    assert (report.stored, report.duplicates, report.closed, report.error) == (350, 0, True, "")
    assert report.pages == 4
    assert stored(channel) == sorted(ids)
    assert stream.mark["since_id"] == max(ids, key=int)
    assert (stream.resume, stream.lease_until, stream.walk_started_at) == (None, None, None)
    assert stream.last_ok_at is not None
    assert 0 <= stream.lag_s < 60

    report = again(stream)
    assert report.stored == 0
    assert stored(channel) == sorted(ids)


def test_a_refusal_in_the_middle_waits_in_the_database_and_goes_on_where_it_was(sandbox, connected) -> None:
    channel = connected()
    stream = stream_of(channel)
    ids = say(sandbox, 350)
    sandbox.control("POST", "settings", {"limits": {"GET /2/users/{id}/mentions": 2}})
    began = time.monotonic()
    report = again(stream)
    assert time.monotonic() - began < 10
    assert (report.pages, report.stored, report.closed, report.error) == (2, 200, False, "rate_limited")
    assert stream.mark == {}
    assert stream.resume is not None
    assert stream.lease_until is None
    assert timedelta(0) < stream.next_poll_at - timezone.now() <= timedelta(minutes=15)
    assert stream.waits_because
    assert stream.errors_in_row == 0
    assert streams.take_hints(10) == []

    later = say(sandbox, 5, start=1000)
    sandbox.control("POST", "settings", {"rate_limits": False})
    assert again(stream).closed
    again(stream)
    assert stored(channel) == sorted(ids + later)


@pytest.mark.parametrize("kind", ["5xx", "reset", "truncated", "malformed"])
def test_a_page_that_fails_holds_the_cursor_and_says_so(sandbox, connected, kind: str) -> None:
    channel = connected()
    stream = stream_of(channel)
    first = say(sandbox, 3)
    again(stream)
    mark = stream.mark
    second = say(sandbox, 3, start=10)
    sandbox.fault(MENTIONS, kind, times=1)
    report = again(stream)
    assert report.error == "channel_transient"
    assert stream.mark == mark
    assert stream.errors_in_row == 1
    assert stream.last_error
    assert stream.lease_until is None
    assert timedelta(seconds=1) < stream.next_poll_at - timezone.now() <= timedelta(seconds=5)

    again(stream)
    assert stored(channel) == sorted(first + second)
    assert (stream.errors_in_row, stream.last_error) == (0, "")


def test_a_sick_account_is_left_in_peace_and_the_others_go_on(sandbox, connected, world) -> None:
    sick, healthy = connected(), connected(world.channels.lumo_x)
    streams_of_sick = [stream_of(sick, kind) for kind in ("mentions", "own_posts")]
    other = stream_of(healthy)
    ids = say(sandbox, 3, handle="lumomobile")
    sandbox.fault(f"GET /2/users/{sick.external_id}", "5xx", rate=1.0)
    for number in range(streams.BREAKER_AFTER):
        assert again(streams_of_sick[number % 2]).claimed
    assert not again(streams_of_sick[0]).claimed
    sick.refresh_from_db()
    assert sick.status == Channel.Status.ACTIVE
    assert sick.breaker_until > timezone.now()
    assert again(other).stored == 3
    assert stored(healthy) == sorted(ids)

    sandbox.control("DELETE", "faults")
    Channel.objects.filter(pk=sick.pk).update(breaker_until=timezone.now())
    assert again(streams_of_sick[0]).closed
    sick.refresh_from_db()
    assert (sick.failures_in_row, sick.breaker_until) == (0, None)


def test_a_dead_token_marks_its_channel_once_and_no_other(sandbox, connected, world) -> None:
    channel, other = connected(), connected(world.channels.lumo_x)
    mentions, own = stream_of(channel), stream_of(channel, "own_posts")
    theirs = stream_of(other)
    before = say(sandbox, 2)
    again(mentions)
    sandbox.control("POST", "revoke", {"account": "northwindair"})
    assert again(mentions).error == "token_dead"
    channel.refresh_from_db()
    assert channel.status == Channel.Status.NEEDS_RECONNECT
    assert "again" in channel.status_reason
    assert not again(own).claimed
    assert not switches.token_died(channel, "once more")
    events = AccountEvent.objects.filter(kind="channel.needs_reconnect")
    assert [event.data["channel_id"] for event in events] == [channel.pk]
    assert again(theirs).claimed
    assert stored(channel) == sorted(before)


def test_a_paused_channel_keeps_its_marks(sandbox, connected, world) -> None:
    channel = connected()
    stream = stream_of(channel)
    ids = say(sandbox, 2)
    again(stream)
    switches.pause(channel.pk, actor=world.ada)
    ids += say(sandbox, 2, start=10)
    assert not again(stream).claimed
    switches.resume(channel.pk, actor=world.ada)
    assert streams.take_hints(10) == [stream.pk]
    assert polling.poll_stream(stream.pk).stored == 2
    assert stored(channel) == sorted(ids)


def test_the_interval_doubles_while_it_is_quiet(sandbox, connected, settings) -> None:
    settings.POLL_SECONDS, settings.POLL_SECONDS_QUIET = 10, 35
    stream = stream_of(connected())
    seen = []
    for _ in range(3):
        again(stream)
        seen.append(stream.interval_s)
    say(sandbox, 1)
    again(stream)
    assert [*seen, stream.interval_s] == [20, 35, 35, 10]


def test_what_a_poll_costs_is_counted_and_the_overlap_is_not_charged_twice(sandbox, connected) -> None:
    channel = connected()
    stream = stream_of(channel)
    say(sandbox, 150)
    for _ in range(4):
        again(stream)
    day = ChannelDay.objects.get(channel=channel)
    assert day.calls >= 5
    assert day.items == 150
    assert day.resources == {"post_read": 150}
    assert day.usd == Decimal("0.750000")
    bucket = RateBucket.objects.get(channel=channel, endpoint="mentions")
    assert bucket.limit > bucket.remaining


def test_the_budget_slows_and_then_stops_reading_until_it_is_raised(sandbox, connected) -> None:
    channel = connected(budget_usd=Decimal("1.00"))
    stream = stream_of(channel)
    say(sandbox, 150)
    again(stream)
    assert stream.next_poll_at - timezone.now() > timedelta(seconds=stream.interval_s * 1.9)
    assert "0.75 of 1.00" in stream.waits_because

    say(sandbox, 60, start=1000)
    again(stream)
    calls = ChannelDay.objects.get(channel=channel).calls
    report = again(stream)
    assert (report.claimed, report.pages) == (True, 0)
    assert stream.next_poll_at > timezone.now() + timedelta(minutes=30)
    assert "budget of 1.00" in stream.waits_because
    assert ChannelDay.objects.get(channel=channel).calls == calls

    Channel.objects.filter(pk=channel.pk).update(budget_usd=Decimal("2.00"))
    streams.poll_now(channel.pk)
    assert polling.poll_stream(stream.pk).closed


def test_who_lost_the_lease_during_the_fetch_stores_nothing(sandbox, connected) -> None:
    """The fetch hangs in the network; meanwhile the lease runs out and somebody else reads the stream."""
    import threading

    from django.db import connection

    channel = connected()
    stream = stream_of(channel)
    ids = say(sandbox, 3)
    sandbox.fault(MENTIONS, "timeout", times=1, seconds=3)
    reports = []

    def slow() -> None:
        try:
            reports.append(polling.poll_stream(stream.pk))
        finally:
            connection.close()

    sleeper = threading.Thread(target=slow)
    sleeper.start()
    deadline = time.monotonic() + 10
    while not sandbox.control("GET", "calls")["fired"] and time.monotonic() < deadline:
        time.sleep(0.02)
    assert again(stream).stored == 3
    sleeper.join()
    assert reports[0].stored == 0
    stream.refresh_from_db()
    assert stream.errors_in_row == 0
    assert stored(channel) == sorted(ids)


def test_a_stream_that_was_not_known_says_what_is_wrong(connected) -> None:
    stream = stream_of(connected(), "search")
    assert again(stream).error == "no_terms"
    assert "brand words" in stream.last_error
    assert stream.next_poll_at - timezone.now() > timedelta(minutes=10)


def test_more_mentions_than_the_network_keeps_are_found_through_search(sandbox, connected) -> None:
    """X keeps the newest 800 mentions: the rest comes from search, and the gap is closed when the walk is."""
    channel = connected()
    stream = stream_of(channel)
    ids = say(sandbox, 3)
    again(stream)
    mark = stream.mark
    for start in range(1000, 2200, 300):
        ids += say(sandbox, 300, start=start)
    for _ in range(5):
        report = again(stream)
        assert not report.error
        if report.closed:
            break
        assert stream.mark == mark
    assert stored(channel) == sorted(ids)
    assert stream.mark["since_id"] == max(ids, key=int)
    assert (stream.gap, stream.gap_at) == ("", None)
    routes = {row["route"] for row in sandbox.control("GET", "calls")["calls"]}
    assert "/2/tweets/search/recent" in routes


def test_a_page_of_facebook_is_read_with_its_comments_and_messages(sandbox, connected, world) -> None:
    channel = connected(world.channels.northwind_facebook)
    feed, private = stream_of(channel, "page_feed"), stream_of(channel, "page_messages")
    post = sandbox.say("hanne", "Where is my bag?", "facebook", to=channel.handle)
    comment = sandbox.say("ines", "Mine too", "facebook", in_reply_to=post)
    sandbox.say("hanne", "In private then", "facebook", to=channel.handle, private=True)
    for stream in (feed, private):
        assert again(stream).closed
        assert stream.last_error == ""
    texts = sorted(Message.objects.filter(channel=channel).values_list("text", "visibility"))
    assert texts == [("In private then", "private"), ("Mine too", "public"), ("Where is my bag?", "public")]
    assert {post, comment} <= set(stored(channel))
    assert again(feed).stored == 0
    assert ChannelDay.objects.get(channel=channel).usd == 0
