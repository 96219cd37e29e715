"""Rules as they are written, and made ready to be asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from routing.rules.actions import Action
from routing.rules.conditions import All
from routing.rules.contracts import Names
from routing.rules.decide import FIRST, RuleSetView, rule_set_view, rule_view
from routing.rules.sentences import sentence


@dataclass(frozen=True, slots=True)
class Wording:
    """One rule as it is written.

    Args:
        number: stays the same through all versions.
        rest: it is "Everything else".
    """

    number: int
    name: str
    when: All
    do: tuple[Action, ...]
    is_on: bool = True
    rest: bool = False


def compiled(wordings: Iterable[Wording], names: Names, *, mode: str = FIRST, id: int | None = None) -> RuleSetView:
    """The rules in their order, with their sentences."""
    views = (
        rule_view(
            number=one.number,
            name=one.name,
            sentence=sentence(one.when, one.do, names),
            when=one.when,
            do=one.do,
            is_on=one.is_on,
            rest=one.rest,
        )
        for one in wordings
    )
    return rule_set_view(views, mode=mode, id=id)
