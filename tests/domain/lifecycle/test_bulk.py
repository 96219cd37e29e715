"""Acts on many conversations: a snapshot, a result per row, stopped, undone, and one winner per row."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone, translation

from accounts.models import AccountEvent, User
from core.errors import Conflict, Invalid, NotFound
from core.wording import said
from inbox.models.bulk import Bulk, BulkRow
from inbox.models.conversation import Case, Conversation
from inbox.models.work import ConversationEvent
from inbox.services import bulk, lifecycle, ownership, tags
from inbox.services.tags import names_of
from routing.models.handoff import Handoff
from routing.services import handoff
from tests import personas
from tests.factories import talk
from tests.personas import World
from tests.racing import race, split

pytestmark = pytest.mark.django_db(transaction=True)
LONG = 60.0


@pytest.fixture
def world() -> World:
    return personas.world()


@pytest.fixture
def rows(world: World) -> list[Conversation]:
    return [talk.conversation(world.channels.northwind_x, world.queues.care) for _ in range(4)]


def _ran(actor: User, act: str, rows: list[Conversation], **values: Any) -> Bulk:
    made = bulk.prepare(act, actor=actor, conversation_ids=[row.pk for row in rows], values=values)
    bulk.start(made.pk, actor=actor)
    bulk.work(LONG)
    made.refresh_from_db()
    return made


def _results(made: Bulk) -> list[tuple[str, str]]:
    return list(made.rows.order_by("pk").values_list("state", "reason"))


def _states(made: Bulk) -> list[str]:
    return [state for state, _ in _results(made)]


def _undone(made: Bulk) -> Bulk:
    bulk.undo(made.pk, actor=made.actor)
    bulk.work(LONG)
    made.refresh_from_db()
    return made


def _fresh(row: Conversation) -> Conversation:
    return Conversation.objects.get(pk=row.pk)


def test_nothing_is_done_before_it_is_started(world: World, rows: list[Conversation]) -> None:
    made = bulk.prepare("claim", actor=world.ana, conversation_ids=[row.pk for row in rows], values={})
    assert bulk.work(LONG) == 0
    assert (made.total, made.state) == (4, "prepared")
    assert not Conversation.objects.exclude(owner=None).exists()


def test_its_title_is_stored_in_english_and_said_to_each_reader(world: World, rows: list[Conversation]) -> None:
    with translation.override("de"):
        values = {"disposition": "answered"}
        made = bulk.prepare("resolve", actor=world.ana, conversation_ids=[row.pk for row in rows], values=values)
        assert said(made.title) == "Erledigen: Beantwortet"
    made.refresh_from_db()
    assert made.title == "Resolve: Answered"


def test_every_row_has_its_result(world: World, rows: list[Conversation]) -> None:
    ownership.claim(rows[1].pk, actor=world.omar)
    ownership.claim(rows[2].pk, actor=world.ana)
    lifecycle.resolve(rows[3].pk, actor=world.ana, disposition="duplicate")
    made = _ran(world.ana, "claim", rows)
    assert _results(made) == [
        ("done", ""),
        ("refused", "Omar Haddad has it."),
        ("same", ""),
        ("refused", "It is resolved. Reopen it first."),
    ]
    assert (made.state, bool(made.ended_at)) == ("done", True)
    kinds = AccountEvent.objects.filter(kind__startswith="bulk.").values_list("kind", flat=True)
    assert list(kinds) == ["bulk.started"]


def test_what_one_does_not_read_is_left_out(world: World, rows: list[Conversation]) -> None:
    hidden = talk.conversation(world.channels.northwind_x, world.queues.pr)
    made = _ran(world.ana, "claim", [*rows, hidden])
    assert made.total == 4
    with pytest.raises(Invalid):
        bulk.prepare("claim", actor=world.ana, conversation_ids=[hidden.pk], values={})


def test_what_goes_out_of_sight_meanwhile_is_refused(world: World, rows: list[Conversation]) -> None:
    made = bulk.prepare("claim", actor=world.ana, conversation_ids=[row.pk for row in rows], values={})
    Conversation.objects.filter(pk=rows[0].pk).update(queue=world.queues.pr)
    bulk.start(made.pk, actor=world.ana)
    bulk.work(LONG)
    assert _results(made)[0] == ("refused", bulk.GONE)


SOON = timezone.now() + timedelta(days=2)


@pytest.mark.parametrize(
    ("act", "values"),
    [
        ("claim", {}),
        ("tag", {"add": ["refund"], "remove": ["old"]}),
        ("priority", {"priority": 1}),
        ("snooze", {"until": SOON}),
        ("resolve", {"disposition": "wont_respond", "reason": "Not for us"}),
    ],
)
def test_an_undo_puts_everything_back(world: World, rows: list[Conversation], act: str, values: dict[str, Any]) -> None:
    tags.change(rows[0].pk, actor=world.ana, add=["old"])
    Conversation.objects.filter(pk=rows[1].pk).update(status="pending", waiting_since=None)
    lifecycle.snooze(rows[2].pk, actor=world.ana, until=timezone.now() + timedelta(days=9))

    def looks() -> list[tuple[Any, ...]]:
        return [
            (row.owner_id, row.status, row.priority, row.needs_reply, row.snoozed_until, names_of(row))
            for row in Conversation.objects.order_by("pk")
        ]

    was = looks()
    made = _ran(world.ana, act, rows, **values)
    assert set(_states(made)) == {"done"}
    assert looks() != was
    assert _undone(made).state == "undone"
    assert set(_states(made)) == {"undone"}
    assert looks() == was
    assert Case.objects.filter(resolved_at=None).count() == 4


def test_assigned_and_given_back_to_whom_it_was(world: World, rows: list[Conversation]) -> None:
    ownership.claim(rows[0].pk, actor=world.ana)
    made = _ran(world.omar, "assign", rows, agent=world.omar.pk)
    assert {_fresh(row).owner_id for row in rows} == {world.omar.pk}
    _undone(made)
    assert [_fresh(row).owner_id for row in rows] == [world.ana.pk, None, None, None]


def test_released_and_taken_back(world: World, rows: list[Conversation]) -> None:
    ownership.claim(rows[0].pk, actor=world.ana)
    made = _ran(world.ana, "release", rows[:2])
    assert _results(made) == [("done", ""), ("refused", "Nobody has it.")]
    _undone(made)
    assert _fresh(rows[0]).owner_id == world.ana.pk


def test_what_has_changed_since_is_not_undone(world: World, rows: list[Conversation]) -> None:
    made = _ran(world.ana, "priority", rows, priority=1)
    tags.change(rows[1].pk, actor=world.omar, add=["mine"])
    _undone(made)
    assert _results(made)[:2] == [("undone", ""), ("kept", "It has changed since.")]
    assert [_fresh(row).priority for row in rows] == [3, 1, 3, 3]


def test_after_ten_minutes_it_is_too_late(world: World, rows: list[Conversation]) -> None:
    made = _ran(world.ana, "priority", rows, priority=1)
    Bulk.objects.update(ended_at=timezone.now() - timedelta(minutes=11))
    with pytest.raises(Conflict) as late:
        bulk.undo(made.pk, actor=world.ana)
    assert late.value.code == "too_late"


def test_handed_off_and_taken_back(world: World, rows: list[Conversation]) -> None:
    made = _ran(world.ana, "hand_off", rows, queue=world.queues.pr.pk, reason="Press")
    assert Handoff.objects.filter(state="open").count() == 4
    accepted = Handoff.objects.filter(conversation=rows[0]).get()
    handoff.accept(accepted.pk, actor=world.ben)
    _undone(made)
    assert _states(made) == ["kept", "undone", "undone", "undone"]
    assert Handoff.objects.filter(state="withdrawn").count() == 3


def test_supervisors_move_within_their_desks(world: World, rows: list[Conversation]) -> None:
    ownership.claim(rows[0].pk, actor=world.ana)
    made = _ran(world.omar, "move", rows, queue=world.queues.pr.pk)
    assert set(_states(made)) == {"refused"}
    made = _ran(world.ada, "move", rows, queue=world.queues.pr.pk)
    assert {(_fresh(row).queue_id, _fresh(row).owner_id) for row in rows} == {(world.queues.pr.pk, None)}
    _undone(made)
    assert [(_fresh(row).queue_id, _fresh(row).owner_id) for row in rows] == [
        (world.queues.care.pk, world.ana.pk), *[(world.queues.care.pk, None)] * 3
    ]  # fmt: skip


def test_stopped_leaves_the_rest(world: World, rows: list[Conversation]) -> None:
    made = bulk.prepare("priority", actor=world.ana, conversation_ids=[row.pk for row in rows], values={"priority": 1})
    bulk.start(made.pk, actor=world.ana)
    bulk.settle(made.rows.order_by("pk")[0], made, bulk._do_row)
    bulk.stop(made.pk, actor=world.ana)
    bulk.work(LONG)
    assert _states(made) == ["done", "left", "left", "left"]
    _undone(Bulk.objects.get())
    assert _fresh(rows[0]).priority == 3
    with pytest.raises(Conflict):
        bulk.stop(made.pk, actor=world.ana)


def test_others_find_nothing(world: World, rows: list[Conversation]) -> None:
    made = _ran(world.ana, "claim", rows)
    for call in (bulk.start, bulk.stop, bulk.undo):
        with pytest.raises(NotFound):
            call(made.pk, actor=world.ada)


@pytest.mark.parametrize(
    ("act", "values", "field"),
    [
        ("paint", {}, "act"),
        ("assign", {}, "agent"),
        ("assign", {"agent": 10**9}, "agent"),
        ("tag", {}, "add"),
        ("priority", {"priority": 9}, "priority"),
        ("snooze", {"until": timezone.now() - timedelta(days=1)}, "until"),
        ("resolve", {"disposition": "tired"}, "disposition"),
        ("resolve", {"disposition": "wont_respond"}, "reason"),
        ("hand_off", {"queue": 10**9}, "queue"),
        ("move", {}, "queue"),
    ],
)
def test_what_cannot_be_done_is_refused_by_its_field(
    world: World, rows: list[Conversation], act: str, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        bulk.prepare(act, actor=world.ana, conversation_ids=[rows[0].pk], values=values)
    assert list(refused.value.fields) == [field]


def test_two_people_over_the_same_rows_have_one_winner_each(world: World, rows: list[Conversation]) -> None:
    ids = [row.pk for row in rows]
    both = [bulk.prepare("claim", actor=who, conversation_ids=ids, values={}) for who in (world.ana, world.omar)]
    for one in both:
        bulk.start(one.pk, actor=one.actor)
    race(*[lambda: bulk.work(LONG)] * 2)
    won = [sorted(one.rows.filter(state="done").values_list("conversation_id", flat=True)) for one in both]
    assert sorted(won[0] + won[1]) == ids
    assert ConversationEvent.objects.filter(kind="conversation.claimed").count() == 4
    lost = BulkRow.objects.filter(state="refused").values_list("reason", flat=True)
    assert set(lost) <= {"Ana Sandoval has it.", "Omar Haddad has it."}
    assert len(lost) == 4


def test_two_workers_on_one_row_do_it_once(world: World, rows: list[Conversation]) -> None:
    made = bulk.prepare("tag", actor=world.ana, conversation_ids=[rows[0].pk], values={"add": ["refund"]})
    bulk.start(made.pk, actor=world.ana)
    row = made.rows.get()
    race(*[lambda: bulk.settle(row, made, bulk._do_row)] * 2)
    assert (_states(made), made.rows.get().before["tags"]) == (["done"], [])


@pytest.mark.parametrize("name", ["start", "stop", "undo"])
def test_two_clicks_are_one(world: World, rows: list[Conversation], name: str) -> None:
    made = bulk.prepare("claim", actor=world.ana, conversation_ids=[row.pk for row in rows], values={})
    if name != "start":
        bulk.start(made.pk, actor=world.ana)
    if name == "undo":
        bulk.work(LONG)
    won, _lost = split(race(*[lambda: getattr(bulk, name)(made.pk, actor=world.ana)] * 2))
    assert len(won) == 2
    kind = {"start": "bulk.started", "stop": "bulk.stopped", "undo": "bulk.undone"}[name]
    assert AccountEvent.objects.filter(kind=kind).count() == 1


def test_stop_and_the_last_row_have_one_winner(world: World, rows: list[Conversation]) -> None:
    made = bulk.prepare("claim", actor=world.ana, conversation_ids=[row.pk for row in rows], values={})
    bulk.start(made.pk, actor=world.ana)
    race(lambda: bulk.stop(made.pk, actor=world.ana), lambda: bulk.work(LONG))
    bulk.work(LONG)
    made.refresh_from_db()
    states = set(_states(made))
    assert (made.state == "stopped" and states <= {"done", "left"}) or (made.state, states) == ("done", {"done"})


def test_what_was_never_begun_is_dropped_after_a_day(world: World, rows: list[Conversation]) -> None:
    made = bulk.prepare("claim", actor=world.ana, conversation_ids=[rows[0].pk], values={})
    assert bulk.forget() == 0
    Bulk.objects.update(created_at=timezone.now() - timedelta(days=2))
    kept = _ran(world.ana, "claim", rows)
    assert bulk.forget() > 0
    assert list(Bulk.objects.all()) == [kept]
    assert made.pk != kept.pk
