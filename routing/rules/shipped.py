"""The rules with which an installation begins: what has reach goes to PR, everything else to Care."""

from __future__ import annotations

from routing.rules.actions import Action
from routing.rules.conditions import All, Asked
from routing.rules.wording import Wording

REACH, REST = 1, 2


def shipped(*, care_id: int, pr_id: int | None, reach: int) -> list[Wording]:
    """Care takes everything; where there is a PR it goes first from `reach` followers on.

    Args:
        reach: followers; 0 and less = PR is never first, by rule at least.
    """
    rest = Wording(REST, "Everything else", All(()), (Action("queue", (care_id,)),), rest=True)
    if pr_id is None or reach < 1:
        return [rest]
    large = All((Asked("followers", "at_least", (reach,)),))
    return [Wording(REACH, "Large accounts to PR", large, (Action("queue", (pr_id,)),)), rest]
