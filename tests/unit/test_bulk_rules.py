"""What a preview foretells."""

import pytest

from inbox.bulk_rules import GONE, NOT_YOURS, RESOLVED, Facts, expected, refusal

OPEN = Facts("open")
OTHERS = Facts("open", owner="Omar Haddad")
MINE = Facts("open", owner="Ana Sandoval", mine=True)
DONE = Facts("resolved")
FOREIGN = Facts("open", acts=False, manages=False)


@pytest.mark.parametrize(
    ("act", "facts", "says"),
    [
        ("claim", OPEN, ""),
        ("claim", MINE, ""),
        ("claim", OTHERS, "Omar Haddad has it."),
        ("claim", DONE, RESOLVED),
        ("claim", FOREIGN, NOT_YOURS),
        ("release", MINE, ""),
        ("release", OTHERS, "Omar Haddad has it."),
        ("release", OPEN, "Nobody has it."),
        ("assign", OTHERS, ""),
        ("assign", Facts("open", to_staffs=False), "They do not work in its queue."),
        ("tag", OTHERS, ""),
        ("tag", FOREIGN, NOT_YOURS),
        ("priority", DONE, ""),
        ("snooze", OTHERS, "Omar Haddad has it."),
        ("resolve", OPEN, ""),
        ("resolve", DONE, "It is resolved already."),
        ("hand_off", Facts("open", there=True), "It is in that queue already."),
        ("move", OPEN, "Only supervisors of both desks and administrators move it; hand it off instead."),
        ("move", Facts("open", moves=True), ""),
    ],
)
def test_each_act(act: str, facts: Facts, says: str) -> None:
    assert refusal(act, facts) == says


def test_answered_needs_an_answer() -> None:
    without = Facts("open", answered=False)
    assert refusal("resolve", without, disposition="answered") == "There is no answer of ours yet."
    assert refusal("resolve", without, disposition="expired") == ""


def test_the_sum_adds_up() -> None:
    found = expected("claim", [OPEN, OTHERS, OTHERS, DONE], gone=2)
    assert (found.total, found.done) == (6, 1)
    assert dict(found.refused) == {"Omar Haddad has it.": 2, RESOLVED: 1, GONE: 2}
