"""Who may ask for a hand-over, receive it and take it back."""

from __future__ import annotations

from accounts.models import Membership
from core.errors import Invalid
from inbox.models.conversation import Conversation
from inbox.models.queue import Queue
from inbox.policies import Access, require
from inbox.services import ownership
from inbox.services.acts import Act
from routing.models.handoff import Handoff

NOT_ASKED = "Only people of the queue that was asked may do that."
NOT_ASKING = "Only who asked, the owner or their supervisor may take it back."


def require_ask(act: Act) -> None:
    """Who may act asks for what is theirs or nobody's; supervisors and administrators for all.

    Raises: Forbidden, Conflict (`owned`).
    """
    conversation, access = act.conversation, act.access
    require(access.can_manage(conversation), ownership.NOT_YOURS)
    ownership.end_lease_if_over(act)
    supervises = access.is_administrator or conversation.queue_id in access.supervised_queue_ids
    if conversation.owner_id not in (None, act.actor.pk) and not supervises:
        raise ownership.owned(conversation)


def require_receivers(conversation: Conversation, to: Queue) -> None:
    """Raises: Invalid when it is there already, or when nobody there could see it."""
    if to.pk == conversation.queue_id:
        raise _invalid(f"It is in {to.name} already.")
    members = Membership.objects.filter(team_id=to.team_id, user__is_active=True)
    seeing = members.filter(user__brand_access__brand_id=conversation.brand_id) | members.filter(
        user__role="administrator"
    )
    if not seeing.exists():
        raise _invalid(f"Nobody in {to.name} sees this brand.")


def may_receive(access: Access, handoff: Handoff) -> bool:
    """Member of the team of the queue that was asked; once it is chased also its supervisors and administrators.

    The brand was checked when the conversation was read.
    """
    climbed = handoff.chased > 0 and (access.is_administrator or handoff.to_queue_id in access.supervised_queue_ids)
    return handoff.to_queue_id in access.member_queue_ids or climbed


def may_withdraw(access: Access, handoff: Handoff, conversation: Conversation) -> bool:
    """Who asked, the owner, or who supervises the queue that has it."""
    supervises = access.is_administrator or conversation.queue_id in access.supervised_queue_ids
    return supervises or access.user_id in (handoff.asked_by_id, conversation.owner_id)


def _invalid(message: str) -> Invalid:
    return Invalid(message, fields={"queue": message})
