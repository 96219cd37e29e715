"""The one way to a conversation, and the lists of them: a fixed number of queries, keyset pages, no counting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.core import signing
from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from core.copying import array_literal
from core.errors import Invalid, NotFound
from core.fixed import Slot, fixed
from core.prepared import Prepared
from inbox.models.conversation import Conversation, Grant
from inbox.models.people import Mute
from inbox.models.work import ConversationEvent
from inbox.policies import RIGHTS, Access, Rights, access_of, values_of

PAGE = 50
LONGEST_PAGE = 200
_CURSOR_SALT = "inbox.cursor"


@fixed(pk="bigint", **RIGHTS)
def _opened(pk: Slot, **rights: Slot) -> QuerySet[Conversation]:
    seen = Rights(**rights)
    muted = Mute.objects.filter(profile_id=OuterRef("profile_id"), brand_id=OuterRef("brand_id"))
    followed = Grant.objects.filter(conversation=OuterRef("pk"), user=seen.user_id, reason=Grant.Reason.FOLLOWER)
    newest = ConversationEvent.objects.filter(conversation=OuterRef("pk")).order_by("-id").values("id")[:1]
    rows = Conversation.objects.visible_to(seen).annotate(
        _is_muted=Exists(muted), _is_followed=Exists(followed), _newest_event=Coalesce(Subquery(newest), 0)
    )
    related = ("channel__brand", "brand", "profile", "queue__desk", "owner", "thread")
    return rows.select_related(*related).filter(pk=pk)


def get_visible_conversation(user: User, pk: int, *, access: Access | None = None) -> Conversation:
    """The conversation, if this person may read it; absent and forbidden look alike.

    Carries what `is_muted`, `is_followed` and `newest_event` tell.

    Raises: NotFound.
    """
    found = _opened.first(pk=pk, **values_of(access or access_of(user)))
    if found is None:
        raise NotFound("There is no such conversation.")
    return found


def is_muted(conversation: Conversation) -> bool:
    """Whether its author asks for nobody at its brand, as `get_visible_conversation` read it."""
    return bool(conversation._is_muted)  # type: ignore[attr-defined]


def is_followed(conversation: Conversation) -> bool:
    """Whether who asked for it follows it, as `get_visible_conversation` read it."""
    return bool(conversation._is_followed)  # type: ignore[attr-defined]


def newest_event(conversation: Conversation) -> int:
    """Id of the last event when `get_visible_conversation` read it: what is shown afterwards tells at least of that."""
    return int(conversation._newest_event)  # type: ignore[attr-defined]


@fixed(pk="bigint", **RIGHTS)
def _seen(pk: Slot, **rights: Slot) -> QuerySet[Conversation, int]:
    return Conversation.objects.visible_to(Rights(**rights)).filter(pk=pk).values_list("pk", flat=True)


def require_visible(access: Access, pk: int) -> None:
    """As `get_visible_conversation`, for what goes on with the id alone: a narrow query.

    Raises: NotFound.
    """
    if not _seen(pk=pk, **values_of(access)):
        raise NotFound("There is no such conversation.")


class Owned(StrEnum):
    """Whose conversations a list shows."""

    ANYBODY = ""
    NOBODY = "none"
    ME = "me"


@dataclass(frozen=True, slots=True)
class Where:
    """Further conditions that all hold, on the conversation `c` or a message `m`, and the values they name."""

    parts: tuple[str, ...] = ()
    values: tuple[tuple[str, Any], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.parts)

    @property
    def sql(self) -> str:
        return " AND ".join(self.parts) or "true"


class Sort(StrEnum):
    """How a list is sorted; "" = by due where it is open, else newest first."""

    USUAL = ""
    DUE = "due"
    WAITING = "waiting"
    REACH = "reach"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list shows. Ids that the person may not see select nothing.

    Args:
        queue_ids: None = all that the person reads.
        status: one status, or "needs_reply" (open with somebody waiting), or "" for all that is not resolved (in a
            search: for all), or "any".
        owned: `Owned`, or the id of an agent as text.
        granted: reasons of `Grant`: only what the person was mentioned in, follows …
        statuses: several statuses, instead of `status`.
        people: only conversations with these profiles.
        where: what else holds of a conversation, and `said`: of a message that is found by its words
            (`inbox.selectors.asked` makes both).
    """

    queue_ids: frozenset[int] | None = None
    brand_ids: frozenset[int] | None = None
    status: str = "open"
    owned: str = Owned.ANYBODY
    channel_id: int | None = None
    late: bool = False
    granted: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    sort: str = Sort.USUAL
    people: tuple[int, ...] | None = None
    where: Where = Where()
    said: Where = Where()


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list: everything that it shows, and no more."""

    pk: int
    revision: int
    status: str
    priority: int
    waiting_since: datetime | None
    due_at: datetime | None
    last_message_at: datetime
    snoozed_until: datetime | None
    lease_until: datetime | None
    queue_id: int
    queue_name: str
    queue_slug: str
    desk_slug: str
    desk_name: str
    brand_id: int
    brand_slug: str
    brand_name: str
    channel_id: int
    network: str
    thread_key: str
    profile_id: int
    profile_scope: str
    profile_external_id: str
    profile_name: str
    profile_handle: str
    followers: int | None
    verified: bool
    has_avatar: bool
    owner_id: int | None
    owner_name: str
    text: str
    ours: bool
    deleted: bool
    trouble: bool
    tags: tuple[str, ...] = ()

    @property
    def private(self) -> bool:
        return self.thread_key.startswith("dm:")


@dataclass(frozen=True, slots=True)
class Page:
    """Rows in order, and where the next page begins (None = that was all, unless it is `cut`)."""

    rows: list[Row] = field(default_factory=list)
    next: str | None = None
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """How a list is sorted: SQL expressions, the last one the id, with the types of their cursor values."""

    name: str
    columns: tuple[str, ...]
    types: tuple[str, ...]
    descending: bool = False

    @property
    def sql(self) -> str:
        return ", ".join(f"{column}{' DESC' if self.descending else ''}" for column in self.columns)

    @property
    def selected(self) -> str:
        return ", ".join(f"{column} AS k{i}" for i, column in enumerate(self.columns))

    @property
    def as_text(self) -> str:
        return ", ".join(f"k.k{i}::text" for i in range(len(self.columns)))

    @property
    def merged(self) -> str:
        return ", ".join(f"k.k{i}{' DESC' if self.descending else ''}" for i in range(len(self.columns)))

    def beyond(self, position: Sequence[str]) -> tuple[str, dict[str, str]]:
        """The condition for what comes after a row, and its values."""
        values = {f"after{i}": value for i, value in enumerate(position)}
        right = ", ".join(f"%(after{i})s::{kind}" for i, kind in enumerate(self.types))
        return f"({', '.join(self.columns)}) {'<' if self.descending else '>'} ({right})", values


# Each order is that of an index (inbox/models/conversation.py).
TURN = Order(
    "turn",
    ("COALESCE(c.due_at, 'infinity'::timestamptz)", "COALESCE(c.waiting_since, 'infinity'::timestamptz)", "c.id"),
    ("timestamptz", "timestamptz", "bigint"),
)
NEWEST = Order("newest", ("c.last_message_at", "c.id"), ("timestamptz", "bigint"), descending=True)
RESTING = ("pending", "snoozed", "resolved")
ANY = "any"


def list_page(access: Access, wanted: Wanted, *, after: str | None = None, limit: int = PAGE) -> Page:
    """One page of a list: what is open by due, waiting and id (nulls last), the rest newest first. Two queries.

    Args:
        after: the `next` of the page before.
        limit: rows, at most 200.

    Raises: Invalid for a cursor that is not ours or of another list.
    """
    limit = min(limit, LONGEST_PAGE)
    order = walked(wanted)
    keys = keys_of(access, wanted, order, read_cursor(after, order) if after else None, limit + 1)
    return page_of(keys, order, limit)


def walked(wanted: Wanted) -> Order:
    """The order in which a list is walked along an index."""
    if wanted.sort == Sort.NEWEST:
        return NEWEST
    return NEWEST if wanted.sort == Sort.USUAL and set(statuses_of(wanted)) <= set(RESTING) else TURN


def page_of(keys: Sequence[tuple[str, ...]], order: Order, limit: int, *, cut: bool = False) -> Page:
    """A page of `limit` rows from one key more than that. One query."""
    rows = rows_of([int(key[-1]) for key in keys[:limit]])
    more = len(keys) > limit
    return Page(rows, _cursor(keys[limit - 1], order) if more else None, cut and not more)


def keys_of(
    access: Access, wanted: Wanted, order: Order, position: Sequence[str] | None, limit: int
) -> list[tuple[str, ...]]:
    """The keys of what a list shows, from a position on, in an order that an index has; the last of each is the id.

    One query. `where` and `people` are left to `inbox.selectors.sifting`.
    """
    conditions, values = _conditions(access, wanted)
    if position is not None:
        beyond, more = order.beyond(position)
        conditions, values = f"{conditions} AND {beyond}", values | more
    values |= {"limit": limit, "statuses": array_literal(statuses_of(wanted))}
    walk = _walk_granted if wanted.granted else _walk_owned if wanted.owned == Owned.ME else _walk_lanes
    sql = walk(access, wanted, order, conditions, values)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def statuses_of(wanted: Wanted) -> list[str]:
    """The statuses that a list shows."""
    if wanted.statuses:
        return list(wanted.statuses)
    if wanted.status == "needs_reply":
        return ["open"]
    if wanted.status == ANY:
        return ["open", *RESTING]
    return [wanted.status] if wanted.status else ["open", "pending", "snoozed"]


def _conditions(access: Access, wanted: Wanted) -> tuple[str, dict[str, Any]]:
    """Filters inside a lane."""
    parts: list[str] = ["c.merged_into_id IS NULL"]
    values: dict[str, Any] = {}
    if wanted.status == "needs_reply":
        parts.append("c.waiting_since IS NOT NULL")
    if wanted.owned == Owned.NOBODY:
        parts.append("c.owner_id IS NULL")
    elif wanted.owned:
        parts.append("c.owner_id = %(owner)s")
        values["owner"] = access.user_id if wanted.owned == Owned.ME else int(wanted.owned)
    if wanted.channel_id is not None:
        parts.append("c.channel_id = %(channel)s")
        if statuses_of(wanted) == ["open"]:
            parts.append("c.status = 'open'")  # the condition of the index
        values["channel"] = wanted.channel_id
    if wanted.late:
        parts.append("c.due_at < now()")
    return " AND ".join(parts), values


def brands_of(access: Access, wanted: Wanted) -> frozenset[int]:
    return access.brand_ids if wanted.brand_ids is None else access.brand_ids & wanted.brand_ids


def _walk_lanes(access: Access, wanted: Wanted, order: Order, conditions: str, values: dict[str, Any]) -> str:
    """One short index walk per (queue, brand, status), merged: the same cost however much is stored."""
    readable = access.readable_queue_ids
    queues = readable if wanted.queue_ids is None else readable & wanted.queue_ids
    lanes = [(queue, brand) for queue in sorted(queues) for brand in sorted(brands_of(access, wanted))]
    values |= {"queues": array_literal(q for q, _ in lanes), "brands": array_literal(b for _, b in lanes)}
    return f"""
        SELECT {order.as_text} FROM unnest(%(queues)s::bigint[], %(brands)s::bigint[]) AS lane(queue_id, brand_id)
        CROSS JOIN unnest(%(statuses)s::text[]) AS wanted(status)
        CROSS JOIN LATERAL (
            SELECT {order.selected} FROM inbox_conversation c
            WHERE c.queue_id = lane.queue_id AND c.brand_id = lane.brand_id AND c.status = wanted.status
              AND {conditions}
            ORDER BY {order.sql} LIMIT %(limit)s
        ) AS k {_OF_CHANNEL if wanted.channel_id is not None else ""}
        ORDER BY {order.merged} LIMIT %(limit)s"""  # noqa: S608 - built from constants


# A channel is of one brand: the lanes of the others would be walked to their ends for nothing.
_OF_CHANNEL = "WHERE lane.brand_id = (SELECT brand_id FROM channels_channel WHERE id = %(channel)s)"


def _walk_owned(access: Access, wanted: Wanted, order: Order, conditions: str, values: dict[str, Any]) -> str:
    """What one person owns, wherever it lies: one short index walk per status, merged."""
    conditions = _somewhere(access, wanted, conditions, values)
    return f"""
        SELECT {order.as_text} FROM unnest(%(statuses)s::text[]) AS wanted(status)
        CROSS JOIN LATERAL (
            SELECT {order.selected} FROM inbox_conversation c WHERE c.status = wanted.status AND {conditions}
            ORDER BY {order.sql} LIMIT %(limit)s
        ) AS k ORDER BY {order.merged} LIMIT %(limit)s"""  # noqa: S608 - built from constants


def _somewhere(access: Access, wanted: Wanted, conditions: str, values: dict[str, Any]) -> str:
    """Filters of lists that do not follow the lanes."""
    values["brands"] = array_literal(brands_of(access, wanted))
    conditions += " AND c.brand_id = ANY(%(brands)s::bigint[])"
    if wanted.queue_ids is not None:
        values["queues"] = array_literal(wanted.queue_ids)
        conditions += " AND c.queue_id = ANY(%(queues)s::bigint[])"
    return conditions


def _walk_granted(access: Access, wanted: Wanted, order: Order, conditions: str, values: dict[str, Any]) -> str:
    """What one person was let into, wherever it lies."""
    values |= {
        "user": access.user_id,
        "teams": array_literal(access.team_ids),
        "reasons": array_literal(wanted.granted),
    }
    conditions = _somewhere(access, wanted, conditions, values)
    source = """(SELECT DISTINCT conversation_id FROM inbox_grant
                 WHERE (user_id = %(user)s OR team_id = ANY(%(teams)s::bigint[]))
                   AND reason = ANY(%(reasons)s::text[])) AS g
                JOIN inbox_conversation c ON c.id = g.conversation_id"""
    return f"""
        SELECT {order.as_text} FROM (
            SELECT {order.selected} FROM {source}
            WHERE c.status = ANY(%(statuses)s::text[]) AND {conditions}
            ORDER BY {order.sql} LIMIT %(limit)s
        ) AS k ORDER BY {order.merged}"""  # noqa: S608 - built from constants


def _cursor(key: Sequence[str], order: Order) -> str:
    return signing.dumps([order.name, *key], salt=_CURSOR_SALT, compress=True)


def read_cursor(cursor: str, order: Order) -> list[str]:
    try:
        name, *position = signing.loads(cursor, salt=_CURSOR_SALT)
    except (signing.BadSignature, ValueError):
        name, position = "", []
    if name != order.name:
        raise Invalid("This page does not belong to this list.", fields={"cursor": "Begin the list anew."})
    return list(position)


_ROWS = Prepared(
    "inbox_rows",
    ["bigint[]"],
    """
