import pytest

from routing.rules import actions, conditions
from routing.rules.contracts import Names
from routing.rules.sentences import changes, minutes, short
from tests.unit.routing.rules.kit import NAMES, ask, rule


def test_a_rule_reads_as_a_sentence() -> None:
    one = rule(
        1,
        ask("network", ["x"]),
        ask("kind", ["complaint"]),
        ask("followers", 50_000, "at_least"),
        do={"queue": 2, "priority": 2, "notify": [7]},
    )

    assert one.sentence == (
        "When a message is on X, is a complaint and is from someone with at least 50,000 followers, "
        "put it into PR, set priority high and tell Ada Nwosu."
    )
    assert short(one.do, NAMES) == "PR, high, tell Ada Nwosu"


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"not": ask("words", ["giveaway", "collab"], "any")}, "does not mention “giveaway” or “collab”"),
        ({"any": [ask("sentiment", ["negative"]), ask("verified", True)]}, "either is negative or is from a verified"),
        ({"not": {"any": [ask("verified", True), ask("new", True)]}}, "is not from a verified account and goes on"),
        (ask("hours", {"days": [0, 1, 2, 3, 4], "from": "09:00", "to": "17:30"}, "within"), "Mon to Fri from 09:00"),
        (ask("waiting", 90, "at_least"), "has waited for at least 1 h 30"),
        (ask("sentiment", ["negative"], sure=0.8), "is negative (at least 80% sure)"),
        (ask("queue", [55]), "stands in something that is gone"),
        (ask("words", "nw\\d+", "pattern"), "mentions something like “nw\\d+”"),
        (ask("personal_data", True), "shows personal details in public"),
    ],
)
def test_conditions_read_well_and_so_does_their_opposite(asked: dict[str, object], words: str) -> None:
    assert words in rule(1, asked).sentence


def test_a_rule_without_conditions_is_an_order() -> None:
    assert rule(1, do={"queue": 1}).sentence == "Put it into Care."


def test_what_changed_is_said_in_words() -> None:
    old = rule(1, ask("followers", 25_000, "at_least"), do={"queue": 2})
    new = rule(1, ask("followers", 50_000, "at_least"), do={"queue": 2})
    more = rule(1, ask("followers", 25_000, "at_least"), ask("verified", True), do={"queue": 2})

    assert changes((old.when, old.do), (new.when, new.do), NAMES) == (
        "changed “is from someone with at least 25,000 followers” to “is from someone with at least 50,000 followers”"
    )
    assert changes((old.when, old.do), (more.when, more.do), NAMES) == "added “is from a verified account”"
    assert changes((old.when, old.do), (old.when, old.do), NAMES) == ""


def test_every_field_and_every_action_has_words() -> None:
    for name, known in conditions.FIELDS.items():
        assert "{value}" in known.says or known.kind == "flag", name
    for kind in actions.ACTIONS.values():
        assert not kind.names or hasattr(Names(), kind.names)


@pytest.mark.parametrize(("count", "words"), [(20, "20 min"), (90, "1 h 30"), (120, "2 h"), (1440, "1 day")])
def test_durations_are_said_as_people_say_them(count: int, words: str) -> None:
    assert minutes(count) == words
