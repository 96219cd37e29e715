"""Who may read a conversation beyond the people of its queue."""

from __future__ import annotations

from accounts.models import Team, User
from inbox.models.conversation import Conversation, Grant


def grant(
    conversation: Conversation, *, reason: Grant.Reason, user: User | None = None, team: Team | None = None
) -> None:
    """Let a person or a team read it; inside the act that gives the reason, whose event tells of it.

    Idempotent: by (person or team, conversation, reason).
    """
    Grant.objects.bulk_create(
        [Grant(conversation=conversation, user=user, team=team, reason=reason)], ignore_conflicts=True
    )


def revoke(
    conversation: Conversation, *, reason: Grant.Reason, user: User | None = None, team: Team | None = None
) -> None:
    """Take that one reason to read away; others stay."""
    Grant.objects.filter(conversation=conversation, user=user, team=team, reason=reason).delete()
