"""Who may read a conversation beyond the people of its queue."""

from __future__ import annotations

from collections.abc import Iterable

from accounts.models import Team, User
from inbox.models.conversation import Conversation, Grant


def grant(
    conversation: Conversation, *, reason: Grant.Reason, user: User | None = None, team: Team | None = None
) -> None:
    """Let a person or a team read it; inside the act that gives the reason, whose event tells of it.

    Idempotent: by (person or team, conversation, reason).
    """
    grant_all(conversation, reason=reason, user_ids=[user.pk] if user else (), team_ids=[team.pk] if team else ())


def grant_all(
    conversation: Conversation, *, reason: Grant.Reason, user_ids: Iterable[int] = (), team_ids: Iterable[int] = ()
) -> None:
    """As `grant`, for several at once; one statement."""
    rows = [Grant(conversation=conversation, user_id=pk, reason=reason) for pk in user_ids]
    rows += [Grant(conversation=conversation, team_id=pk, reason=reason) for pk in team_ids]
    Grant.objects.bulk_create(rows, ignore_conflicts=True)


def revoke(
    conversation: Conversation, *, reason: Grant.Reason, user: User | None = None, team: Team | None = None
) -> None:
    """Take that one reason to read away; others stay."""
    Grant.objects.filter(conversation=conversation, user=user, team=team, reason=reason).delete()
