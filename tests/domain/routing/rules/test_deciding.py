from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inbox.models.conversation import Conversation
from inbox.models.issue import Issue
from inbox.models.people import Mute
from inbox.models.work import ConversationEvent
from inbox.policies import access_of
from inbox.services import lifecycle, ownership, tags
from routing.models.author_list import AuthorList, ListedAuthor
from routing.models.decision import Decision
from routing.models.notice import Notice
from routing.models.staffing import ConversationSkill, Skill
from routing.models.triage import Correction
from routing.rules.packing import unpack_facts
from routing.selectors.triage import Told, told_of
from routing.services import corrections, deciding, handoff, rules, verdicts
from routing.triage.contracts import BY_RULE
from tests.domain.assignment.staff import moved
from tests.domain.routing.rules.kit import NEGATIVE, Doing, ask, judged, newest, route
from tests.factories import talk
from tests.personas import World
from tests.racing import race


@pytest.fixture
def doing(world: World) -> Doing:
    return Doing(world.ada)


def fresh(row: Conversation) -> Conversation:
    return Conversation.objects.get(pk=row.pk)


def kinds(row: Conversation) -> list[str]:
    return list(ConversationEvent.objects.filter(conversation=row).order_by("id").values_list("kind", flat=True))


def test_a_rule_moves_a_conversation_and_says_why(world: World, doing: Doing, waiting: Conversation) -> None:
    number = doing.rule(NEGATIVE, name="Angry to PR", queue=world.queues.pr.pk, priority=1)

    assert route(waiting, sentiment="negative") == {waiting.pk}

    row, event = fresh(waiting), ConversationEvent.objects.get(conversation=waiting, kind="conversation.moved")
    assert (row.queue_id, row.priority, row.revision) == (world.queues.pr.pk, 1, waiting.revision + 1)
    assert event.actor is None
    assert event.data["why"] == "When a message is negative, put it into PR and set priority urgent."
    decision = Decision.objects.get(message=newest(waiting))
    assert decision.rules == [number]
    assert decision.facts["se"] == "negative"
    assert "bag" not in str(decision.facts)


def test_what_no_rule_fits_stands_where_everything_else_goes(world: World, waiting: Conversation) -> None:
    assert route(waiting) == set()
    assert fresh(waiting).queue_id == world.queues.care.pk
    assert Decision.objects.get().rules == [2]


def test_twice_is_once(doing: Doing, world: World, waiting: Conversation) -> None:
    doing.rule(NEGATIVE, queue=world.queues.pr.pk, tags=["angry"], notify=[world.ben.pk])
    route(waiting, sentiment="negative")
    before = kinds(waiting)

    assert route(waiting, sentiment="negative") == set()
    assert kinds(waiting) == before
    assert Decision.objects.count() == 1
    assert Notice.objects.count() == 1


def test_the_first_message_is_new_and_the_next_one_is_not(world: World, waiting: Conversation) -> None:
    talk.message(waiting, "Hello?", posted_at=timezone.now() + timedelta(minutes=1))
    ids = list(waiting.messages.order_by("posted_at").values_list("pk", flat=True))

    together = rules.facts_of(ids, {})
    route(waiting)
    later = rules.facts_of(ids[:1], {})

    assert [one.new for one in together.values()] == [True, False]
    assert [one.new for one in later.values()] == [False]


def test_a_person_who_has_it_keeps_it(world: World, doing: Doing, waiting: Conversation) -> None:
    doing.rule(NEGATIVE, queue=world.queues.pr.pk)
    ownership.claim(waiting.pk, actor=world.ana)

    route(waiting, sentiment="negative")

    assert fresh(waiting).queue_id == world.queues.care.pk


def test_what_people_have_handed_over_or_prioritised_stays(world: World, doing: Doing, waiting: Conversation) -> None:
    doing.rule(NEGATIVE, queue=world.queues.marketing.pk, priority=4)
    asked = handoff.ask(waiting.pk, to=world.queues.pr, actor=world.ana, reason="Press")
    handoff.accept(asked.pk, actor=world.ben)
    ownership.release(waiting.pk, actor=world.ben)
    lifecycle.set_priority(waiting.pk, actor=world.ben, priority=1)

    route(waiting, sentiment="negative")

    assert (fresh(waiting).queue_id, fresh(waiting).priority) == (world.queues.pr.pk, 1)


def test_a_rule_assigns_to_somebody_who_may_work_there(world: World, doing: Doing) -> None:
    to_ana = talk.conversation(world.channels.northwind_x, world.queues.care)
    doing.rule(NEGATIVE, assign=world.ana.pk)

    route(to_ana, sentiment="negative")

    assert fresh(to_ana).owner == world.ana
    assert fresh(to_ana).lease_until is not None


def test_nobody_is_given_what_they_may_not_answer(world: World, doing: Doing, waiting: Conversation) -> None:
    doing.rule(NEGATIVE, queue=world.queues.pr.pk, assign=world.ana.pk)

    route(waiting, sentiment="negative")

    assert (fresh(waiting).queue_id, fresh(waiting).owner) == (world.queues.pr.pk, None)


def test_a_rule_parts_no_pair(world: World, doing: Doing, waiting: Conversation) -> None:
    private = moved(world, waiting)
    ownership.claim(waiting.pk, actor=world.omar, alone=True)
    doing.rule(NEGATIVE, assign=world.ana.pk)

    route(private, sentiment="negative")
    assert fresh(private).owner is None

    ownership.release(waiting.pk, actor=world.omar)
    route(waiting, private, sentiment="negative")
    assert (fresh(waiting).owner, fresh(private).owner) == (world.ana, world.ana)


