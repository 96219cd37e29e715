"""What machines that watch over us read: figures of Prometheus, and whether the pollers keep up."""

from datetime import timedelta

import pytest
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from channels import selectors
from channels.contracts import Author, FetchPage, InboundMessage, StreamKind
from channels.models import Channel, Stream
from inbox.services import ingest
from tests.domain.channels.kit import stream_of

pytestmark = pytest.mark.django_db(transaction=True)


def figures(client, **headers) -> dict[tuple, float]:
    answer = client.get("/metrics", headers=headers)
    assert answer.status_code == 200
    families = text_string_to_metric_families(answer.content.decode())
    return {(s.name, *sorted(s.labels.values())): s.value for family in families for s in family.samples}


def test_the_figures_say_what_is_stored(client, world) -> None:
    from django.db import transaction

    channel = world.channels.northwind_x
    ago = timezone.now() - timedelta(seconds=90)
    stream_of(channel, last_ok_at=ago, next_poll_at=timezone.now() + timedelta(seconds=5), lag_s=4.5)
    Channel.objects.filter(pk=world.channels.lumo_x.pk).update(status="paused")
    now = timezone.now()
    items = tuple(InboundMessage(str(n), Author(str(n)), "hello", now, root=str(n)) for n in range(100, 103))
    with transaction.atomic():
        ingest.store_page(channel, StreamKind.MENTIONS, FetchPage(items=items))
    seen = figures(client)
    labels = sorted((str(channel.pk), "x", "mentions"))
    assert seen["socialcare_stream_since_read_seconds", *labels] == pytest.approx(90, abs=30)
    assert seen["socialcare_stream_overdue_seconds", *labels] == 0
    assert seen["socialcare_stream_ingest_lag_seconds", *labels] == 4.5
    assert seen["socialcare_channels", "paused"] == 1
    assert seen["socialcare_channels", "active"] == 2
    assert seen["socialcare_queue_conversations", "care", "open", "true"] == 3
    assert seen["socialcare_deliveries", "queued"] == 0
    assert seen["socialcare_hints", "poll"] >= 0
    assert "socialcare_oldest_undispatched_event_seconds" in {name for name, *_ in seen}


def test_the_figures_are_for_this_machine_or_who_has_the_token(client, world, settings) -> None:
    assert client.get("/metrics", REMOTE_ADDR="192.0.2.7").status_code == 404
    assert client.get("/metrics", headers={"X-Forwarded-For": "192.0.2.7"}).status_code == 404
    settings.METRICS_TOKEN = "a-token"
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 404
    assert figures(client, Authorization="Bearer a-token")


def test_the_poll_lag_counts_our_own_slowness_only(world) -> None:
    assert selectors.poll_lag() == 0
    stream = stream_of(world.channels.northwind_x, next_poll_at=timezone.now() - timedelta(seconds=300))
    assert 299 < selectors.poll_lag() < 360
    Stream.objects.filter(pk=stream.pk).update(lease_until=timezone.now() + timedelta(seconds=60))
    assert selectors.poll_lag() == 0
    Stream.objects.filter(pk=stream.pk).update(lease_until=None)
    Channel.objects.filter(pk=stream.channel_id).update(breaker_until=timezone.now())
    assert selectors.poll_lag() == 0
    Channel.objects.filter(pk=stream.channel_id).update(breaker_until=None, status="paused")
    assert selectors.poll_lag() == 0
