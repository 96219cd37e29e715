"""/healthz and /readyz: what machines are told, without a session and without an address in the answer."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from channels.models import Stream
from core import live, readiness
from tests.factories import people


@pytest.fixture
def fresh() -> Iterator[None]:
    """Forget what this process has learnt about its servers, before and after."""
    for remembered in (live.client, readiness._are_applied):
        remembered.cache_clear()
    yield
    for remembered in (live.client, readiness._are_applied):
        remembered.cache_clear()


@pytest.mark.usefixtures("fresh")
class TestReady:
    def test_all_well(self, client: Client, db: None) -> None:
        response = client.get("/readyz")
        assert response.status_code == 200
        assert response.json() == {
            "ready": True,
            "database": "ok",
            "migrations": "ok",
            "broker": "ok",
            "poll_lag_s": 0.0,
        }
        assert "no-store" in response["Cache-Control"]

    def test_a_migration_that_is_missing(self, client: Client, db: None) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_migrations WHERE id = (SELECT max(id) FROM django_migrations)")
        response = client.get("/readyz")
        assert response.status_code == 503
        assert response.json()["migrations"] == "1 not applied"

    def test_a_broker_that_is_away_is_named_without_its_address(self, client: Client, db: None, settings) -> None:
        settings.REDIS_URL = "redis://:hidden@127.0.0.1:9/0"
        response = client.get("/readyz")
        assert response.status_code == 503
        assert response.json()["broker"] == "ConnectionError"
        assert b"hidden" not in response.content

    @pytest.mark.parametrize(("overdue_s", "status"), [(60, 200), (600, 503)])
    def test_pollers_that_do_not_keep_up(self, client: Client, db: None, overdue_s: int, status: int) -> None:
        account = people.channel(people.brand("Northwind Air", "northwind"), "x", "1", "northwindair")
        due = timezone.now() - timedelta(seconds=overdue_s)
        Stream.objects.create(channel=account, kind="mentions", next_poll_at=due)
        response = client.get("/readyz")
        assert response.status_code == status
        assert response.json()["poll_lag_s"] == pytest.approx(overdue_s, abs=30)


def test_alive_asks_nobody(client: Client) -> None:
    """Without the database mark a query would fail this test."""
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_nothing_can_be_sent_there(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405
