"""What is asked of somebody, and what they asked: a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, F, Q, QuerySet, Value

from core.errors import NotFound
from core.fixed import Slot, fixed
from inbox.models.conversation import Conversation
from inbox.policies import RIGHTS, Access, Rights, values_of
from routing.models.content import ContentAsk
from routing.models.handoff import Handoff

AT_MOST = 50
MARKED = 500


def _open(access: Access) -> QuerySet[Handoff]:
    visible = Conversation.objects.visible_to(access)
    rows = Handoff.objects.filter(state=Handoff.State.OPEN, conversation__in=visible)
    return rows.select_related(
        "from_queue__desk", "to_queue__desk", "asked_by", "acknowledged_by", "conversation__profile"
    )


def asks_for(access: Access, *, limit: int = AT_MOST) -> list[Handoff]:
    """Open hand-overs that somebody may accept or decline; a resolved conversation asks nobody.

    What is overdue comes first, then other escalations, both by the deadline to acknowledge them; then the others,
    the oldest first.
    """
    rows = _open(access).filter(_received(access), conversation__brand_id__in=access.brand_ids)
    unresolved = rows.exclude(conversation__status=Conversation.Status.RESOLVED)
    return list(unresolved.order_by(_overdue().desc(), F("respond_by").asc(nulls_last=True), "id")[:limit])


def _overdue() -> ExpressionWrapper:
    return ExpressionWrapper(Handoff.OVERDUE, output_field=BooleanField())


def _received(access: Access | Rights) -> Q:
    """As `policies.may_receive`."""
    everything = Q(Value(access.is_administrator) if isinstance(access, Access) else access.is_administrator)
    climbed = Q(chased__gt=0) & (everything | Q(to_queue_id__anyof=access.supervised_queue_ids))
    return Q(to_queue_id__anyof=access.member_queue_ids) | climbed


def asking(access: Access) -> dict[int, bool]:
    """The conversations of `asks_for` and `content.asked`, for marks and counts: at most 500 of each.

    Returns: by id, whether it is overdue.
    """
    both = _asking(**values_of(access))
    return dict(sorted(both, key=lambda one: one[1]))  # asked twice: overdue stands


@fixed(**RIGHTS)
def _asking(**rights: Slot) -> QuerySet[Handoff, tuple[int, bool]]:
    seen = Rights(**rights)
    within: dict[str, Any] = {"conversation__brand_id__anyof": seen.brand_ids, "conversation__merged_into": None}
    rows = Handoff.objects.filter(_received(seen), state=Handoff.State.OPEN, **within)
    rows = rows.exclude(conversation__status=Conversation.Status.RESOLVED).order_by("id")
    asked = ContentAsk.objects.filter(state=ContentAsk.State.OPEN, to_queue__anyof=seen.member_queue_ids, **within)
    asked_for_content = asked.order_by("id").annotate(late=Value(False)).values_list("conversation_id", "late")
    handed = rows.annotate(late=_overdue()).values_list("conversation_id", "late")
    return handed[:MARKED].union(asked_for_content[:MARKED])


def asked_by(access: Access, *, limit: int = AT_MOST) -> list[Handoff]:
    """Open hand-overs that somebody has asked for and still may read, the newest first."""
    rows = _open(access).filter(asked_by_id=access.user_id)
    return list(rows.order_by("-id")[:limit])


def open_of(conversation_ids: Iterable[int], access: Access) -> dict[int, Handoff]:
    """The open hand-over of each of these conversations that has one and may be read."""
    return {row.conversation_id: row for row in _open(access).filter(conversation_id__in=list(conversation_ids))}


def shown_in(conversation: Conversation) -> list[Handoff]:
    """The open hand-over of a readable conversation, and those that came back answered; newest first."""
    return _shown(conversation=conversation.pk)


@fixed(conversation="bigint")
def _shown(conversation: Slot) -> QuerySet[Handoff]:
    shown = (Handoff.State.OPEN, Handoff.State.ANSWERED)
    rows = Handoff.objects.filter(conversation=conversation, state__in=shown).order_by("-id")
    return rows.select_related("from_queue", "to_queue", "asked_by", "acknowledged_by", "decided_by")[:AT_MOST]


def open_in(conversation: Conversation) -> Handoff | None:
    """The open hand-over of a conversation that the caller may read."""
    rows = Handoff.objects.filter(state=Handoff.State.OPEN, conversation_id=conversation.pk)
    return rows.select_related("from_queue", "to_queue", "asked_by").first()


def conversation_of(handoff_id: int, access: Access) -> int:
    """The conversation of a hand-over, where it may be read. Raises: NotFound."""
    visible = Conversation.objects.visible_to(access)
    found = Handoff.objects.filter(pk=handoff_id, conversation__in=visible).values_list("conversation_id", flat=True)
    pk = found.first()
    if pk is None:
        raise NotFound("There is no such hand-over.")
    return pk
