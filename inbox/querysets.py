"""Sets of conversations, in glossary words."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db import models
from django.db.models import Exists, OuterRef, Q

from core.errors import NotFound

if TYPE_CHECKING:
    from inbox.models.conversation import Conversation
    from inbox.policies import Access, Rights

S = TypeVar("S", bound=models.Model)


class ConversationQuerySet(models.QuerySet["Conversation"]):
    """Every list, count, search, export and API call starts from `visible_to`."""

    def locked(self, pk: int) -> Conversation:
        """The row under `FOR NO KEY UPDATE OF self`, so that inserts that point at it need not wait.

        Raises: NotFound.
        """
        row = self.select_for_update(no_key=True, of=("self",)).filter(pk=pk).first()
        if row is None:
            raise NotFound("There is no such conversation.")
        return row

    def visible_to(self, access: Access | Rights) -> Self:
        """What somebody may read: the brand AND (the queue, or a grant); administrators everything."""
        everything = access.is_administrator
        if everything is True:
            return self.filter(merged_into=None)
        grants = self.model._meta.get_field("grants").related_model.objects.filter(  # type: ignore[union-attr]
            Q(user_id=access.user_id) | Q(team_id__anyof=access.team_ids), conversation_id=OuterRef("pk")
        )
        mine = Q(queue_id__anyof=access.readable_queue_ids) | Exists(grants)
        seen = mine & Q(brand_id__anyof=access.brand_ids)
        return self.filter(seen if everything is False else Q(everything) | seen, merged_into=None)

    def open(self) -> Self:
        """Needs us."""
        return self.filter(status="open")

    def needs_reply(self) -> Self:
        """Open with somebody waiting."""
        return self.filter(status="open", waiting_since__isnull=False)


class KeptQuerySet(models.QuerySet[S]):
    """What people write for each other, of all brands or of one."""

    def visible_to(self, access: Access) -> Self:
        """That of one's brands and of all brands; nothing for who sees no brand."""
        if not access.brand_ids:
            return self.none()
        return self.filter(Q(brand=None) | Q(brand_id__in=access.brand_ids))

    def in_use(self) -> Self:
        """What is not archived."""
        return self.filter(archived_at=None)

    def holding(self, text: str, *names: str) -> Self:
        """That which has each word somewhere in one of these columns."""
        found = self
        for word in text.replace("\0", "").split()[:10]:
            found = found.filter(reduce(or_, (Q(**{f"{name}__icontains": word}) for name in names)))
        return found


class SharedQuerySet(KeptQuerySet[S]):
    """Saved replies, macros: what people share with everybody, with one team or with nobody."""

    def visible_to(self, access: Access) -> Self:
        """What somebody may use: one's own, one's teams' and everybody's, of one's brands; nobody else's own."""
        team: dict[str, Any] = {} if access.is_administrator else {"team_id__in": access.team_ids}
        shared = Q(shared="everybody") | Q(shared="team", **team) | Q(shared="me", owner_id=access.user_id)
        return super().visible_to(access).filter(shared)
