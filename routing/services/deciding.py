"""What the rules make of messages that triage has judged: decided, kept and done in the caller's transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from core.clock import database_now
from inbox.models.conversation import Conversation
from routing.rules.contracts import Facts, Outcome
from routing.rules.decide import decide
from routing.services import applying, rules
from routing.services.applying import Wanted


def decide_all(message_ids: Collection[int], verdicts: Mapping[int, Any]) -> set[int]:
    """Decide about these messages by the rules in force; the ids of the conversations that have changed.

    Args:
        verdicts: of triage by message, as `rules.facts_of` takes them.

    The conversations are locked in the order of their ids before anything is read, so that two workers with messages
    of the same conversation wait for each other. Records: as `applying.apply`. Idempotent: by (message, version).
    """
    in_force = rules.in_force()
    conversations = lock(message_ids)
    facts = rules.facts_of(message_ids, verdicts)
    decided = [(one, decide(one, in_force)) for one in facts.values()]
    rules.record(decided, rule_set_id=in_force.id or 0)
    wanted = [_wanted(one, outcome, in_force.id) for one, outcome in decided]
    return applying.apply(wanted, conversations, now=database_now())


def lock(message_ids: Collection[int]) -> dict[int, Conversation]:
    """The conversations of these messages under their locks, by id."""
    rows = Conversation.objects.filter(pk__in=_conversations(message_ids)).select_related("queue", "profile")
    return {row.pk: row for row in rows.order_by("pk").select_for_update(no_key=True, of=("self",))}


def _conversations(message_ids: Collection[int]) -> Any:
    inbound = Conversation.objects.filter(messages__in=list(message_ids), messages__direction="in")
    return inbound.order_by().values("pk")


def _wanted(facts: Facts, outcome: Outcome, version: int | None) -> Wanted:
    return Wanted(facts.conversation_id, facts.message_id, outcome, key=f"{version}:{facts.message_id}")
