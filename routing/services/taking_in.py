"""One page of messages, from stored to timed: what `pipeline.take_in` does inside its transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.clock import database_now
from inbox.models.message import Message
from routing.services import assignment, deciding, lane, right, staffing, verdicts
from routing.triage.contracts import Verdicts


def route(message_ids: Sequence[int]) -> None:
    """Judge these messages, decide about them and do it; waiting work is given to people after the commit.

    A constant number of statements. Conversations are locked only after the messages have been judged. What a person
    has put right before counts: it is read under these locks, so that whoever corrects at this instant is either seen
    here or finds the verdicts and asks the rules again.
    Records: as `deciding.decide_all` and `lane.offer`. Idempotent: by message and by the versions of triage and rules.
    """
    judged = verdicts.judge(message_ids)
    verdicts.store(judged)
    deciding.lock(message_ids)
    told = right.put_right(judged)
    deciding.decide_all(message_ids, told)
    languages = _languages(told)
    staffing.need_languages({pk: code for pk, code in languages.items() if code})
    lane.offer(list(languages), now=database_now())
    assignment.hint_drain()


def _languages(judged: Mapping[int, Verdicts]) -> dict[int, str]:
    """The language of the newest of these messages in each conversation; empty = not assessed."""
    rows = Message.objects.filter(pk__in=list(judged), direction="in", conversation__isnull=False)
    spoken = rows.order_by("posted_at", "pk").values_list("pk", "conversation")
    return {conversation: judged[pk].language.value for pk, conversation in spoken if conversation is not None}
