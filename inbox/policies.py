"""Who may read, act and answer (product.md, Who sees what). Decisions on facts; one query loads the facts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import connection

from accounts.models import User
from core.copying import array_literal
from core.errors import Forbidden
from core.fixed import Slot
from core.prepared import Prepared
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

    def keeps(self, shared: str, *, team_id: int | None, owner_id: int | None) -> bool:
        """May write what is shared so: one's own, what is one's team's, and as a supervisor what is everybody's."""
        if shared == "me":
            return owner_id == self.user_id
        if shared == "team":
            return self.is_administrator or team_id in self.team_ids
        return self.is_administrator or bool(self.supervised_queue_ids)


@dataclass(frozen=True, slots=True)
class Rights:
    """Places for somebody's rights, where a question is fixed: what selectors read of an `Access`."""

    is_administrator: Slot
    user_id: Slot
    brand_ids: Slot
    team_ids: Slot
    readable_queue_ids: Slot
    member_queue_ids: Slot
    supervised_queue_ids: Slot


RIGHTS = {
    "is_administrator": "boolean",
    "user_id": "bigint",
    "brand_ids": "bigint[]",
    "team_ids": "bigint[]",
    "readable_queue_ids": "bigint[]",
    "member_queue_ids": "bigint[]",
    "supervised_queue_ids": "bigint[]",
}

_ACCESS = Prepared(
    "inbox_access",
    ["bigint[]"],
    """
SELECT
  u.id, u.role = 'administrator',
  CASE WHEN u.role = 'administrator' THEN ARRAY(SELECT id FROM channels_brand)
       ELSE ARRAY(SELECT brand_id FROM channels_brandaccess WHERE user_id = u.id) END,
  ARRAY(SELECT team_id FROM accounts_membership WHERE user_id = u.id),
  ARRAY(SELECT q.id FROM inbox_queue q JOIN accounts_membership m ON m.team_id = q.team_id
        WHERE m.user_id = u.id),
  ARRAY(SELECT q.id FROM inbox_queue q WHERE q.desk_id IN (
        SELECT s.desk_id FROM inbox_queue s JOIN accounts_membership m ON m.team_id = s.team_id
        WHERE m.user_id = u.id AND m.role = 'supervisor')),
  CASE WHEN u.role = 'administrator' THEN ARRAY(SELECT id FROM inbox_queue) ELSE ARRAY[]::bigint[] END
FROM accounts_user u WHERE u.is_active AND u.id = ANY($1)
""",
)


def access_of(user: User) -> Access:
    """Somebody's rights as they are now; one query. A disabled person has none."""
    return access_of_all([user.pk])[user.pk]


def access_of_all(user_ids: Collection[int]) -> dict[int, Access]:
    """The rights of many as they are now; one query."""
    found = {user_id: Access(user_id, False, *[frozenset[int]()] * 5) for user_id in user_ids}
    with connection.cursor() as cursor:
        _ACCESS.execute(cursor, [array_literal(sorted(user_ids))])
        for user_id, administrator, *ids in cursor.fetchall():
            found[user_id] = Access(user_id, administrator, *(frozenset(each) for each in ids))
    return found


def values_of(access: Access) -> dict[str, Any]:
    """Somebody's rights as values for a question that is fixed with `RIGHTS`."""
    return {name: getattr(access, name) for name in RIGHTS}


def require(allowed: bool, message: str) -> None:
    """Raises: Forbidden with the sentence, unless allowed."""
    if not allowed:
        raise Forbidden(message)
