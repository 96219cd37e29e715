"""What becomes of open questions and lanes when their conversation is resolved, or turns out to be part of another."""

from __future__ import annotations

from django.db.models.functions import Now

from inbox.models.conversation import Conversation, Grant
from inbox.services import events
from inbox.services.acts import Act
from routing.models.content import ContentAsk
from routing.models.handoff import Handoff
from routing.models.staffing import ConversationSkill, Lane
from routing.services import asks, handoff, lane

State = Handoff.State


class OpenHandoffs:
    """Registered with `inbox.dispatch` (see `dispatch.Hanging`)."""

    def end(self, act: Act) -> None:
        """Withdraw the open hand-over, in the name of who resolved. Records: handoff.withdrawn."""
        open_one = _open(act.conversation)
        if open_one is not None:
            handoff.withdraw_locked(open_one, act)

    def carry_over(self, gone: Conversation, kept: Conversation) -> None:
        """An open hand-over goes on at `kept`; where that is pointless it is withdrawn. The past moves in any case.

        Records: handoff.withdrawn.
        """
        open_one = _open(gone)
        if open_one is not None and (_open(kept) is not None or open_one.to_queue_id == kept.queue_id):
            _withdraw(open_one, kept)
        Handoff.objects.filter(conversation=gone).update(conversation=kept)


class OpenContentAsks:
    """Registered with `inbox.dispatch`."""

    def end(self, act: Act) -> None:
        """Nobody needs it any more. Records: content.withdrawn."""
        for row in _open_asks(act.conversation):
            asks.withdraw_locked(row, act)

    def carry_over(self, gone: Conversation, kept: Conversation) -> None:
        """They go on at `kept`, but for those whom that has asked already. Records: content.withdrawn."""
        asked = {row.to_queue_id for row in _open_asks(kept)}
        for row in _open_asks(gone):
            if row.to_queue_id in asked:
                ContentAsk.objects.filter(pk=row.pk).update(state=ContentAsk.State.WITHDRAWN, decided_at=Now())
                data = {"ask_id": row.pk, "to": row.to_queue.name, "to_id": row.to_queue_id}
                events.record("content.withdrawn", kept, data=data)
        ContentAsk.objects.filter(conversation=gone).update(conversation=kept)


class Lanes:
    """Registered with `inbox.dispatch`."""

    def end(self, act: Act) -> None:
        lane.end_with(act.conversation, act.now)

    def carry_over(self, gone: Conversation, kept: Conversation) -> None:
        """What is part of another conversation has no lane of its own; the needed skills go on."""
        Lane.objects.filter(conversation=gone, state=Lane.State.OPEN).update(state=Lane.State.RETURNED, ended_at=Now())
        needed = ConversationSkill.objects.filter(conversation=gone)
        rows = [
            ConversationSkill(conversation=kept, skill_id=one.skill_id, level=one.level, why=one.why) for one in needed
        ]
        ConversationSkill.objects.bulk_create(rows, ignore_conflicts=True)


def _open_asks(conversation: Conversation) -> list[ContentAsk]:
    rows = ContentAsk.objects.select_for_update(no_key=True, of=("self",)).select_related("to_queue__team", "asked_by")
    return list(rows.filter(conversation=conversation, state=ContentAsk.State.OPEN).order_by("id"))


def _open(conversation: Conversation) -> Handoff | None:
    rows = Handoff.objects.select_for_update(no_key=True, of=("self",)).select_related("to_queue", "asked_by")
    return rows.filter(conversation=conversation, state=State.OPEN).first()


def _withdraw(row: Handoff, kept: Conversation) -> None:
    """By nobody: the conversation that it asked about is part of another one."""
    Handoff.objects.filter(pk=row.pk).update(state=State.WITHDRAWN, decided_at=Now())
    Grant.objects.filter(conversation=row.conversation_id, reason=Grant.Reason.HANDOFF).delete()
    data = {"handoff_id": row.pk, "to": row.to_queue.name, "to_id": row.to_queue_id}
    topics = [events.lane_topic(row.to_queue_id, kept.brand_id), events.user_topic(row.asked_by_id)]
    events.record("handoff.withdrawn", kept, data=data, also_topics=topics)
