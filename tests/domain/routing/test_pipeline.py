"""What waits for triage is taken in once, whatever happens on the way."""

import threading
from collections.abc import Iterator, Sequence

import pytest
from django.db import OperationalError

from inbox import dispatch
from inbox.models.message import Message
from inbox.models.work import Tag, TriageWork
from routing.services import pipeline
from tests import personas
from tests.factories.pages import account, post, store
from tests.racing import race, split

pytestmark = pytest.mark.django_db(transaction=True)


def route(message_ids: Sequence[int]) -> None:
    """Leaves a mark per message; a second one for the same message is refused by the database."""
    for pk in message_ids:
        Tag.objects.create(name=str(pk))


def marks() -> list[int]:
    return sorted(int(name) for name in Tag.objects.values_list("name", flat=True))


def inbound() -> list[int]:
    return sorted(Message.objects.filter(direction="in").values_list("pk", flat=True))


@pytest.fixture
def world() -> Iterator[personas.World]:
    before = dispatch.triage_task()
    dispatch.triage_with(pipeline.TASK)
    yield personas.world()
    dispatch.triage_with(before)


def drain() -> int:
    taken = 0
    while found := pipeline.take_in(route):
        taken += found
    return taken


def test_a_page_waits_in_one_row_in_the_order_in_which_it_was_said(world: personas.World) -> None:
    store(
        world.channels.northwind_x,
        post("2", minute=2),
        post("1", minute=1),
        post("9", minute=3, by=account(world.channels.northwind_x)),
    )
    waits = TriageWork.objects.get()
    said = Message.objects.filter(direction="in").order_by("posted_at").values_list("pk", flat=True)
    assert waits.message_ids == list(said)
    assert len(waits.message_ids) == 2


def test_what_is_stored_twice_waits_once(world: personas.World) -> None:
    for _ in range(2):
        store(world.channels.northwind_x, post("1"))
    assert [work.message_ids for work in TriageWork.objects.all()] == [inbound()]


def test_nothing_waits_where_nobody_triages(world: personas.World) -> None:
    dispatch.triage_with("")
    store(world.channels.northwind_x, post("1"))
    assert not TriageWork.objects.exists()


def test_each_message_is_taken_in_once(world: personas.World) -> None:
    for page in range(3):
        store(world.channels.northwind_x, *[post(f"{page}{n}") for n in range(5)])
    assert pipeline.waiting() == 15
    assert drain() == 15
    assert marks() == inbound()
    assert pipeline.waiting() == 0


def test_two_workers_never_take_the_same_page(world: personas.World) -> None:
    for page in range(6):
        store(world.channels.northwind_x, *[post(f"{page}{n}") for n in range(4)])
    won, lost = split(race(drain, drain, drain))
    assert (sum(won), lost) == (24, [])
    assert marks() == inbound()


def test_a_page_that_somebody_holds_does_not_hold_up_the_next(world: personas.World) -> None:
    store(world.channels.northwind_x, post("1"))
    store(world.channels.northwind_x, post("2"))
    inside, may_end = threading.Event(), threading.Event()

    def slow(message_ids: Sequence[int]) -> None:
        inside.set()
        assert may_end.wait(30)
        route(message_ids)

    def second() -> int:
        assert inside.wait(30)
        try:
            return pipeline.take_in(route)
        finally:
            may_end.set()

    won, lost = split(race(lambda: pipeline.take_in(slow), second))
    assert (won, lost) == ([1, 1], [])
    assert marks() == inbound()


def test_what_fails_in_the_middle_has_done_nothing(world: personas.World) -> None:
    store(world.channels.northwind_x, post("1"))

    def killed(message_ids: Sequence[int]) -> None:
        route(message_ids)
        raise OperationalError("the connection is gone")

    with pytest.raises(OperationalError):
        pipeline.take_in(killed)
    assert marks() == []
    assert drain() == 1


def test_one_message_that_cannot_be_routed_is_found_and_put_off(world: personas.World) -> None:
    store(world.channels.northwind_x, *[post(str(n)) for n in range(9)])
    bad = inbound()[4]

    def picky(message_ids: Sequence[int]) -> None:
        route(message_ids)
        if bad in message_ids:
            raise ValueError("nobody foresaw this")

    while pipeline.take_in(picky):
        pass
    assert marks() == [pk for pk in inbound() if pk != bad]
    put_off = TriageWork.objects.get()
    assert (put_off.message_ids, put_off.attempts, put_off.error) == ([bad], 1, "ValueError")
    assert put_off.next_at is not None


def test_it_is_given_up_in_the_end_and_can_be_tried_again(world: personas.World) -> None:
    store(world.channels.northwind_x, post("1"))

    def never(_message_ids: Sequence[int]) -> None:
        raise ValueError("nobody foresaw this")

    for _ in range(pipeline.ATTEMPTS):
        TriageWork.objects.update(next_at="2026-01-01T00:00:00Z")
        assert pipeline.take_in(never) == 1
    assert (pipeline.take_in(never), pipeline.given_up()) == (0, 1)
    assert pipeline.retry_given_up() == 1
    assert drain() == 1
    assert pipeline.given_up() == 0
