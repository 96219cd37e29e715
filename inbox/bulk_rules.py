"""What a bulk act will be refused, told before it begins. Pure: facts in, a sentence out.

The services decide again, row by row, under the lock; here nothing is decided, only foretold.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

NOT_YOURS = "Only people of this queue may do that."
RESOLVED = "It is resolved. Reopen it first."
GONE = "You do not see it any more."


@dataclass(frozen=True, slots=True)
class Facts:
    """One conversation, as far as it matters to an act, and what the actor may do with it.

    Args:
        owner: name of who has it, "" = nobody; `mine`: it is the actor.
        acts: member of the queue's team, or its owner; `manages`: may also assign.
        moves: supervises the queue, or administrator.
        answered: an answer of ours stands.
        to_staffs: whom it is to be given to works in its queue.
        there: it lies already in the queue where it is to go.
    """

    status: str
    owner: str = ""
    mine: bool = False
    acts: bool = True
    manages: bool = True
    moves: bool = False
    answered: bool = True
    to_staffs: bool = True
    there: bool = False


@dataclass(frozen=True, slots=True)
class Expected:
    """What a preview says: how many will be done, and how many refused for which reason."""

    total: int
    refused: tuple[tuple[str, int], ...]

    @property
    def done(self) -> int:
        return self.total - sum(n for _, n in self.refused)


def refusal(act: str, facts: Facts, *, disposition: str = "") -> str:
    """Why the act will be refused, as things are now; "" = it will be done, or is so already."""
    rules = {
        "claim": _claim,
        "release": _release,
        "assign": _assign,
        "tag": lambda one: "" if one.acts else NOT_YOURS,
        "priority": lambda one: "" if one.manages else NOT_YOURS,
        "snooze": _snooze,
        "resolve": lambda one: _resolve(one, disposition),
        "hand_off": _hand_off,
        "move": _move,
    }
    return rules[act](facts)


def expected(act: str, all_facts: Iterable[Facts], *, disposition: str = "", gone: int = 0) -> Expected:
    """The sum over a snapshot; `gone` of it are not to be seen any more."""
    reasons = [refusal(act, facts, disposition=disposition) for facts in all_facts]
    counted = Counter(reason for reason in reasons if reason) + Counter({GONE: gone})
    return Expected(len(reasons) + gone, tuple(counted.most_common()))


def _claim(one: Facts) -> str:
    if not one.acts:
        return NOT_YOURS
    if one.status == "resolved":
        return RESOLVED
    return _taken(one)


def _taken(one: Facts) -> str:
    return f"{one.owner} has it." if one.owner and not one.mine else ""


def _release(one: Facts) -> str:
    if one.mine:
        return ""
    return _taken(one) or ("Nobody has it." if one.acts else NOT_YOURS)


def _assign(one: Facts) -> str:
    if not one.manages:
        return NOT_YOURS
    if one.status == "resolved":
        return RESOLVED
    return "" if one.to_staffs else "They do not work in its queue."


def _snooze(one: Facts) -> str:
    return _claim(one)


def _resolve(one: Facts, disposition: str) -> str:
    if not one.acts:
        return NOT_YOURS
    if one.status == "resolved":
        return "It is resolved already."
    if _taken(one):
        return _taken(one)
    return "" if one.answered or disposition != "answered" else "There is no answer of ours yet."


def _hand_off(one: Facts) -> str:
    if not one.manages:
        return NOT_YOURS
    if one.status == "resolved":
        return RESOLVED
    return "It is in that queue already." if one.there else ""


def _move(one: Facts) -> str:
    if not one.moves:
        return "Only supervisors of both desks and administrators move it; hand it off instead."
    return RESOLVED if one.status == "resolved" else ""
