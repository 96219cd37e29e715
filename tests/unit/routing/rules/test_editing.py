import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import Invalid, NotFound
from routing.rules import conditions, editing
from routing.rules.compiling import Seen, compile_node
from routing.rules.conditions import All, Asked, Either, Node, Not
from routing.rules.contracts import Facts
from tests.unit.routing.rules.kit import FACTS, TREES

A, B, C, D = (Asked("kind", "is", (kind,)) for kind in ("complaint", "question", "praise", "lead"))


def added(when: All, path: editing.Path, fresh: Node, group: type[All] | type[Either]) -> All:
    return editing.changed(when, path, lambda node: editing.joined(node, fresh, group))


def test_groups_are_built_inside_groups() -> None:
    when = added(All((A,)), (0,), B, Either)
    when = added(when, (0, 1), C, All)
    when = added(when, (0, 1, 0), D, Either)

    assert when == All((Either((A, All((Either((B, D)), C)))),))
    assert conditions.parse(conditions.dump(when)) == when


def test_too_deep_a_group_is_refused_by_the_engine() -> None:
    when = added(All((A,)), (0,), B, Either)
    when = added(when, (0, 1), C, All)
    when = added(when, (0, 1, 0), D, Either)
    when = added(when, (0, 1, 0, 0), A, All)

    with pytest.raises(Invalid, match="at most 4 deep"):
        conditions.parse(conditions.dump(when))


def test_a_group_with_one_part_left_gives_way_to_it() -> None:
    when = All((D, Either((A, All((Either((B, D)), C))))))

    assert editing.changed(when, (1, 1, 1), lambda _node: None) == All((D, Either((A, B, D))))
    assert editing.changed(when, (1, 0), lambda _node: None) == All((D, Either((B, D)), C))
    assert editing.changed(when, (1,), lambda _node: None) == All((D,))


def test_not_is_seen_through_and_taken_away() -> None:
    when = All((Not(Either((A, B))),))

    assert editing.changed(when, (0, 1), editing.denied) == All((Not(Either((A, Not(B)))),))
    assert editing.changed(when, (0,), editing.denied) == All((Either((A, B)),))
    assert added(when, (0,), C, Either) == All((Not(Either((A, B, C))),))
    assert editing.changed(when, (0, 0), lambda node: editing.reworded(node, lambda _test: D)) == All(
        (Not(Either((D, B))),)
    )


@pytest.mark.parametrize("path", [(), (2,), (0, 0), (1, 2), (1, 0, 0)])
def test_a_place_that_is_not_there_is_not_found(path: editing.Path) -> None:
    with pytest.raises(NotFound):
        editing.changed(All((A, Either((B, C)))), path, editing.denied)


def test_a_group_cannot_be_reworded() -> None:
    with pytest.raises(NotFound):
        editing.reworded(Either((A, B)), lambda test: test)


@settings(max_examples=150, deadline=None)
@given(TREES, st.lists(FACTS, max_size=6), st.randoms(use_true_random=False))
def test_what_is_tidied_up_on_the_way_says_what_it_said_before(
    tree: dict[str, Any], seen: list[Facts], chance: random.Random
) -> None:
    """Groups of one part and groups within their own kind go, and the same messages fit."""
    when = conditions.parse(tree)
    path = _some_path(when, chance)
    if path:
        tidy = editing.changed(when, path, lambda node: Not(editing.denied(node)))
        assert [compile_node(when)(Seen(one)) for one in seen] == [compile_node(tidy)(Seen(one)) for one in seen]


def _some_path(when: Node, chance: random.Random) -> editing.Path:
    while isinstance(when, Not):
        when = when.part
    if isinstance(when, Asked) or not when.parts:
        return ()
    place = chance.randrange(len(when.parts))
    return (place, *(_some_path(when.parts[place], chance) if chance.random() < 0.5 else ()))
