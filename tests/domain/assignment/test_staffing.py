"""Setting how queues are staffed: who may, what is wrong is named, and what nobody can take is listed."""

from collections.abc import Callable
from functools import partial

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from accounts.models import AccountEvent, Membership
from channels.models import BrandAccess
from core.errors import Forbidden, Invalid, NotFound
from inbox.models.conversation import Conversation
from inbox.policies import access_of
from inbox.services import ownership
from routing.models.staffing import AgentSkill, ConversationSkill, QueueStaffing, Skill
from routing.selectors import rules
from routing.selectors import staffing as selectors
from routing.services import assignment, hours, naming, staffing
from routing.services.staffing import Settings
from tests.domain.assignment.staff import here, moved, pushing, waits
from tests.domain.routing.rules.kit import NEGATIVE, Doing
from tests.domain.targets.stage import office
from tests.personas import World
from tests.racing import race, split

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def german(world: World) -> Skill:
    return staffing.create_skill("German", actor=world.ada, language="de")


def test_supervisors_and_administrators_staff_a_queue(world: World, german: Skill) -> None:
    wanted = Settings("least_loaded", 7, 3, {german.pk: 2}, world.queues.pr.pk, 10_000, None, 20)
    for actor in (world.omar, world.ada):
        row = staffing.set_queue(world.queues.care.pk, wanted, actor=actor)
    assert (row.mode, row.same_agent_days, row.lane_queue, row.lane_minutes) == ("least_loaded", 7, world.queues.pr, 20)
    assert [(one.skill, one.level) for one in row.skills.all()] == [(german, 2)]
    assert AccountEvent.objects.filter(kind="queue.staffed").count() == 2
    with pytest.raises(Forbidden):
        staffing.set_queue(world.queues.care.pk, wanted, actor=world.ana)
    with pytest.raises(NotFound):
        staffing.set_queue(world.queues.care.pk, wanted, actor=world.ben)