def test_the_other_actions(world: World, doing: Doing, waiting: Conversation) -> None:
    Skill.objects.create(name="French", slug="french")
    doing.rule(NEGATIVE, tags=["Angry", "refund"], skills=["french"], snooze=60, notify=[world.ben.pk, world.omar.pk])

    route(waiting, sentiment="negative")

    row = fresh(waiting)
    assert tags.names_of(row) == ["angry", "refund"]
    assert (row.status, row.waiting_since) == ("snoozed", None)
    assert row.snoozed_until is not None
    assert ConversationSkill.objects.get(conversation=row).skill.slug == "french"
    assert set(Notice.objects.values_list("user", flat=True)) == {world.ben.pk, world.omar.pk}
    assert {"conversation.snoozed", "conversation.tagged"} <= set(kinds(row))


def test_a_muted_author_asks_for_nobody(world: World, doing: Doing, waiting: Conversation) -> None:
    doing.rule(ask("words", ["bag"], "any"), mute=True)

    route(waiting)

    assert Mute.objects.get().profile_id == waiting.profile_id
    assert fresh(waiting).waiting_since is None


def test_muting_by_rule_reaches_all_that_the_author_has_open_with_the_brand(
    world: World, doing: Doing, waiting: Conversation
) -> None:
    """As when a person mutes: the same brand's conversations wait no more, another brand's do."""
    same = talk.conversation(world.channels.northwind_x, world.queues.pr, profile=waiting.profile)
    other = talk.conversation(world.channels.lumo_x, world.queues.care, profile=waiting.profile)
    doing.rule(ask("words", ["bag"], "any"), mute=True)

    route(waiting)

    assert fresh(same).waiting_since is None
    assert fresh(same).revision == same.revision + 1
    assert fresh(other).waiting_since is not None


def test_the_issue_that_a_rule_names_is_the_verdict_until_a_person_says_otherwise(
    world: World, doing: Doing, waiting: Conversation
) -> None:
    for slug in ("lost_bag", "refund"):
        Issue.objects.create(slug=slug, name=slug.replace("_", " ").capitalize())
    message = newest(waiting).pk
    verdicts.store({message: judged(issue="refund")})
    doing.rule(ask("words", ["bag"], "any"), issue="lost_bag")

    route(waiting)

    told = _issue_told(world, message)
    assert (told.value, told.confidence, told.by, told.second) == ("lost_bag", 1, BY_RULE, "refund")
    assert "name Lost bag as the issue" in told.reason
    corrections.correct(message, label="issue", value="refund", actor=world.ana)
    assert (_issue_told(world, message).value, Correction.objects.get().was) == ("refund", "lost_bag")


def test_an_issue_that_is_gone_is_passed_over(world: World, doing: Doing, waiting: Conversation) -> None:
    issue = Issue.objects.create(slug="lost_bag", name="Lost bag")
    doing.rule(ask("words", ["bag"], "any"), issue="lost_bag")
    Issue.objects.filter(pk=issue.pk).update(retired_at=timezone.now())
    message = newest(waiting).pk
    verdicts.store({message: judged(issue="")})

    route(waiting)

    assert _issue_told(world, message).value == ""


def _issue_told(world: World, message_id: int) -> Told:
    return next(one for one in told_of(message_id, access_of(world.ana)) if one.label == "issue")


def test_author_lists_and_earlier_conversations_are_known(world: World, waiting: Conversation) -> None:
    vip = AuthorList.objects.create(name="VIP")
    ListedAuthor.objects.create(author_list=vip, profile=waiting.profile)
    later = talk.conversation(world.channels.northwind_x, world.queues.care, profile=waiting.profile)
    talk.conversation(world.channels.lumo_x, world.queues.care, profile=waiting.profile)

    (facts,) = rules.facts_of([newest(later).pk], {}).values()

    assert (facts.lists, facts.previous) == ((vip.pk,), 1)


def test_stored_facts_decide_the_same_again(world: World, doing: Doing, waiting: Conversation) -> None:
    doing.rule(NEGATIVE, ask("words", ["bag"], "any"), queue=world.queues.pr.pk)
    seen = rules.facts_of([newest(waiting).pk], {newest(waiting).pk: judged(sentiment="negative")})
    route(waiting, sentiment="negative")
    stored = Decision.objects.select_related("message").get()

    again = unpack_facts(
        stored.facts, message_id=stored.message_id, conversation_id=waiting.pk, text=stored.message.text
    )

    assert again == seen[stored.message_id]


def test_two_workers_with_the_same_conversation_move_it_once(world: World, doing: Doing, waiting: Conversation) -> None:
    doing.rule(NEGATIVE, queue=world.queues.pr.pk)

    race(lambda: route(waiting, sentiment="negative"), lambda: route(waiting, sentiment="negative"))

    assert kinds(waiting).count("conversation.moved") == 1
    assert Decision.objects.count() == 1


def test_a_batch_costs_as_much_as_one(world: World, doing: Doing) -> None:
    doing.rule(NEGATIVE, queue=world.queues.pr.pk, priority=2, tags=["angry"])
    few = [talk.conversation(world.channels.northwind_x, world.queues.care) for _ in range(3)]
    many = [talk.conversation(world.channels.northwind_x, world.queues.care) for _ in range(12)]
    route(talk.conversation(world.channels.northwind_x, world.queues.care), sentiment="negative")

    assert _queries(few) == _queries(many)


def _queries(rows: list[Conversation]) -> int:
    ids = [newest(one).pk for one in rows]
    with CaptureQueriesContext(connection) as queries, transaction.atomic():
        deciding.decide_all(ids, {pk: judged(sentiment="negative") for pk in ids})
    return len(queries)
