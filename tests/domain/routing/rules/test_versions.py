import pytest

from accounts.models import AccountEvent
from core.errors import Conflict, Forbidden, Invalid, NotFound
from inbox.models.queue import Queue
from routing.models.rule import Rule, RuleDraft, RuleSet
from routing.services import drafts, rules, versions
from tests.domain.routing.rules.kit import NEGATIVE, Doing, ask, version
from tests.personas import World
from tests.racing import race, split

VERIFIED = ask("verified", True)


@pytest.fixture
def doing(world: World) -> Doing:
    return Doing(world.ada)


def order() -> list[str]:
    return [rule.name for rule in rules.in_force().rules]


def test_an_installation_begins_with_the_rules_as_shipped(world: World) -> None:
    shipped = rules.in_force()

    assert [rule.sentence for rule in shipped.rules] == [
        "When a message is from someone with at least 50,000 followers, put it into PR.",
        "Put it into Care.",
    ]
    assert RuleSet.objects.get().what == "As shipped"


def test_a_draft_does_nothing_until_it_is_turned_on(world: World, doing: Doing) -> None:
    draft = drafts.start(actor=world.ada, name="Angry")
    drafts.save(draft.number, actor=world.ada, when=NEGATIVE, do=[{"do": "queue", "value": world.queues.pr.pk}])
    assert order() == ["Large accounts to PR", "Everything else"]

    versions.turn_on(draft.number, actor=world.ada)

    assert order() == ["Large accounts to PR", "Angry", "Everything else"]
    assert not RuleDraft.objects.exists()
    event = AccountEvent.objects.get(kind="rules.changed")
    assert event.data == {"what": "turned “Angry” on", "version": 2}


def test_what_changed_stands_in_words_and_every_version_stays(world: World, doing: Doing) -> None:
    number = doing.rule(ask("followers", 25_000, "at_least"), VERIFIED, name="Large", queue=world.queues.pr.pk)
    drafts.save(number, actor=world.ada, when={"all": [ask("followers", 45_000, "at_least"), VERIFIED]})

    made = versions.turn_on(number, actor=world.ada)

    assert made.what == (
        "“Large”: changed “is from someone with at least 25,000 followers” "
        "to “is from someone with at least 45,000 followers”"
    )
    assert RuleSet.objects.count() == 3
    assert Rule.objects.filter(number=number).count() == 2


def test_rules_are_moved_switched_off_removed_and_brought_back(world: World, doing: Doing) -> None:
    one = doing.rule(NEGATIVE, name="One", queue=world.queues.pr.pk)
    two = doing.rule(VERIFIED, name="Two", queue=world.queues.marketing.pk)
    before = version()

    versions.move(two, to=1, actor=world.ada)
    versions.switch(one, is_on=False, actor=world.ada)
    versions.remove(two, actor=world.ada)
    assert order() == ["Large accounts to PR", "One", "Everything else"]
    assert [rule.is_on for rule in rules.in_force().rules] == [True, False, True]

    versions.restore(before, actor=world.ada)

    assert order() == ["Large accounts to PR", "One", "Two", "Everything else"]
    assert [row.what for row in RuleSet.objects.order_by("number")][-4:] == [
        "moved “Two” above “Large accounts to PR”",
        "turned “One” off",
        "removed “Two”",
        f"went back to version {before}",
    ]


def test_the_same_again_makes_no_version(world: World, doing: Doing) -> None:
    number = doing.rule(NEGATIVE, queue=world.queues.pr.pk)
    before = version()

    versions.switch(number, is_on=True, actor=world.ada)
    versions.move(number, to=2, actor=world.ada)
    versions.set_mode("first", actor=world.ada)

    assert version() == before


def test_everything_else_stays_last_and_on(world: World) -> None:
    rest = rules.in_force().rest
    for act in (
        lambda: versions.switch(rest.number, is_on=False, actor=world.ada),
        lambda: versions.remove(rest.number, actor=world.ada),
        lambda: versions.move(rest.number, to=1, actor=world.ada),
    ):
        with pytest.raises(Invalid, match="always stands last"):
            act()


