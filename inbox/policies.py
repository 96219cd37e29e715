"""Who may read, act and answer (product.md, Who sees what). Decisions on facts; one query loads the facts."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from accounts.models import User
from core.errors import Forbidden
from inbox.models.conversation import Conversation


@dataclass(frozen=True, slots=True)
class Access:
    """What somebody's brands, teams and roles allow.

    Args:
        brand_ids: brands that the person sees.
        member_queue_ids: queues that the person's teams staff: read and act.
        supervised_queue_ids: queues of the desks that the person supervises: read, assign and move.
    """

    user_id: int
    is_administrator: bool
    brand_ids: frozenset[int]
    team_ids: frozenset[int]
    member_queue_ids: frozenset[int]
    supervised_queue_ids: frozenset[int]
    all_queue_ids: frozenset[int]

    @property
    def readable_queue_ids(self) -> frozenset[int]:
        if self.is_administrator:
            return self.all_queue_ids
        return self.member_queue_ids | self.supervised_queue_ids

    def staffs(self, conversation: Conversation) -> bool:
        """Member of the queue's team, within the brand: may be given the conversation."""
        return conversation.brand_id in self.brand_ids and conversation.queue_id in self.member_queue_ids

    def can_act(self, conversation: Conversation) -> bool:
        """Member of the queue's team, or the owner; within the brand."""
        return self.staffs(conversation) or (
            conversation.brand_id in self.brand_ids and conversation.owner_id == self.user_id
        )

    def can_manage(self, conversation: Conversation) -> bool:
        """May assign to others and move: who may act, the desk's supervisors, administrators."""
        return self.can_act(conversation) or (
            conversation.brand_id in self.brand_ids
            and (self.is_administrator or conversation.queue_id in self.supervised_queue_ids)
        )


_ACCESS = """
SELECT
  CASE WHEN %(admin)s THEN ARRAY(SELECT id FROM channels_brand)
       ELSE ARRAY(SELECT brand_id FROM channels_brandaccess WHERE user_id = %(user)s) END,
  ARRAY(SELECT team_id FROM accounts_membership WHERE user_id = %(user)s),
  ARRAY(SELECT q.id FROM inbox_queue q JOIN accounts_membership m ON m.team_id = q.team_id
        WHERE m.user_id = %(user)s),
  ARRAY(SELECT q.id FROM inbox_queue q WHERE q.desk_id IN (
        SELECT s.desk_id FROM inbox_queue s JOIN accounts_membership m ON m.team_id = s.team_id
        WHERE m.user_id = %(user)s AND m.role = 'supervisor')),
  CASE WHEN %(admin)s THEN ARRAY(SELECT id FROM inbox_queue) ELSE ARRAY[]::bigint[] END
"""


def access_of(user: User) -> Access:
    """Somebody's rights as they are now; one query. A disabled person has none."""
    if not user.is_active:
        return Access(user.pk, False, *[frozenset[int]()] * 5)
    with connection.cursor() as cursor:
        cursor.execute(_ACCESS, {"user": user.pk, "admin": user.is_administrator})
        row = cursor.fetchone()
    return Access(user.pk, user.is_administrator, *(frozenset(ids) for ids in row))


def require(allowed: bool, message: str) -> None:
    """Raises: Forbidden with the sentence, unless allowed."""
    if not allowed:
        raise Forbidden(message)
