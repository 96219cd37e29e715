"""Macros: what the preview says is what happens; all of it or nothing; and back again."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from accounts.models import User
from core.errors import Conflict, Forbidden, Invalid, NotFound, SocialCareError
from inbox.models.conversation import Conversation
from inbox.models.work import ConversationEvent, Draft
from inbox.services import ownership, saved_replies, tags
from inbox.services.saved_replies import Wording
from inbox.services.sharing import Sharing
from routing.models.handoff import Handoff
from routing.models.macro import Macro, MacroRun
from routing.services import macro_runs, macros
from tests.domain.lifecycle.looking import kinds_of
from tests.personas import World
from tests.racing import race, split

CLAIM, URGENT, REFUND = {"do": "claim"}, {"do": "priority", "value": 1}, {"do": "tag", "tags": ["refund"]}
DUPLICATE = {"do": "resolve", "value": "duplicate"}
SNOOZE = {"do": "snooze", "value": 60}


def macro(actor: User, *steps: dict[str, Any], name: str = "All", shared: Sharing | None = None) -> Macro:
    return macros.create(name, list(steps), shared or Sharing(), actor=actor)


def inserting(world: World) -> dict[str, Any]:
    row = saved_replies.create(Wording("Sorry", "Sorry, {first name}."), Sharing(), actor=world.ana)
    return {"do": "insert", "value": row.pk}


def state(conversation: Conversation) -> tuple[Any, ...]:
    row = Conversation.objects.get(pk=conversation.pk)
    drafts = list(Draft.objects.filter(conversation=row).values_list("text", flat=True))
    return row.owner_id, row.status, row.priority, row.snoozed_until, tags.names_of(row), drafts


@pytest.mark.parametrize("end", [DUPLICATE, SNOOZE, "hand off"])
def test_the_preview_is_what_happens_and_undo_takes_it_back(world: World, waiting: Conversation, end: Any) -> None:
    last = {"do": "hand_off", "value": world.queues.pr.pk, "reason": "press"} if end == "hand off" else end
    row = macro(world.ana, last, inserting(world), CLAIM, REFUND, URGENT)
    before, kinds = state(waiting), kinds_of(waiting)

    seen = macro_runs.preview(waiting.pk, row.pk, actor=world.ana)
    assert [one.step.do for one in seen.steps] == ["claim", "priority", "tag", "insert", last["do"]]
    assert all(one.changes and not one.problem for one in seen.steps)
    assert seen.can_run
    assert (state(waiting), kinds_of(waiting)) == (before, kinds)

    made = macro_runs.run(waiting.pk, row.pk, actor=world.ana, client_token="1", seen=seen.revision)
    owner, _, priority, _, tagged, written = state(waiting)
    assert (owner, priority, tagged, written) == (world.ana.pk, 1, ["refund"], ["Sorry, Tess."])
    assert kinds_of(waiting)[-1] == "macro.run"
    assert macro_runs.run(waiting.pk, row.pk, actor=world.ana, client_token="1", seen=seen.revision) == made

    macro_runs.undo(made.pk, actor=world.ana)
    macro_runs.undo(made.pk, actor=world.ana)
    assert state(waiting) == before
    assert kinds_of(waiting)[-1] == "macro.undone"
    assert not Handoff.objects.filter(state="open").exists()


def test_what_cannot_be_done_says_why_and_nothing_is_done(world: World, waiting: Conversation) -> None:
    row = macro(world.ana, REFUND, {"do": "resolve", "value": "answered"})
    before, kinds = state(waiting), kinds_of(waiting)
    seen = macro_runs.preview(waiting.pk, row.pk, actor=world.ana)
    assert [one.problem for one in seen.steps] == ["", "There is no answer of ours yet."]
    assert not seen.can_run
    with pytest.raises(Invalid):
        macro_runs.run(waiting.pk, row.pk, actor=world.ana, client_token="1")
    assert (state(waiting), kinds_of(waiting)) == (before, kinds)
    assert not MacroRun.objects.exists()


def test_what_is_so_already_changes_nothing(world: World, waiting: Conversation) -> None:
    tags.change(waiting.pk, actor=world.ana, add=["refund"])
    row = macro(world.ana, REFUND, URGENT)
    seen = macro_runs.preview(waiting.pk, row.pk, actor=world.ana)
    assert [(one.step.do, one.changes) for one in seen.steps] == [("priority", True), ("tag", False)]
    made = macro_runs.run(waiting.pk, row.pk, actor=world.ana, client_token="1")
    macro_runs.undo(made.pk, actor=world.ana)
    assert tags.names_of(waiting) == ["refund"]


def test_others_conversations_and_macros(world: World, waiting: Conversation) -> None:
    row = macro(world.ana, CLAIM)
    for stranger in (world.ben, world.zoe):
        with pytest.raises(NotFound):
            macro_runs.preview(waiting.pk, row.pk, actor=stranger)
    with pytest.raises(NotFound):  # sees the conversation, and not the macro
        macro_runs.run(waiting.pk, row.pk, actor=world.omar, client_token="1")
    lumo = macro(world.ana, CLAIM, name="Lumo", shared=Sharing(brand_id=world.brands.lumo.pk))
    with pytest.raises(NotFound):
        macro_runs.run(waiting.pk, lumo.pk, actor=world.ana, client_token="1")
    macros.archive(row.pk, actor=world.ana)
    with pytest.raises(NotFound):
        macro_runs.run(waiting.pk, row.pk, actor=world.ana, client_token="1")
    with pytest.raises(Forbidden):
        macro(world.ana, CLAIM, shared=Sharing("everybody"))
    ownership.claim(waiting.pk, actor=world.omar)
    mine = macro(world.ana, CLAIM, name="Mine")
    (step,) = macro_runs.preview(waiting.pk, mine.pk, actor=world.ana).steps
    assert step.problem == "Omar Haddad has it."


def test_undo_is_for_what_nobody_has_touched(world: World, waiting: Conversation) -> None:
    row = macro(world.ana, REFUND)
    made = macro_runs.run(waiting.pk, row.pk, actor=world.ana, client_token="1")
    with pytest.raises(NotFound):
        macro_runs.undo(made.pk, actor=world.omar)
    tags.change(waiting.pk, actor=world.omar, add=["late"])
    with pytest.raises(Conflict) as refusal:
        macro_runs.undo(made.pk, actor=world.ana)
    assert refusal.value.code == "stale"
    other = macro_runs.run(waiting.pk, row.pk, actor=world.ana, client_token="2")
    MacroRun.objects.filter(pk=other.pk).update(ran_at=other.ran_at - timedelta(minutes=11))
    with pytest.raises(Conflict) as late:
        macro_runs.undo(other.pk, actor=world.ana)
    assert late.value.code == "too_late"


def test_a_draft_that_was_written_on_stays(world: World, waiting: Conversation) -> None:
    row = macro(world.ana, inserting(world), REFUND)
    made = macro_runs.run(waiting.pk, row.pk, actor=world.ana, client_token="1")
    Draft.objects.update(text="Sorry, Tess. And I mean it.")
    macro_runs.undo(made.pk, actor=world.ana)
    assert Draft.objects.get().text == "Sorry, Tess. And I mean it."


def test_two_at_once_on_what_both_saw(world: World, waiting: Conversation) -> None:
    rows = [macro(who, CLAIM, REFUND) for who in (world.ana, world.omar)]
    seen = waiting.revision
    runs = [
        partial(macro_runs.run, waiting.pk, row.pk, actor=who, client_token="1", seen=seen)
        for row, who in zip(rows, (world.ana, world.omar), strict=True)
    ]
    won, lost = split(race(*runs))
    assert len(won) == 1
    assert [isinstance(error, Conflict) for error in lost] == [True]
    assert ConversationEvent.objects.filter(kind="macro.run").count() == 1


@pytest.mark.parametrize(
    ("step", "says"),
    [
        ({"do": "insert", "value": 10**9}, "no such saved reply"),
        ({"do": "hand_off", "value": 10**9, "reason": "x"}, "no such queue"),
        ({"do": "hand_off", "value": 1}, "Say why"),
        ({"do": "hand_off", "value": 1, "reason": "x" * 301}, "300"),
        ({"do": "resolve", "value": "lost"}, "how it ended"),
        ({"do": "resolve", "value": "wont_respond"}, "Say why nobody"),
        ({"do": "tag", "tags": ["x" * 41]}, "40"),
    ],
)
def test_bad_steps_are_refused_when_written(world: World, step: dict[str, Any], says: str) -> None:
    with pytest.raises(SocialCareError) as refusal:
        macro(world.ana, step)
    assert says in str(refusal.value)
    assert not Macro.objects.exists()


def test_they_are_kept_as_saved_replies_are(world: World) -> None:
    shared = Sharing("team", world.teams.care.pk)
    row = macro(world.ana, CLAIM, shared=shared)
    macros.change(row.pk, "Other", [REFUND], shared, actor=world.omar, seen=1)
    with pytest.raises(Conflict) as refusal:
        macros.change(row.pk, "Mine", [CLAIM], shared, actor=world.ana, seen=1)
    assert refusal.value.current["by"] == "Omar Haddad"
    with pytest.raises(NotFound):
        macros.change(row.pk, "Mine", [CLAIM], shared, actor=world.ben)
    macros.archive(row.pk, actor=world.ana)
    assert macros.restore(row.pk, actor=world.ana).archived_at is None