def test_everything_else_may_go_elsewhere_but_not_nowhere(world: World) -> None:
    number = rules.in_force().rest.number
    drafts.save(number, actor=world.ada, do=[{"do": "queue", "value": world.queues.marketing.pk}])
    versions.turn_on(number, actor=world.ada)
    assert rules.in_force().rest.sentence == "Put it into Marketing."

    drafts.save(number, actor=world.ada, do=[{"do": "tags", "value": ["x"]}])
    with pytest.raises(Invalid, match="nowhere to go"):
        versions.turn_on(number, actor=world.ada)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ([], "rule_everything"),
        ([VERIFIED, ask("verified", False)], "rule_never"),
        ([ask("followers", 60_000, "at_least")], "rule_shadowed"),
        ([ask("queue", [987_654])], "rule_gone"),
    ],
)
def test_a_bad_rule_is_not_turned_on(world: World, doing: Doing, asked: list[dict[str, object]], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        doing.rule(*asked, name="Bad", queue=world.queues.pr.pk)

    assert refused.value.code == code
    assert "“Bad”" in refused.value.message
    assert version() == 1


def test_going_back_to_a_version_that_names_what_is_gone_is_refused(world: World, doing: Doing) -> None:
    lounge = Queue.objects.create(desk=world.desks.care, name="Lounge", slug="lounge", team=world.teams.care)
    number = doing.rule(NEGATIVE, name="Lounge", queue=lounge.pk)
    good = version()
    versions.remove(number, actor=world.ada)
    lounge.delete()

    with pytest.raises(Invalid, match="“Lounge” names a queue that is gone"):
        versions.restore(good, actor=world.ada)


def test_only_administrators_change_rules(world: World, doing: Doing) -> None:
    number = doing.rule(NEGATIVE, queue=world.queues.pr.pk)
    for act in (
        lambda: drafts.start(actor=world.omar),
        lambda: drafts.save(number, actor=world.omar, name="Mine"),
        lambda: drafts.discard(number, actor=world.omar),
        lambda: versions.turn_on(number, actor=world.omar),
        lambda: versions.switch(number, is_on=False, actor=world.omar),
        lambda: versions.restore(1, actor=world.omar),
    ):
        with pytest.raises(Forbidden):
            act()


def test_unknown_rules_and_versions_are_not_there(world: World) -> None:
    rules.in_force()
    for act in (
        lambda: drafts.save(404, actor=world.ada, name="x"),
        lambda: versions.turn_on(404, actor=world.ada),
        lambda: versions.switch(404, is_on=True, actor=world.ada),
        lambda: versions.restore(404, actor=world.ada),
    ):
        with pytest.raises(NotFound):
            act()


def test_of_two_changes_from_the_same_version_one_is_told_of_the_other(world: World, doing: Doing) -> None:
    number = doing.rule(NEGATIVE, name="Angry", queue=world.queues.pr.pk)
    seen = version()

    won, lost = split(
        race(
            lambda: versions.switch(number, is_on=False, actor=world.ada, seen=seen),
            lambda: versions.remove(number, actor=world.ada, seen=seen),
        )
    )

    assert len(won) == len(lost) == 1
    assert isinstance(lost[0], Conflict)
    assert lost[0].current["version"] == seen + 1
    assert version() == seen + 1


def test_two_new_drafts_at_once_get_numbers_of_their_own(world: World) -> None:
    made, lost = split(race(*[lambda: drafts.start(actor=world.ada).number] * 3))

    assert lost == []
    assert len(set(made)) == 3


def test_a_draft_that_somebody_else_has_changed_is_not_overwritten(world: World) -> None:
    draft = drafts.start(actor=world.ada)
    drafts.save(draft.number, actor=world.ada, name="Mine", seen=1)

    with pytest.raises(Conflict, match="has changed this draft"):
        drafts.save(draft.number, actor=world.ada, name="Yours", seen=1)


def test_a_rule_can_begin_as_a_copy(world: World, doing: Doing) -> None:
    number = doing.rule(NEGATIVE, queue=world.queues.pr.pk)

    copy = drafts.start(actor=world.ada, name="Copy", like=number)

    assert copy.number != number
    assert copy.when == {"all": [NEGATIVE]}
    drafts.discard(copy.number, actor=world.ada)
    assert not RuleDraft.objects.exists()
