"""Resolve, reopen, snooze, wake, priority, spam: success, refusal, stranger, conflict, and one winner of two."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from core.errors import Conflict, Forbidden, Invalid, NotFound
from inbox.models.conversation import Case, Conversation, Grant
from inbox.models.people import Mute
from inbox.models.work import ConversationEvent, Delivery
from inbox.services import lifecycle, ownership, status
from tests.domain.lifecycle.looking import kinds_of
from tests.factories import talk
from tests.personas import World
from tests.racing import race, split

SOON = timedelta(hours=2)


def acts(world: World) -> dict[str, Callable[..., Any]]:
    return {
        "resolve": partial(lifecycle.resolve, disposition="spam"),
        "mark_spam": lifecycle.mark_spam,
        "reopen": lifecycle.reopen,
        "snooze": partial(lifecycle.snooze, until=timezone.now() + SOON),
        "wake": lifecycle.wake,
        "set_priority": partial(lifecycle.set_priority, priority=1),
    }


ACTS = ("resolve", "mark_spam", "reopen", "snooze", "wake", "set_priority")


@pytest.mark.parametrize("name", ACTS)
def test_a_stranger_learns_nothing(world: World, waiting: Conversation, name: str) -> None:
    act = acts(world)[name]
    with pytest.raises(NotFound) as hidden:
        act(waiting.pk, actor=world.zoe)
    with pytest.raises(NotFound) as absent:
        act(waiting.pk + 1_000_000, actor=world.zoe)
    assert str(hidden.value) == str(absent.value)


@pytest.mark.parametrize("name", ACTS)
def test_a_reader_from_another_desk_does_not_act(world: World, waiting: Conversation, name: str) -> None:
    Grant.objects.create(conversation=waiting, user=world.ben, reason=Grant.Reason.MENTIONED)
    with pytest.raises(Forbidden):
        acts(world)[name](waiting.pk, actor=world.ben)


@pytest.mark.parametrize("name", ["resolve", "mark_spam", "snooze"])
def test_what_somebody_else_has_is_left_alone(world: World, waiting: Conversation, name: str) -> None:
    ownership.claim(waiting.pk, actor=world.omar)
    with pytest.raises(Conflict, match="Omar Haddad has it"):
        acts(world)[name](waiting.pk, actor=world.ana)


def test_resolving_closes_the_case_and_nobody_waits(world: World, waiting: Conversation) -> None:
    ownership.claim(waiting.pk, actor=world.ana)

    lifecycle.resolve(waiting.pk, actor=world.ana, disposition="wont_respond", reason=" Not about us. ")

    waiting.refresh_from_db()
    assert (waiting.status, waiting.waiting_since, waiting.lease_until) == ("resolved", None, None)
    assert waiting.owner == world.ana
    case = Case.objects.get(conversation=waiting)
    assert (case.disposition, case.reason) == ("wont_respond", "Not about us.")
    assert case.resolved_at is not None
    event = ConversationEvent.objects.get(conversation=waiting, kind="conversation.resolved")
    assert event.data == {"disposition": "wont_respond", "reason": "Not about us.", "case": case.pk}


def test_not_responding_needs_a_reason(world: World, waiting: Conversation) -> None:
    with pytest.raises(Invalid) as refusal:
        lifecycle.resolve(waiting.pk, actor=world.ana, disposition="wont_respond", reason="  ")
    assert refusal.value.fields.keys() == {"reason"}
    assert kinds_of(waiting) == []


def test_answered_needs_an_answer_and_names_what_is_left(world: World, waiting: Conversation) -> None:
    with pytest.raises(Invalid) as refusal:
        lifecycle.resolve(waiting.pk, actor=world.ana, disposition="answered")
    assert refusal.value.current["choices"] == ["wont_respond", "expired", "spam", "duplicate"]


def test_an_answer_on_the_network_makes_it_answered(world: World, waiting: Conversation) -> None:
    Conversation.objects.filter(pk=waiting.pk).update(answered_at=timezone.now())
    lifecycle.resolve(waiting.pk, actor=world.ana, disposition="answered")
    assert Case.objects.get(conversation=waiting).disposition == "answered"


def test_an_answer_of_an_earlier_case_does_not_count(world: World, waiting: Conversation) -> None:
    Conversation.objects.filter(pk=waiting.pk).update(answered_at=timezone.now() - timedelta(days=20))
    with pytest.raises(Invalid):
        lifecycle.resolve(waiting.pk, actor=world.ana, disposition="answered")


def test_an_answer_on_its_way_counts(world: World, waiting: Conversation) -> None:
    Delivery.objects.create(
        conversation=waiting,
        channel=waiting.channel,
        brand=waiting.brand,
        author=world.ana,
        visibility="public",
        text="We are looking.",
        client_token="t1",
        body_hash="0",
        send_at=timezone.now(),
    )
    lifecycle.resolve(waiting.pk, actor=world.ana, disposition="answered")
    assert Conversation.objects.get(pk=waiting.pk).status == "resolved"


def test_an_unknown_disposition_is_refused(world: World, waiting: Conversation) -> None:
    with pytest.raises(Invalid) as refusal:
        lifecycle.resolve(waiting.pk, actor=world.ana, disposition="done")
    assert refusal.value.fields.keys() == {"disposition"}


def test_resolving_twice_alike_is_one_fact_and_otherwise_a_conflict(world: World, waiting: Conversation) -> None:
    lifecycle.resolve(waiting.pk, actor=world.ana, disposition="duplicate")
    lifecycle.resolve(waiting.pk, actor=world.ana, disposition="duplicate")
    with pytest.raises(Conflict):
        lifecycle.resolve(waiting.pk, actor=world.omar, disposition="expired")
    assert kinds_of(waiting) == ["conversation.resolved"]


def test_resolving_at_once_has_one_winner(world: World, waiting: Conversation) -> None:
    outcomes = race(
        partial(lifecycle.resolve, waiting.pk, actor=world.ana, disposition="duplicate"),
        partial(lifecycle.resolve, waiting.pk, actor=world.omar, disposition="expired"),
    )
    winners, losers = split(outcomes)
    assert (len(winners), [loser.code for loser in losers]) == (1, ["resolved"])
    assert kinds_of(waiting) == ["conversation.resolved"]


def test_reopening_undoes_the_resolution(world: World, waiting: Conversation) -> None:
    before = waiting.waiting_since
    talk_at = waiting.messages.get()
    ownership.claim(waiting.pk, actor=world.ana)
    lifecycle.resolve(waiting.pk, actor=world.ana, disposition="expired")

    lifecycle.reopen(waiting.pk, actor=world.ana)

    waiting.refresh_from_db()
    assert waiting.status == "open"
    assert abs(waiting.waiting_since - before) < timedelta(seconds=1)
    assert waiting.waiting_since == talk_at.posted_at
    assert waiting.lease_until is not None
    case = Case.objects.get(conversation=waiting)
    assert (case.resolved_at, case.disposition) == (None, "")
    assert kinds_of(waiting)[-2:] == ["conversation.resolved", "conversation.reopened"]


def test_reopening_later_begins_a_new_case(world: World, waiting: Conversation) -> None:
    lifecycle.resolve(waiting.pk, actor=world.ana, disposition="expired")
    Case.objects.filter(conversation=waiting).update(resolved_at=timezone.now() - timedelta(days=8))

    lifecycle.reopen(waiting.pk, actor=world.ana)

    cases = Case.objects.filter(conversation=waiting).order_by("number")
    assert [(case.number, case.resolved_at is None) for case in cases] == [(1, False), (2, True)]


def test_reopening_what_is_open_changes_nothing(world: World, waiting: Conversation) -> None:
    lifecycle.reopen(waiting.pk, actor=world.ana)
    assert kinds_of(waiting) == []


def test_reopening_at_once_is_one_fact(world: World, waiting: Conversation) -> None:
    lifecycle.resolve(waiting.pk, actor=world.ana, disposition="expired")
    race(*(partial(lifecycle.reopen, waiting.pk, actor=who) for who in (world.ana, world.omar)))
    assert kinds_of(waiting) == ["conversation.resolved", "conversation.reopened"]


def test_snoozing_takes_it_out_of_the_open_list(world: World, waiting: Conversation) -> None:
    ownership.claim(waiting.pk, actor=world.ana)
    until = timezone.now() + SOON

    lifecycle.snooze(waiting.pk, actor=world.ana, until=until)

    waiting.refresh_from_db()
    assert (waiting.status, waiting.waiting_since, waiting.lease_until) == ("snoozed", None, None)
    assert (waiting.snoozed_until, waiting.owner) == (until, world.ana)


@pytest.mark.parametrize(
    "until",
    [
        pytest.param(timezone.now() - SOON, id="past"),
        pytest.param(timezone.now() + timedelta(days=400), id="too far"),
        pytest.param(datetime(2199, 1, 1, tzinfo=UTC), id="never"),
        pytest.param((timezone.now() + SOON).replace(tzinfo=None), id="without a zone"),
    ],
)
def test_a_snooze_ends_within_a_year(world: World, waiting: Conversation, until: datetime) -> None:
    with pytest.raises(Invalid) as refusal:
        lifecycle.snooze(waiting.pk, actor=world.ana, until=until)
    assert refusal.value.fields.keys() == {"until"}


def test_what_is_resolved_is_not_snoozed(world: World, waiting: Conversation) -> None:
    lifecycle.resolve(waiting.pk, actor=world.ana, disposition="expired")
    with pytest.raises(Conflict):
        lifecycle.snooze(waiting.pk, actor=world.ana, until=timezone.now() + SOON)


def test_snoozing_against_resolving_has_one_end(world: World, waiting: Conversation) -> None:
    race(
        partial(lifecycle.snooze, waiting.pk, actor=world.ana, until=timezone.now() + SOON),
        partial(lifecycle.resolve, waiting.pk, actor=world.omar, disposition="expired"),
    )
    waiting.refresh_from_db()
    assert (waiting.status, waiting.snoozed_until) == ("resolved", None)
    assert kinds_of(waiting)[-1] == "conversation.resolved"


def test_waking_lets_who_waited_wait_again(world: World, waiting: Conversation) -> None:
    lifecycle.snooze(waiting.pk, actor=world.ana, until=timezone.now() + SOON)
    lifecycle.wake(waiting.pk, actor=world.ana)
    waiting.refresh_from_db()
    assert (waiting.status, waiting.snoozed_until) == ("open", None)
    assert waiting.waiting_since == waiting.messages.get().posted_at
    lifecycle.wake(waiting.pk, actor=world.ana)
    assert kinds_of(waiting) == ["conversation.snoozed", "conversation.woken"]


def overdue(conversation: Conversation) -> None:
    Conversation.objects.filter(pk=conversation.pk).update(snoozed_until=timezone.now() - timedelta(seconds=1))


def test_snoozes_end_by_themselves_in_batches(world: World) -> None:
    rows = [talk.conversation(world.channels.northwind_x, world.queues.care) for _ in range(5)]
    for row in rows:
        ownership.claim(row.pk, actor=world.ana)
        lifecycle.snooze(row.pk, actor=world.ana, until=timezone.now() + SOON)
    assert lifecycle.wake_due() == 0
    for row in rows:
        overdue(row)

    assert [lifecycle.wake_due(limit=2) for _ in range(4)] == [2, 2, 1, 0]

    for row in rows:
        row.refresh_from_db()
        assert (row.status, row.owner, row.snoozed_until) == ("open", world.ana, None)
        assert row.waiting_since == row.messages.get().posted_at
        assert row.lease_until is not None
        assert kinds_of(row)[-1] == "conversation.woken"


def test_two_sweepers_end_each_snooze_once(world: World) -> None:
    for _ in range(12):
        row = talk.conversation(world.channels.northwind_x, world.queues.care)
        lifecycle.snooze(row.pk, actor=world.ana, until=timezone.now() + SOON)
        overdue(row)
    assert sum(race(*[lifecycle.wake_due] * 4)) == 12
    assert ConversationEvent.objects.filter(kind="conversation.woken").count() == 12


STORIES = {
    "unanswered": [],
    "answered": ["answer"],
    "answered, then asked again": ["answer", "ask"],
    "resolved, then asked again": ["resolve", "ask"],
    "resolved and reopened": ["resolve", "reopen"],
    "resolved, reopened and resolved": ["resolve", "reopen", "resolve", "ask"],
    "muted": ["mute"],
}


@pytest.mark.parametrize("story", STORIES)
def test_the_batch_wakes_as_one_by_one(world: World, waiting: Conversation, story: str) -> None:
    for step in STORIES[story]:
        if step == "answer":
            Conversation.objects.filter(pk=waiting.pk).update(answered_at=timezone.now())
        elif step == "ask":
            talk.message(waiting, "And now?")
        elif step == "mute":
            Mute.objects.create(profile=waiting.profile, brand=waiting.brand)
        elif step == "resolve":
            lifecycle.resolve(waiting.pk, actor=world.ana, disposition="expired")
        else:
            lifecycle.reopen(waiting.pk, actor=world.ana)
    Conversation.objects.filter(pk=waiting.pk).update(
        status="snoozed", waiting_since=None, lease_until=None, snoozed_until=timezone.now() - SOON
    )
    alone = Conversation.objects.get(pk=waiting.pk)
    status.woken(alone, now=timezone.now())

    lifecycle.wake_due()

    waiting.refresh_from_db()
    assert waiting.waiting_since == alone.waiting_since


def test_the_priority_is_set_once(world: World, waiting: Conversation) -> None:
    lifecycle.set_priority(waiting.pk, actor=world.ana, priority=Conversation.Priority.URGENT)
    lifecycle.set_priority(waiting.pk, actor=world.ana, priority=Conversation.Priority.URGENT)
    event = ConversationEvent.objects.get(conversation=waiting)
    assert event.data == {"priority": "urgent", "old": "normal"}
    assert Conversation.objects.get(pk=waiting.pk).priority == 1


def test_there_are_four_priorities(world: World, waiting: Conversation) -> None:
    with pytest.raises(Invalid):
        lifecycle.set_priority(waiting.pk, actor=world.ana, priority=5)


def test_setting_the_priority_at_once_is_one_fact(world: World, waiting: Conversation) -> None:
    race(*(partial(lifecycle.set_priority, waiting.pk, actor=who, priority=1) for who in (world.ana, world.omar)))
    assert kinds_of(waiting) == ["conversation.prioritised"]


def test_spam_is_resolved_and_its_author_muted_where_asked(world: World, waiting: Conversation) -> None:
    lifecycle.mark_spam(waiting.pk, actor=world.ana, mute=True)
    assert Case.objects.get(conversation=waiting).disposition == "spam"
    assert Mute.objects.get().muted_by == world.ana
    assert kinds_of(waiting) == ["conversation.resolved", "profile.muted"]


def test_marking_spam_at_once_is_one_fact(world: World, waiting: Conversation) -> None:
    race(*(partial(lifecycle.mark_spam, waiting.pk, actor=who, mute=True) for who in (world.ana, world.omar)))
    assert kinds_of(waiting) == ["conversation.resolved", "profile.muted"]