SELECT c.id, c.revision, c.status, c.priority, c.waiting_since, c.due_at, c.last_message_at, c.snoozed_until,
       c.lease_until, c.queue_id, q.name, q.slug, d.slug, d.name, c.brand_id, b.slug, b.name, c.channel_id, ch.kind,
       c.thread_key, c.profile_id, p.id_scope, p.external_id, p.name, p.handle, p.followers, p.verified,
       p.avatar_url <> '',
       c.owner_id, COALESCE(o.name, ''), COALESCE(left(m.text, 280), ''), COALESCE(m.direction = 'out', false),
       m.deleted_at IS NOT NULL,
       EXISTS (SELECT FROM inbox_delivery y WHERE y.conversation_id = c.id
               AND y.state IN ('failed', 'unknown', 'needs_human')),
       ARRAY(SELECT t.name FROM inbox_conversationtag ct JOIN inbox_tag t ON t.id = ct.tag_id
             WHERE ct.conversation_id = c.id ORDER BY t.name)
FROM unnest($1) WITH ORDINALITY AS wanted(id, place)
JOIN inbox_conversation c ON c.id = wanted.id
JOIN inbox_queue q ON q.id = c.queue_id JOIN inbox_desk d ON d.id = q.desk_id
JOIN channels_brand b ON b.id = c.brand_id JOIN channels_channel ch ON ch.id = c.channel_id
JOIN inbox_profile p ON p.id = c.profile_id
LEFT JOIN accounts_user o ON o.id = c.owner_id
LEFT JOIN inbox_message m ON m.id = c.last_message
ORDER BY wanted.place
""",
)


def rows_of(pks: Sequence[int]) -> list[Row]:
    """The lines of these conversations, in this order; the caller has checked who may see them. One query."""
    if not pks:
        return []
    with connection.cursor() as cursor:
        _ROWS.execute(cursor, [array_literal(pks)])
        return [Row(*[*row[:-1], tuple(row[-1])]) for row in cursor.fetchall()]


def readable_rows(access: Access, pks: Sequence[int]) -> list[Row]:
    """The lines of those of these conversations that somebody may read, in this order. Two queries."""
    seen = set(Conversation.objects.visible_to(access).filter(pk__in=pks).values_list("pk", flat=True))
    return rows_of([pk for pk in pks if pk in seen])


def visible_rows(access: Access, pks: Sequence[int], wanted: Wanted) -> list[Row]:
    """The lines of those of these conversations that belong to a list, newest first. Two queries."""
    rows = Conversation.objects.visible_to(access).filter(
        pk__in=pks, status__in=statuses_of(wanted), brand_id__in=brands_of(access, wanted)
    )
    if wanted.queue_ids is not None:
        rows = rows.filter(queue_id__in=wanted.queue_ids)
    return rows_of(list(rows.order_by("-last_message_at", "-pk").values_list("pk", flat=True)))
