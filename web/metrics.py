"""What Prometheus reads: ingest lag per stream, queue depths, deliveries by state. Read from PostgreSQL when asked."""

from __future__ import annotations

from collections.abc import Iterable

from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric

from channels import selectors
from channels.models import Channel
from core import queues
from inbox.selectors import figures
from routing.services import pipeline
from web.live_hub import hub

STREAM = ("channel", "network", "stream")


class Facts:
    """Collects anew with every scrape, so that several web processes say the same."""

    def collect(self) -> Iterable[Metric]:
        yield from _streams()
        yield _channels()
        yield _conversations()
        yield _deliveries()
        yield _events()
        yield _triage()
        yield _hints()
        yield _open_streams()


def registry() -> CollectorRegistry:
    """A registry of these facts alone."""
    made = CollectorRegistry()
    made.register(Facts())
    return made


def _streams() -> Iterable[Metric]:
    since = GaugeMetricFamily(
        "socialcare_stream_since_read_seconds", "Since the stream's last complete reading", labels=STREAM
    )
    overdue = GaugeMetricFamily(
        "socialcare_stream_overdue_seconds", "By how much the next reading is late through our fault", labels=STREAM
    )
    lag = GaugeMetricFamily(
        "socialcare_stream_ingest_lag_seconds",
        "From the network's time of the newest item to its storing",
        labels=STREAM,
    )
    for one in selectors.lags():
        labels = (str(one.channel_id), one.network, one.kind)
        since.add_metric(labels, one.since_ok)
        overdue.add_metric(labels, one.overdue)
        if one.item_lag is not None:
            lag.add_metric(labels, one.item_lag)
    return since, overdue, lag


def _channels() -> Metric:
    family = GaugeMetricFamily("socialcare_channels", "Channels by status", labels=("status",))
    counted = selectors.by_status()
    for status in Channel.Status.values:
        family.add_metric((status,), counted.get(status, 0))
    return family


def _conversations() -> Metric:
    family = GaugeMetricFamily(
        "socialcare_queue_conversations", "Conversations by queue", labels=("queue", "status", "waiting")
    )
    for one in figures.conversations_by_queue():
        family.add_metric((one.queue, one.status, str(one.waiting).lower()), one.n)
    return family


def _deliveries() -> Metric:
    family = GaugeMetricFamily(
        "socialcare_deliveries", "Deliveries by state; settled ones of the last 24 hours", labels=("state",)
    )
    for state, n in figures.deliveries_by_state().items():
        family.add_metric((state,), n)
    return family


def _events() -> Metric:
    return GaugeMetricFamily(
        "socialcare_oldest_undispatched_event_seconds",
        "Age of the oldest event that was not passed on",
        value=figures.oldest_undispatched(),
    )


def _triage() -> Metric:
    family = GaugeMetricFamily("socialcare_triage_messages", "Messages not triaged yet, by state", labels=("state",))
    family.add_metric(("waiting",), pipeline.waiting())
    family.add_metric(("given_up",), pipeline.given_up())
    return family


def _hints() -> Metric:
    family = GaugeMetricFamily("socialcare_hints", "Hints that no worker has taken, by queue", labels=("queue",))
    for queue, n in queues.depths().items():
        family.add_metric((queue,), n)
    return family


def _open_streams() -> Metric:
    return GaugeMetricFamily("socialcare_live_streams", "Open live streams of this process", value=hub.size)
