"""What of a conversation's story somebody must see before an answer leaves."""

import pytest

from inbox.guarding import Fact, worth_showing

ME, OTHER = 1, 2


def fact(kind: str, by: int | None = None, *, pk: int = 1, **data: object) -> Fact:
    return Fact(pk, kind, by, data)


def shown(*facts: Fact, owner: int | None = ME) -> list[tuple[str, int]]:
    return [(one.what, one.pk) for one in worth_showing(facts, me=ME, owner=owner)]


@pytest.mark.parametrize(
    ("happened", "expected"),
    [
        (fact("conversation.received", messages=[7, 8]), [("message", 7), ("message", 8)]),
        (fact("conversation.reopened", OTHER, why="by hand"), []),
        (fact("message.edited", message_id=7), [("edited", 7)]),
        (fact("message.deleted", message_id=7), [("deleted", 7)]),
        (fact("message.answered_elsewhere", message_id=9), [("elsewhere", 9)]),
        (fact("delivery.held", OTHER, delivery_id=3), [("answer", 3)]),
        (fact("delivery.held", ME, delivery_id=3), []),
        (fact("handoff.escalated", OTHER, to="PR"), [("story", 0)]),
        (fact("conversation.resolved", ME), []),
        (fact("conversation.tagged", OTHER, added=["vip"]), []),
        (fact("conversation.noted", OTHER, note_id=1), []),
        (fact("conversation.prioritised", OTHER), []),
    ],
)
def test_what_matters_is_shown_and_nothing_else(happened: Fact, expected: list[tuple[str, int]]) -> None:
    assert shown(happened) == expected


def test_a_message_is_shown_once_as_what_became_of_it() -> None:
    came, edited, gone = (
        fact("conversation.received", messages=[7]),
        fact("message.edited", message_id=7),
        fact("message.deleted", message_id=7),
    )
    assert shown(came, edited) == [("message", 7)]
    assert shown(came, edited, gone) == [("deleted", 7)]
    assert shown(edited, edited) == [("edited", 7)]


def test_an_owner_in_between_is_nobodys_business() -> None:
    taken = fact("conversation.taken_over", OTHER)
    assert shown(taken, owner=OTHER) == [("owner", 0)]
    assert shown(taken, owner=ME) == []
    assert shown(taken, owner=None) == []
