"""One page of messages, from stored to timed: what `pipeline.take_in` does inside its transaction."""

from __future__ import annotations

from collections.abc import Sequence

from routing.services import assignment, deciding, verdicts


def route(message_ids: Sequence[int]) -> None:
    """Judge these messages, decide about them and do it; waiting work is given to people after the commit.

    A constant number of statements. Conversations are locked only after the messages have been judged.
    Records: as `deciding.decide_all`. Idempotent: by message and by the versions of triage and rules.
    """
    judged = verdicts.judge(message_ids)
    verdicts.store(judged)
    deciding.decide_all(message_ids, judged)
    assignment.hint_drain()
