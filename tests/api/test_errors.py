"""Errors have one form, whatever is sent; nothing that is sent makes the server fail."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.db import OperationalError, ProgrammingError, connection
from django.test import Client

from accounts.models import ApiToken
from accounts.services import tokens
from core.uploads import LIMIT_BYTES
from inbox.models.conversation import Conversation
from tests.api.client import BASE, Answer, Machine
from tests.clients import signed_in
from tests.personas import World

pytestmark = pytest.mark.django_db(transaction=True)


def is_error(answer: Answer, status: int, code: str) -> dict[str, str]:
    """Its fields, after its form was checked."""
    assert (answer.status, answer.json["code"]) == (status, code), answer
    assert answer.json.keys() - {"current"} == {"code", "message", "fields"}
    assert answer.json["message"]
    return dict(answer.json["fields"])


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer sc_wrong", "Basic YTpi", "Token x", "Bearer \xff\xfe"])
def test_without_a_token_nobody_is_let_in(world: World, header: str) -> None:
    answer = Answer(Client().get(f"{BASE}conversations", headers={"Authorization": header} if header else {}))
    is_error(answer, 401, "not_authenticated")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_browser_session_is_no_token(world: World) -> None:
    client = signed_in(world.ana)
    is_error(Answer(client.get(f"{BASE}conversations")), 401, "not_authenticated")


def test_a_revoked_token_and_a_disabled_person_are_out_at_once(world: World, ana: Machine) -> None:
    assert ana.get("conversations").status == 200
    other = Machine(world.ana)
    tokens.revoke(ApiToken.objects.get(prefix=ana.token[:10], user=world.ana).pk, actor=world.ana)
    is_error(ana.get("conversations"), 401, "not_authenticated")
    world.ana.is_active = False
    world.ana.save(update_fields=["is_active"])
    is_error(other.get("conversations"), 401, "not_authenticated")


@pytest.mark.parametrize("path", ["nothing", "conversations/x", "conversations/1/nothing", f"conversations/{'9' * 19}"])
def test_an_unknown_address_is_told_in_the_same_form(ana: Machine, path: str) -> None:
    is_error(ana.get(path), 404, "not_found")


def test_a_slash_at_the_end_changes_nothing(ana: Machine, waiting: Conversation) -> None:
    assert ana.get(f"conversations/{waiting.pk}/").json == ana.get(f"conversations/{waiting.pk}").json


def test_methods_and_media_types(ana: Machine, waiting: Conversation) -> None:
    is_error(ana.send("PUT", "conversations"), 405, "method_not_allowed")
    path = f"conversations/{waiting.pk}/notes"
    is_error(ana.send("POST", path, b"text=x", "application/x-www-form-urlencoded"), 415, "unsupported_media_type")
    is_error(ana.send("POST", path, b"<a/>", "text/xml"), 415, "unsupported_media_type")


@pytest.mark.parametrize(
    "content",
    [b"{", b"\xff\xfe{}", b'{"text": NaN}', b"[" * 200_000, b'{"a":' * 100_000, b"1" * 5000, b'{"text": Infinity}'],
    ids=["cut", "not UTF-8", "NaN", "nested lists", "nested objects", "a long number", "infinity"],
)
def test_what_is_no_json(ana: Machine, waiting: Conversation, content: bytes) -> None:
    is_error(ana.send("POST", f"conversations/{waiting.pk}/notes", content), 400, "not_json")


def test_a_body_that_is_too_large_is_not_read_to_its_end(ana: Machine, waiting: Conversation) -> None:
    content = b'{"text": "' + b"x" * LIMIT_BYTES + b'"}'
    is_error(ana.send("POST", f"conversations/{waiting.pk}/notes", content), 413, "too_large")


@pytest.mark.parametrize("body", [[], "text", 1, [{}]])
def test_what_is_no_object(ana: Machine, waiting: Conversation, body: Any) -> None:
    assert is_error(ana.post(f"conversations/{waiting.pk}/notes", body), 422, "invalid").keys() == {"body"}


def test_unknown_fields_are_refused_by_their_names(ana: Machine, waiting: Conversation) -> None:
    body = {"text": "Hello", "author": 1, "id": 2}
    fields = is_error(ana.post(f"conversations/{waiting.pk}/notes", body), 422, "invalid")
    assert fields.keys() == {"author", "id"}
    assert is_error(ana.get("conversations", statsu="open"), 422, "invalid").keys() == {"statsu"}
    assert is_error(ana.get("conversations", format="xml"), 422, "invalid").keys() == {"format"}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b'{"text": "x", "\\ud800": 1}', "\\ud800"),
        (b'{"text": "\\ud800"}', "text"),
        (b'{"text": "\\u0000"}', "text"),
        (b'{"text": ["a"]}', "text"),
        (b'{"text": {"a": 1}}', "text"),
        (b'{"text": null}', "text"),
        (b'{"text": true}', "text"),
        (b'{"text": ""}', "text"),
        (b'{"text": "x", "client_token": "a\\u0000"}', "client_token"),
    ],
)
def test_characters_and_types_that_cannot_be_stored(
    ana: Machine, waiting: Conversation, body: bytes, field: str
) -> None:
    answer = ana.send("POST", f"conversations/{waiting.pk}/notes", body)
    assert is_error(answer, 422, "invalid").keys() == {field}


def test_what_is_repeated_of_the_input_can_be_written_and_is_short(ana: Machine, waiting: Conversation) -> None:
    body = json.dumps({"disposition": "\ud800" + "x" * 100_000}).encode()
    fields = is_error(ana.send("POST", f"conversations/{waiting.pk}/resolution", body), 422, "invalid")
    assert len(fields["disposition"]) < 600


@pytest.mark.parametrize(
    ("act", "body"),
    [
        ("notes", {"text": 1}),
        ("notes", {"text": 1.5}),
        ("mute", {"muted": "true"}),
        ("mute", {"muted": 1}),
        ("priority", {"priority": "1"}),
        ("priority", {"priority": True}),
        ("tags", {"add": [1]}),
        ("tags", {"add": "bag"}),
        ("snooze", {"until": 1}),
        ("resolution", {"disposition": 1}),
        ("answers", {"in_reply_to": "1"}),
        ("answers", {"in_reply_to": True}),
        ("answers", {"in_reply_to": 1.5}),
    ],
)
def test_values_of_another_type_are_refused(
    ana: Machine, waiting: Conversation, act: str, body: dict[str, Any]
) -> None:
    fields = is_error(ana.post(f"conversations/{waiting.pk}/{act}", body), 422, "invalid")
    assert {name.partition(".")[0] for name in fields} == body.keys()


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"limit": "0"}, "limit"),
        ({"limit": "201"}, "limit"),
        ({"limit": "ten"}, "limit"),
        ({"status": "closed"}, "status"),
        ({"assignee": "ana"}, "assignee"),
        ({"assignee": "9" * 20}, "assignee"),
        ({"assignee": "-1"}, "assignee"),
        ({"channel": "9" * 30}, "channel"),
        ({"queue": "nowhere"}, "queue"),
        ({"queue": "9" * 5000}, "queue"),
        ({"brand": "nobody"}, "brand"),
        ({"cursor": "abc"}, "cursor"),
        ({"cursor": "abc", "text": "bag"}, "cursor"),
        ({"text": "x" * 201}, "text"),
        ({"text": "\0"}, "text"),
    ],
)
def test_wrong_filters_are_named(ana: Machine, query: dict[str, str], field: str) -> None:
    assert is_error(ana.get("conversations", **query), 422, "invalid").keys() == {field}


@pytest.mark.parametrize("text", ["'", '"', "\\", "%", "((", "a & | !", "<->:*", "'; DROP TABLE x; --", "-", "@", "🧳"])
def test_a_search_takes_every_text(ana: Machine, waiting: Conversation, text: str) -> None:
    assert ana.get("conversations", text=text).status == 200


def test_a_brand_that_is_not_yours_looks_absent(world: World, machine: Any) -> None:
    world.ana.brand_access.filter(brand=world.brands.lumo).delete()
    for name in ("lumo-mobile", str(world.brands.lumo.pk)):
        theirs, absent = machine("ana").get("conversations", brand=name), machine("ana").get("conversations", brand="x")
        assert (theirs.status, theirs.json) == (absent.status, absent.json)


def test_who_calls_too_often_waits_and_others_do_not(world: World, machine: Any) -> None:
    ana, ben = machine("ana"), machine("ben")
    token = ApiToken.objects.get(user=world.ana)
    cache.set(f"api:{token.pk}", [time.time()] * 600, 60)
    answer = ana.get("conversations")
    is_error(answer, 429, "throttled")
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    assert ben.get("conversations").status == 200


def test_nobody_is_counted_while_redis_is_away(ana: Machine, settings: Any) -> None:
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:9"}}
    assert ana.get("conversations").status == 200


def test_a_database_that_does_not_answer_is_said(ana: Machine) -> None:
    with connection.execute_wrapper(failing(OperationalError("canceling statement due to statement timeout"))):
        answer = ana.get("conversations")
    is_error(answer, 503, "unavailable")
    assert answer.headers["Retry-After"] == "5"


def test_a_failure_of_ours_tells_nothing_of_itself(ana: Machine) -> None:
    ana.client.raise_request_exception = False
    with connection.execute_wrapper(failing(ProgrammingError("column secret does not exist"))):
        answer = ana.get("conversations")
    is_error(answer, 500, "server_error")
    assert "secret" not in str(answer.json)


def failing(error: Exception) -> Callable[..., Any]:
    """A database that refuses every statement."""

    def refuse(*_args: Any) -> Any:
        raise error

    return refuse
