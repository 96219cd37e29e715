"""Nobody reaches what is not theirs: each cell of the matrix, and each list."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from api import urls
from channels.models import Channel
from inbox.models.conversation import Conversation
from inbox.models.message import Message
from inbox.models.work import ConversationEvent, Delivery, Note
from routing.models.handoff import Handoff
from tests.api.client import Answer, Machine
from tests.api.matrix import LISTS, PEOPLE, PLACES, Cell, Stage
from tests.api.matrix_rules import CELLS, HOST
from tests.domain.channels import kit
from tests.factories import talk
from tests.personas import World

pytestmark = pytest.mark.django_db(transaction=True)

NAMES = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")
KEYS = {name: f"not-a-real-{name}" for name in NAMES}


@pytest.fixture
def stage(world: World, settings: Any) -> Stage:
    stage = Stage(world)
    settings.WEBHOOK_HOSTS = [HOST]
    for channel in (world.channels.northwind_x, stage.third):
        kit.give_keys(channel, KEYS)
    return stage


def routes() -> set[tuple[str, str]]:
    """Every method of every address, as they are declared."""
    found = set()
    for pattern in urls.urlpatterns:
        address = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"{\1}", str(pattern.pattern)).strip("^$").removesuffix("/?")
        view = getattr(pattern.callback, "cls", None)
        found |= {(name.upper(), address) for name in ("get", "post", "put", "patch", "delete") if hasattr(view, name)}
    return found


def test_every_route_has_its_cells() -> None:
    assert routes() - {("GET", "schema")} == CELLS.keys() | LISTS


def ask(machine: Machine, method: str, address: str, pk: int, body: dict[str, Any]) -> Answer:
    content = json.dumps(body).encode() if method == "POST" else b""
    return machine.send(method, address.replace("{pk}", str(pk)), content)


def trace() -> tuple[int, ...]:
    """What an act leaves behind."""
    return tuple(model.objects.count() for model in (ConversationEvent, Delivery, Note, Handoff))


def try_cell(stage: Stage, machine: Machine, name: str, place: str, method: str, address: str, cell: Cell) -> str:
    """What is wrong with one cell, or nothing."""
    pk, body = cell.make(stage, place).pk, cell.body(stage, place)
    before = trace()
    answer = ask(machine, method, address, pk, body)
    expected = cell.expected(name, place)
    if answer.status != expected:
        return f"{name}: {method} {address} in {place}: {answer}, not {expected}"
    if expected in (403, 404) and trace() != before:
        return f"{name}: {method} {address} in {place} was refused and left something behind"
    if expected == 404 and answer.json != ask(machine, method, address, 10**17, body).json:
        return f"{name}: {method} {address} in {place} does not look absent"
    return ""


@pytest.mark.parametrize("name", PEOPLE)
def test_each_cell(stage: Stage, machine: Callable[[str], Machine], name: str) -> None:
    wrong = []
    for (method, address), cells in CELLS.items():
        caller = machine(name)  # a token of its own: all cells are more calls than one may make in a minute
        wrong += [try_cell(stage, caller, name, place, method, address, cell) for cell in cells for place in PLACES]
    assert not any(wrong), "\n".join(filter(None, wrong))


def test_whoever_has_no_token_gets_401_everywhere(stage: Stage, world: World) -> None:
    nobody = Machine(world.zoe, token="sc_nothing")
    for method, address in CELLS.keys() | LISTS:
        assert ask(nobody, method, address, 1, {}).status == 401


LISTED = {
    "ana": {"care"},
    "ben": {"pr"},
    "mia": set(),
    "omar": {"care"},
    "zoe": set(),
    "ada": {"care", "pr", "third"},
}


@pytest.mark.parametrize("name", PEOPLE)
def test_lists_hold_what_is_yours(stage: Stage, machine: Callable[[str], Machine], name: str) -> None:
    places = {stage.conversation(place, text="a common word").pk: place for place in PLACES}
    caller = machine(name)
    narrowed = [
        {},
        {"status": "any"},
        {"status": "needs_reply"},
        {"text": "common"},
        {"text": "common", "status": "any"},
        {"text": "tess"},
        {"assignee": "none"},
        *({"channel": channel.pk} for channel in Channel.objects.all()),
        *({"queue": queue} for queue in ("care", "pr", "marketing")),
    ]
    for query in narrowed:
        found = {places[line["id"]] for line in caller.get("conversations", **query).json["results"]}
        assert found <= LISTED[name], query
        if query.keys() <= {"text", "status", "assignee"}:
            assert found == LISTED[name], query


QUEUES = {"ana": {"care"}, "ben": {"pr"}, "mia": {"marketing"}, "omar": {"care"}, "zoe": set()}


@pytest.mark.parametrize("name", PEOPLE)
def test_counters_count_what_is_yours(stage: Stage, machine: Callable[[str], Machine], name: str) -> None:
    for place, n in zip(PLACES, (1, 2, 4), strict=True):
        for _ in range(n):
            stage.conversation(place)
    found = {line["slug"]: line["open"] for line in machine(name).get("queues").json["results"]}
    own = {"care": 5, "pr": 2, "marketing": 0} if name == "ada" else {"care": 1, "pr": 2, "marketing": 0}
    assert found == {slug: own[slug] for slug in QUEUES.get(name, own.keys())}


@pytest.mark.parametrize("name", PEOPLE)
def test_messages_of_a_channel_hold_what_is_yours(stage: Stage, machine: Callable[[str], Machine], name: str) -> None:
    rows = {place: stage.conversation(place) for place in PLACES}
    for place in ("care", "third"):
        context = talk.message(rows[place], "context")
        Message.objects.filter(pk=context.pk).update(conversation=None)
    caller = machine(name)
    found: set[str] = set()
    for channel in (stage.world.channels.northwind_x, stage.third):
        answer = caller.get(f"channels/{channel.pk}/messages")
        for one in answer.json["results"] if answer.status == 200 else ():
            place = next((p for p, row in rows.items() if row.pk == one["conversation"]), "")
            found.add(place or f"context of {channel.handle}")
    context = {"mia": {"context of thirdbrand"}, "ada": {"context of thirdbrand"}}.get(name, set())
    northwind = {"context of northwindair"} if name != "zoe" else set()
    assert found == LISTED[name] | context | northwind


@pytest.mark.parametrize("name", PEOPLE)
def test_hand_overs_hold_what_is_asked_of_you(stage: Stage, machine: Callable[[str], Machine], name: str) -> None:
    asked = {stage.handoff(place).pk: place for place in PLACES}
    received = {"ana": {"pr"}, "omar": {"pr"}, "ben": {"care"}, "mia": {"third"}}
    caller = machine(name)
    found = {asked[one["id"]] for one in caller.get("handoffs").json["results"]}
    assert found == received.get(name, set())
    own = {asked[one["id"]] for one in caller.get("handoffs", side="asked").json["results"]}
    assert own == ({"pr"} if name == "ben" else set())


def test_a_conversation_that_moved_away_is_gone_from_whoever_had_no_part_in_it(
    stage: Stage, machine: Callable[[str], Machine]
) -> None:
    row = stage.conversation("care")
    ana = machine("ana")
    assert ana.get(f"conversations/{row.pk}").status == 200
    Conversation.objects.filter(pk=row.pk).update(queue=stage.world.queues.pr)
    assert ana.get(f"conversations/{row.pk}").status == 404
