"""Corrections: who may, what is refused, one winner."""

import pytest

from core.errors import Forbidden, Invalid, NotFound
from inbox.models.work import ConversationEvent
from inbox.policies import access_of
from inbox.services import issues
from routing.models.triage import Correction
from routing.selectors import triage
from routing.services import corrections
from tests import personas, racing
from tests.domain.triage.stored import judged

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_click_puts_a_verdict_right() -> None:
    world = personas.world()
    (row,) = judged(world.channels.northwind_x, "what a wonderful way to lose a bag")
    corrections.correct(row.pk, label="sentiment", value="negative", actor=world.ana)
    corrections.correct(row.pk, label="sentiment", value="negative", actor=world.ana)
    known = Correction.objects.get(message=row)
    assert (known.value, known.corrected_by) == ("negative", world.ana)
    event = ConversationEvent.objects.get(kind="triage.corrected")
    assert event.data["label"] == "mood"
    assert event.data["old"] == known.was


def test_the_newest_word_counts() -> None:
    world = personas.world()
    (row,) = judged(world.channels.northwind_x, "hm")
    corrections.correct(row.pk, label="kind", value="praise", actor=world.ana)
    corrections.correct(row.pk, label="kind", value="question", actor=world.omar)
    assert Correction.objects.get(message=row).value == "question"


@pytest.mark.parametrize(("label", "value", "says"), [("kind", "nonsense", "no kind"), ("colour", "red", "no label")])
def test_what_does_not_exist_is_refused(label, value, says) -> None:
    world = personas.world()
    (row,) = judged(world.channels.northwind_x, "hm")
    with pytest.raises(Invalid, match=says):
        corrections.correct(row.pk, label=label, value=value, actor=world.ana)


def test_an_issue_that_was_taken_off_the_list_is_named() -> None:
    world = personas.world()
    (row,) = judged(world.channels.northwind_x, "hm")
    issue = issues.create("Late parcel", actor=world.ada)
    corrections.correct(row.pk, label="issue", value=issue.slug, actor=world.ana)
    issues.retire(issue.pk, actor=world.ada)
    with pytest.raises(Invalid, match="“Late parcel” is not on the list any more"):
        corrections.correct(row.pk, label="issue", value=issue.slug, actor=world.omar)
    told = next(one for one in triage.told_of(row.pk, access_of(world.ana)) if one.label == "issue")
    assert told.reason == "Corrected by a person, to what is not on the list any more"


def test_who_may_not_see_it_finds_nothing() -> None:
    world = personas.world()
    (row,) = judged(world.channels.northwind_x, "hm")
    for somebody in (world.zoe, world.ben):
        with pytest.raises((NotFound, Forbidden)):
            corrections.correct(row.pk, label="kind", value="praise", actor=somebody)
    assert not Correction.objects.exists()


def test_two_at_the_same_instant_leave_one_correction() -> None:
    world = personas.world()
    (row,) = judged(world.channels.northwind_x, "hm")
    won, lost = racing.split(
        racing.race(
            lambda: corrections.correct(row.pk, label="kind", value="praise", actor=world.ana),
            lambda: corrections.correct(row.pk, label="kind", value="question", actor=world.omar),
        )
    )
    assert (len(won), lost) == (2, [])
    assert Correction.objects.count() == 1
    assert ConversationEvent.objects.filter(kind="triage.corrected").count() == 2
