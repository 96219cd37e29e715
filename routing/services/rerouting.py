"""A person put a verdict right: the rules are asked again with what is right, and done as long as nobody has it."""

from __future__ import annotations

from django.db.models import Max

from core.clock import database_now
from inbox.models.conversation import Conversation
from inbox.models.message import Message
from inbox.models.work import ConversationEvent
from routing.models.decision import Decision
from routing.rules.decide import decide
from routing.services import applying, assignment, deciding, right, rules, staffing


def decide_again(message_id: int) -> bool:
    """Ask the rules again about the newest message of a conversation, in the open transaction; whether it has changed.

    Nothing is done while somebody owns it, once a person has moved it, and where nothing waits: then what the rules
    say is only kept, for "Why is this here". What was told to people and webhooks before is not told again.
    Records: as `applying.apply`. The caller has checked that something was corrected and by whom.
    """
    told = right.verdicts_now(message_id)
    conversation = deciding.lock([message_id])
    if told is None or len(conversation) != 1 or not _is_newest(message_id, *conversation):
        return False
    in_force = rules.in_force()
    facts = rules.facts_of([message_id], {message_id: told})[message_id]
    outcome = decide(facts, in_force)
    held = _held(conversation[facts.conversation_id])
    rules.record([(facts, outcome)], rule_set_id=in_force.id or 0, again=_times(message_id) + 1, held=held)
    if held:
        return False
    wanted = applying.Wanted(facts.conversation_id, message_id, outcome, key=f"{in_force.id}:{message_id}")
    changed = applying.apply([wanted], conversation, now=database_now())
    staffing.need_languages({facts.conversation_id: facts.language} if facts.language else {})
    assignment.hint_drain()
    return bool(changed)


def _is_newest(message_id: int, conversation_id: int) -> bool:
    inbound = Message.objects.filter(conversation=conversation_id, direction="in").order_by("-posted_at", "-pk")
    return inbound.values_list("pk", flat=True).first() == message_id


def _times(message_id: int) -> int:
    """How often the rules were asked again about it; under the lock of its conversation."""
    return Decision.objects.filter(message_id=message_id).aggregate(last=Max("again"))["last"] or 0


def _held(conversation: Conversation) -> str:
    """Why nothing may be done; empty = nobody has it in hand."""
    if conversation.status != Conversation.Status.OPEN:
        return Decision.Held.RESTED
    if conversation.owner_id is not None:
        return Decision.Held.OWNED
    moved = ConversationEvent.objects.filter(conversation=conversation, kind="conversation.moved", actor__isnull=False)
    if applying.in_hands([conversation.pk]) or moved.exists():
        return Decision.Held.BY_HAND
    return ""
