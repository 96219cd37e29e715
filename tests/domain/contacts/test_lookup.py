"""Asking the company's own system about somebody: what it gets, and every way in which it can fail."""

import json
from collections.abc import Iterator

import pytest
from django.core.cache import cache

from inbox import contact_lookup
from inbox.models.people import Profile
from tests.factories import talk
from tests.personas import World
from tests.receiving import Receiver, receiving

GOOD = {"consented_at": "2026-02-01T10:00:00+00:00", "tags": ["Gold member"]}


@pytest.fixture
def system(settings) -> Iterator[Receiver]:
    cache.clear()
    with receiving() as server:
        server.body = json.dumps(GOOD).encode()
        settings.CONTACT_LOOKUP_URL = f"http://{server.host}/people"
        settings.CONTACT_LOOKUP_TOKEN = "s3cret-token"
        yield server
    cache.clear()


@pytest.fixture
def person(world: World) -> Profile:
    return talk.profile(handle="hanne", external_id="71")


def test_it_is_asked_once_and_answers_for_five_minutes(system: Receiver, person: Profile) -> None:
    found = contact_lookup.look_up([person])
    assert found.attributes is not None
    assert found.attributes.tags == ("Gold member",)
    assert contact_lookup.look_up([person]) == found
    ((headers, body, path),) = system.got
    assert path == "/people"
    assert headers["Authorization"] == "Bearer s3cret-token"
    assert json.loads(body) == {"profiles": [{"network": "x", "scope": "", "id": "71", "handle": "hanne"}]}


@pytest.mark.parametrize("status", [204, 404])
def test_nobody_is_no_fault(system: Receiver, person: Profile, status: int) -> None:
    system.status, system.body = status, b""
    assert contact_lookup.look_up([person]) == contact_lookup.look_up([person]) == contact_lookup.Found()
    assert len(system.got) == 1


@pytest.mark.parametrize("status", [302, 401, 500])
def test_a_system_that_fails_rests_for_a_while(system: Receiver, person: Profile, status: int, caplog) -> None:
    system.status, system.location = status, "http://127.0.0.1:1/elsewhere"
    assert contact_lookup.look_up([person]).problem == "away"
    assert contact_lookup.look_up([talk.profile(handle="other")]).problem == "away"
    assert len(system.got) == 1
    assert "s3cret-token" not in caplog.text


def test_a_system_that_hangs_is_left_at_the_deadline(system: Receiver, person: Profile) -> None:
    system.speaks.clear()
    assert contact_lookup.look_up([person]).problem == "away"


@pytest.mark.parametrize("body", [b"<html>", b'{"tags": ["no consent"]}', b"x" * 70_000])
def test_what_is_no_answer_shows_nothing(system: Receiver, person: Profile, body: bytes) -> None:
    system.body = body
    found = contact_lookup.look_up([person])
    assert found.attributes is None
    assert found.problem in ("unreadable", "away")


def test_who_is_unknown_is_not_asked_about(system: Receiver, world: World) -> None:
    assert contact_lookup.look_up([talk.profile(external_id="unknown:9")]) == contact_lookup.Found()
    assert system.got == []