def test_the_audit_list_is_not_kept_in_the_language_of_who_acted(world: World) -> None:
    with translation.override("de"):
        staffing.set_queue(world.queues.care.pk, Settings("round_robin"), actor=world.ada)
    assert AccountEvent.objects.get(kind="queue.staffed").data["mode"] == "Push: in turn"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"mode": "guess"}, "mode"),
        ({"same_agent_days": 0}, "same_agent_days"),
        ({"language_level": 6}, "language_level"),
        ({"skills": {1: 9}}, "skills"),
        ({"skills": {10**9: 1}}, "skills"),
        ({"lane_queue_id": 10**9}, "lane_queue"),
        ({"lane_minutes": 0}, "lane_minutes"),
    ],
)
def test_what_is_wrong_is_named(world: World, given: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        staffing.set_queue(world.queues.care.pk, Settings(**given), actor=world.ada)  # type: ignore[arg-type]
    assert refusal.value.fields.keys() == {field}


def test_a_lane_needs_a_threshold_and_leads_elsewhere(world: World) -> None:
    care, pr = world.queues.care.pk, world.queues.pr.pk
    for lane, field in ((care, "lane_queue"), (pr, "lane_followers")):
        with pytest.raises(Invalid) as refusal:
            staffing.set_queue(care, Settings(lane_queue_id=lane), actor=world.ada)
        assert refusal.value.fields.keys() == {field}


def test_a_person_has_capacity_skills_and_hours(world: World, german: Skill) -> None:
    staffing.set_person(
        world.ana.pk, actor=world.omar, capacity=7, skills={german.pk: 4}, periods=[(0, 540, 1020), (4, 1320, 1800)]
    )
    (found,) = selectors.people([world.ana])
    assert (found.agent.capacity, dict(found.skills)) == (7, {"German": 4})
    assert found.periods == ((0, 540, 1020), (4, 1320, 1800))
    staffing.set_person(world.ana.pk, actor=world.ada, skills={})
    assert not AgentSkill.objects.exists()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"capacity": 201}, "capacity"),
        ({"skills": {10**9: 1}}, "skills"),
        ({"periods": [(7, 0, 60)]}, "periods"),
        ({"periods": [(0, 60, 60)]}, "periods"),
        ({"periods": [(0, 60, 90), (0, 60, 120)]}, "periods"),
    ],
)
def test_what_is_wrong_with_a_person_is_named(world: World, given: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        staffing.set_person(world.ana.pk, actor=world.omar, **given)  # type: ignore[arg-type]
    assert refusal.value.fields.keys() == {field}


def test_people_whom_one_does_not_run_are_absent(world: World) -> None:
    for actor, target in ((world.omar, world.ben), (world.ana, world.ana), (world.zoe, world.ana)):
        with pytest.raises(NotFound):
            staffing.set_person(target.pk, actor=actor, capacity=1)


def test_skills_are_the_administrators(world: World, german: Skill) -> None:
    with pytest.raises(Forbidden):
        staffing.create_skill("Refunds", actor=world.omar)
    for name, language, field in (("german", "", "name"), ("", "", "name"), ("Deutsch", "de", "language")):
        with pytest.raises(Invalid) as refusal:
            staffing.create_skill(name, actor=world.ada, language=language)
        assert refusal.value.fields.keys() == {field}
    staffing.set_queue(world.queues.care.pk, Settings(skills={german.pk: 1}), actor=world.ada)
    with pytest.raises(Invalid, match="asked for in Care"):
        staffing.remove_skill(german.pk, actor=world.ada)
    staffing.set_queue(world.queues.care.pk, Settings(), actor=world.ada)
    staffing.remove_skill(german.pk, actor=world.ada)
    assert not Skill.objects.exists()


def warned(world: World) -> list[tuple[str, str]]:
    return [(one.code, one.about) for one in selectors.settings_of(world.queues.care)[2]]


def test_warnings_stand_where_it_is_set(world: World, german: Skill) -> None:
    assert warned(world) == []
    staffing.set_queue(world.queues.care.pk, Settings(skills={german.pk: 3}), actor=world.ada)
    assert warned(world) == [("nobody_has", "German")]
    AgentSkill.objects.create(user=world.ana, skill=german, level=2)
    assert warned(world) == [("nobody_has", "German")]
    AgentSkill.objects.update(level=3)
    assert warned(world) == []
    BrandAccess.objects.filter(brand=world.brands.lumo).delete()
    assert warned(world) == [("nobody_sees", "Lumo Mobile")]
    Membership.objects.filter(team=world.teams.care).delete()
    assert warned(world) == [("no_members", "")]


def test_hours_that_never_open_are_warned_of_at_the_queue(world: World) -> None:
    closed = office(world, periods=())
    hours.set_queue_hours(world.queues.care.pk, hours_id=closed.pk, actor=world.ada)
    assert warned(world) == [("never_open", "")]


def test_a_rule_for_people_who_are_not_there_is_warned_of(world: World, german: Skill) -> None:
    number = Doing(world.ada).rule(NEGATIVE, name="Angry to PR", queue=world.queues.pr.pk, skills=["german"])

    def said() -> list[str]:
        return [one.code for one in rules.findings(rules.overview(), naming.names()).get(number, [])]

    assert said() == ["nobody_has"]
    AgentSkill.objects.create(user=world.ben, skill=german, level=3)
    assert said() == []
    Membership.objects.filter(team=world.teams.pr).delete()
    assert said() == ["no_members", "nobody_has"]


def test_no_single_person_with_all_of_it_is_warned_of(world: World, german: Skill) -> None:
    refunds = staffing.create_skill("Refunds", actor=world.ada)
    AgentSkill.objects.create(user=world.ana, skill=german, level=5)
    AgentSkill.objects.create(user=world.omar, skill=refunds, level=5)
    staffing.set_queue(world.queues.care.pk, Settings(skills={german.pk: 1, refunds.pk: 1}), actor=world.ada)
    assert warned(world) == [("nobody_can", "")]


def test_what_nobody_can_take_is_listed_with_the_reason(world: World, german: Skill) -> None:
    pushing(world.queues.care)
    here(world.ana, capacity=1)
    plain, hard = waits(world, 5), waits(world, 9)
    ConversationSkill.objects.create(conversation=hard, skill=german, level=2)
    access = access_of(world.omar)
    (only,) = selectors.stuck(access)
    assert (only.why, only.lasting, only.examples, dict(only.skills)) == (
        "lacks_skill", True, (hard.pk,), {"German": 2},
    )  # fmt: skip
    assignment.drain()
    more = waits(world)
    assert [(one.why, one.count, one.examples) for one in selectors.stuck(access)] == [
        ("lacks_skill", 1, (hard.pk,)),
        ("full", 1, (more.pk,)),
    ]
    assert plain.pk not in {pk for one in selectors.stuck(access) for pk in one.examples}
    assert selectors.stuck(access_of(world.ana)) == selectors.stuck(access_of(world.ben)) == []


def test_a_queue_that_is_pulled_lists_only_what_lasts(world: World) -> None:
    waits(world)
    access = access_of(world.ada)
    assert selectors.stuck(access) == []
    Membership.objects.filter(team=world.teams.care).delete()
    assert [one.why for one in selectors.stuck(access)] == ["not_member"]


@pytest.mark.parametrize("mode", ["pull", "least_loaded"])
def test_a_half_that_waits_for_a_colleague_is_listed_with_the_reason(world: World, mode: str) -> None:
    pushing(world.queues.care, mode)
    here(world.ana)
    here(world.omar)
    public = waits(world, 9)
    ownership.claim(public.pk, actor=world.ana)
    private = moved(world, public, 5)
    access = access_of(world.omar)
    assert selectors.stuck(access) == []
    for hindered, why in (({"status": "away"}, "absent"), ({"capacity": 1}, "full")):
        here(world.ana, **hindered)
        assert assignment.drain() == 0
        (only,) = selectors.stuck(access)
        assert (only.why, only.waits_for, only.examples, only.lasting) == (why, "Ana Sandoval", (private.pk,), False)
    here(world.ana, status="offline")
    Conversation.objects.filter(pk=public.pk).update(status="pending", waiting_since=None, lease_until=None)
    assert selectors.stuck(access) == [], "what rests with somebody absent is given back, and both go to one"
    assert assignment.drain() == (0 if mode == "pull" else 2)


def test_a_half_for_who_may_never_take_it_waits_for_nobody(world: World, german: Skill) -> None:
    pushing(world.queues.care)
    here(world.ana, status="away")
    public = waits(world, 9)
    ownership.claim(public.pk, actor=world.ana)
    private = moved(world, public, 5)
    ConversationSkill.objects.create(conversation=private, skill=german, level=2)
    (only,) = selectors.stuck(access_of(world.omar))
    assert (only.why, only.waits_for) == ("lacks_skill", "")


def test_the_list_costs_the_same_however_much_is_stuck(world: World, german: Skill) -> None:
    access = access_of(world.ada)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            selectors.stuck(access)
        return len(captured)

    pushing(world.queues.care)
    waits(world)
    few = queries()
    for level in range(1, 6):
        ConversationSkill.objects.create(conversation=waits(world), skill=german, level=level)
    assert queries() == few


def test_conversations_ask_for_their_language_where_the_queue_wants_it(world: World, german: Skill) -> None:
    row, other, french = waits(world), waits(world), waits(world)

    def say(languages: dict[int, str]) -> None:
        with transaction.atomic():
            staffing.need_languages(languages)

    say({row.pk: "de"})
    assert not ConversationSkill.objects.exists()
    QueueStaffing.objects.create(queue=world.queues.care, language_level=3)
    say({row.pk: "de", french.pk: "fr"})
    say({row.pk: "de"})
    (need,) = ConversationSkill.objects.all()
    assert (need.conversation, need.skill, need.level, need.why) == (row, german, 3, "writes de")
    with transaction.atomic():
        staffing.need({row.pk: [(german.pk, 5, "a rule")], other.pk: [(german.pk, 1, "a rule")]})
        staffing.need({row.pk: [(german.pk, 2, "lower")]})
    assert {(one.conversation_id, one.level) for one in ConversationSkill.objects.all()} == {(row.pk, 5), (other.pk, 1)}


@pytest.mark.parametrize("what", ["queue", "person", "skill"])
def test_two_who_set_the_same_at_once_leave_one_of_both(world: World, what: str) -> None:
    acts: dict[str, list[Callable[[], object]]] = {
        "queue": [
            partial(staffing.set_queue, world.queues.care.pk, Settings(mode), actor=world.ada)
            for mode in ("round_robin", "least_loaded")
        ],
        "person": [partial(staffing.set_person, world.ana.pk, actor=world.ada, periods=[(0, n, 600)]) for n in (1, 2)],
        "skill": [partial(staffing.create_skill, "Refunds", actor=world.ada) for _ in range(2)],
    }
    won, lost = split(race(*acts[what]))
    assert len(won) == (1 if what == "skill" else 2)
    assert all(isinstance(error, Invalid) and error.fields.keys() == {"name"} for error in lost)
    assert Skill.objects.count() <= 1
