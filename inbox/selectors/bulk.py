"""Acts on many conversations, as their preview and their progress show them: a fixed number of queries."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet

from accounts.models import User
from core.clock import database_now
from core.errors import NotFound
from inbox.bulk_rules import Expected, Facts, expected
from inbox.models.bulk import Bulk, BulkRow
from inbox.models.conversation import Conversation
from inbox.models.queue import Queue
from inbox.policies import Access, access_of_all
from inbox.services.bulk import UNDO_FOR

ROWS = 100
FIELDS = ("status", "owner_id", "owner__name", "queue_id", "brand_id", "answered_at", "lease_until")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an act has come.

    Args:
        done: rows that are done, `same` those that were so already; `settled`: all that do not wait any more.
        undo_until: until when it may be undone, if it may.
    """

    bulk: Bulk
    done: int
    same: int
    refused: int
    left: int
    waiting: int
    undone: int
    kept: int
    undo_until: datetime | None

    @property
    def settled(self) -> int:
        """Of the whole, or of the undoing."""
        if self.bulk.state in (Bulk.State.UNDOING, Bulk.State.UNDONE):
            return self.undone + self.kept
        return self.bulk.total - self.waiting

    @property
    def whole(self) -> int:
        """What `settled` is a part of."""
        if self.bulk.state in (Bulk.State.UNDOING, Bulk.State.UNDONE):
            return self.undone + self.kept + self.done
        return self.bulk.total

    @property
    def at_work(self) -> bool:
        return self.bulk.state in Bulk.AT_WORK


def get_bulk(user: User, pk: int) -> Bulk:
    """One's own act. Raises: NotFound."""
    found = Bulk.objects.filter(pk=pk, actor=user).first()
    if found is None:
        raise NotFound("There is no such act.")
    return found


def progress(bulk: Bulk) -> Progress:
    """Two queries."""
    n = Counter(dict(bulk.rows.values_list("state").annotate(n=Count("pk")).values_list("state", "n")))
    until = bulk.ended_at + UNDO_FOR if bulk.ended_at and bulk.state in Bulk.OVER and n["done"] else None
    open_until = until if until and until > database_now() else None
    return Progress(
        bulk, n["done"], n["same"], n["refused"], n["left"], n["waiting"], n["undone"], n["kept"], open_until
    )


def told(bulk: Bulk, *, after: int = 0, limit: int = ROWS) -> list[BulkRow]:
    """Rows with a reason, in order; one query."""
    rows = bulk.rows.exclude(reason="").filter(pk__gt=after)
    return list(rows.select_related("conversation__profile", "conversation__queue").order_by("pk")[:limit])


def results(bulk: Bulk, *, after: int = 0, limit: int = ROWS) -> list[BulkRow]:
    """All rows in order; one query."""
    return list(bulk.rows.filter(pk__gt=after).order_by("pk")[:limit])


def foretold(bulk: Bulk, access: Access) -> Expected:
    """What will be done and what refused, as things are now; at most four queries."""
    rows = _visible(bulk, access).values_list(*FIELDS)
    target = access_of_all([bulk.values["agent"]]) if bulk.act == "assign" else {}
    to, now = target.get(bulk.values.get("agent", 0)), database_now()
    facts = [_facts(Row(*row), access, bulk, to, now) for row in rows]
    return expected(bulk.act, facts, disposition=bulk.values.get("disposition", ""), gone=bulk.total - len(facts))


def _visible(bulk: Bulk, access: Access) -> QuerySet[Conversation]:
    return Conversation.objects.visible_to(access).filter(pk__in=bulk.rows.values("conversation_id"))


@dataclass(frozen=True, slots=True)
class Row:
    """`FIELDS` of one conversation."""

    status: str
    owner_id: int | None
    owner_name: str | None
    queue_id: int
    brand_id: int
    answered_at: datetime | None
    lease_until: datetime | None


def _facts(row: Row, access: Access, bulk: Bulk, to: Access | None, now: datetime) -> Facts:
    seen = row.brand_id in access.brand_ids
    mine = row.owner_id == access.user_id
    acts = seen and (row.queue_id in access.member_queue_ids or mine)
    leads = seen and (access.is_administrator or row.queue_id in access.supervised_queue_ids)
    there = bulk.values.get("queue")
    held = row.owner_id is not None and (mine or row.lease_until is None or row.lease_until > now)
    return Facts(
        row.status,
        owner=(row.owner_name or "") if held else "",
        mine=mine,
        acts=acts,
        manages=acts or leads,
        moves=access.is_administrator or {row.queue_id, there} <= access.supervised_queue_ids,
        answered=row.answered_at is not None,
        to_staffs=to is None or (row.brand_id in to.brand_ids and row.queue_id in to.member_queue_ids),
        there=row.queue_id == there,
    )


def agents_for(access: Access, conversation_ids: list[int]) -> list[User]:
    """Who works in the queues of these conversations, by name; one query."""
    queues = Queue.objects.filter(
        conversations__in=Conversation.objects.visible_to(access).filter(pk__in=conversation_ids)
    )
    people = User.objects.filter(is_active=True, is_integration=False, memberships__team__queues__in=queues)
    return list(people.distinct().order_by("name")[:ROWS])
