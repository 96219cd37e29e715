"""Who gets it: who may and can, and whose turn it is."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.assignment import Agent, Hindrance, Need, Standing, hindrance, in_turn, nearest, pick

CARE, LUMO = 1, 7
GERMAN, REFUNDS = 11, 12


def agent(**fields: object) -> Agent:
    values: dict[str, object] = {
        "user_id": 1,
        "name": "Ana",
        "capacity": 3,
        "load": 0,
        "queue_ids": frozenset({CARE}),
        "brand_ids": frozenset({LUMO}),
        "skills": {GERMAN: 3},
    }
    return Agent(**(values | fields))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({}, None),
        ({"queue_ids": frozenset()}, Hindrance.NOT_MEMBER),
        ({"brand_ids": frozenset()}, Hindrance.NO_BRAND),
        ({"capacity": 0}, Hindrance.NO_CAPACITY),
        ({"skills": {}}, Hindrance.LACKS_SKILL),
        ({"skills": {GERMAN: 2}}, Hindrance.LACKS_SKILL),
        ({"on_duty": False}, Hindrance.OFF_HOURS),
        ({"status": "away"}, Hindrance.ABSENT),
        ({"status": "busy"}, Hindrance.ABSENT),
        ({"load": 3}, Hindrance.FULL),
        ({"load": 4, "status": "offline"}, Hindrance.ABSENT),
    ],
)
def test_each_hindrance_is_named(fields: dict[str, object], why: Hindrance | None) -> None:
    assert hindrance(agent(**fields), Need(CARE, LUMO, {GERMAN: 3})) == why


def test_the_nearest_hindrance_is_told() -> None:
    assert nearest([Hindrance.NOT_MEMBER, Hindrance.FULL, Hindrance.LACKS_SKILL]) == Hindrance.FULL
    assert nearest([]) == Hindrance.NOT_MEMBER


def deviation(one: Standing, group: list[Standing]) -> Fraction:
    """How far from their share, with exact fractions."""
    return one.load - Fraction(one.capacity * sum(o.load for o in group), sum(o.capacity for o in group))


def after(group: list[Standing], user: int) -> list[Standing]:
    return [
        Standing(one.user_id, one.capacity, one.load + 1, one.load + 1 < one.capacity) if one.user_id == user else one
        for one in group
    ]


CAPACITIES = st.lists(st.integers(1, 30), min_size=1, max_size=12)


@settings(max_examples=300, deadline=None)
@given(CAPACITIES, st.data())
def test_while_work_arrives_everybody_stays_within_one_of_their_share(
    capacities: list[int], data: st.DataObject
) -> None:
    """Also where somebody who knows the contact is preferred, in any order."""
    group = [Standing(user, capacity, 0) for user, capacity in enumerate(capacities)]
    known = data.draw(st.lists(st.sampled_from([None, *range(len(group))]), max_size=40))
    for number in range(sum(capacities)):
        chosen = pick(group, before=known[number % len(known)] if known else None)
        assert chosen is not None
        group = after(group, chosen)
        assert all(abs(deviation(one, group)) <= 1 for one in group), (number, group)
        assert all(one.load <= one.capacity for one in group)
    assert pick(group) is None


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 30), st.integers(0, 30)), min_size=1, max_size=12), st.integers(0, 11))
def test_whatever_came_before_nobody_is_given_more_than_one_above_their_share(
    people: list[tuple[int, int]], before: int
) -> None:
    """After any departures: the receiver ends at most one above, unless everybody behind is full."""
    group = [Standing(user, cap, min(load, cap), load < cap) for user, (cap, load) in enumerate(people)]
    chosen = pick(group, before=before)
    if chosen is None:
        assert not any(one.has_room for one in group)
        return
    given = after(group, chosen)
    ahead = deviation(given[chosen], given) > 1
    assert not ahead or all(
        deviation(after(group, one.user_id)[one.user_id], given) > 1 for one in group if one.has_room
    )


def test_who_knows_the_contact_is_preferred_where_it_stays_fair() -> None:
    group = [Standing(1, 10, 4), Standing(2, 10, 4), Standing(3, 10, 4)]
    assert [pick(group, before=user) for user in (1, 2, 3, None, 99)] == [1, 2, 3, 1, 1]


def test_who_knows_the_contact_waits_when_others_are_behind() -> None:
    assert pick([Standing(1, 10, 5), Standing(2, 10, 4)], before=1) == 1
    assert pick([Standing(1, 10, 6), Standing(2, 10, 4)], before=1) == 2
    assert pick([Standing(1, 10, 10, has_room=False), Standing(2, 10, 9)], before=1) == 2


def test_the_full_count_for_the_shares() -> None:
    """Two of three are full; the third takes what comes."""
    group = [Standing(1, 2, 2, has_room=False), Standing(2, 2, 2, has_room=False), Standing(3, 40, 3)]
    assert pick(group) == 3


def test_turns_go_round() -> None:
    turns = {1: 0, 2: 0, 3: 0}
    given = []
    for number in range(1, 7):
        chosen = in_turn(turns)
        assert chosen is not None
        turns[chosen] = number
        given.append(chosen)
    assert given == [1, 2, 3, 1, 2, 3]
    assert in_turn({}) is None


def test_who_was_away_has_one_turn_and_is_not_flooded() -> None:
    turns = {1: 90, 2: 91, 3: 12}
    assert in_turn(turns) == 3
    assert in_turn({**turns, 3: 92}) == 1


def test_who_knows_the_contact_goes_before_the_others_but_not_twice_in_a_row() -> None:
    assert in_turn({1: 4, 2: 5, 3: 6}, before=2) == 2
    assert in_turn({1: 4, 2: 7, 3: 6}, before=2) == 1
    assert in_turn({1: 4, 2: 5}, before=9) == 1
