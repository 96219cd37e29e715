"""Lists with conditions that no index answers, and in orders that none has: candidates are taken from an index in
slices and sifted. Where too many are looked at for one page, the page says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection

from core.copying import array_literal
from inbox.policies import Access
from inbox.selectors.conversations import (
    LONGEST_PAGE,
    PAGE,
    TURN,
    Order,
    Page,
    Sort,
    Wanted,
    keys_of,
    page_of,
    read_cursor,
    statuses_of,
    walked,
)
from inbox.selectors.visible import VISIBLE, visible_values

FIRST = 500
MOST = 20_000
WAITING = Order("waiting", ("COALESCE(c.waiting_since, 'infinity'::timestamptz)", "c.id"), ("timestamptz", "bigint"))
REACH = Order("reach", ("COALESCE(p.followers, -1)", "c.id"), ("bigint", "bigint"), descending=True)
SORTED: dict[str, Order] = {Sort.WAITING: WAITING, Sort.REACH: REACH}

Key = tuple[str, ...]


def is_sifted(wanted: Wanted) -> bool:
    """Whether a list needs more than an index."""
    return bool(wanted.where) or wanted.people is not None or wanted.sort in SORTED


def sifted_page(
    access: Access, wanted: Wanted, *, after: str | None = None, limit: int = PAGE, most: int = MOST
) -> Page:
    """One page of a list with further conditions, or by waiting time or reach; two queries per slice and one more.

    By waiting time and reach the first `most` of the list by due are sorted.

    Args:
        most: conversations that are looked at for one page.

    Raises: Invalid for a cursor that is not ours or of another list.
    """
    limit = min(limit, LONGEST_PAGE)
    order = SORTED.get(wanted.sort) or walked(wanted)
    position = read_cursor(after, order) if after else None
    keys, cut = _found(access, wanted, order, position, limit + 1, most)
    return page_of(keys, order, limit, cut=cut)


def count_up_to(access: Access, wanted: Wanted, limit: int, *, most: int = MOST) -> tuple[int, bool]:
    """How many are in a list, at most `limit`; and whether there may be more."""
    order = walked(wanted)
    if not is_sifted(wanted):
        found, cut = keys_of(access, wanted, order, None, limit + 1), False
    else:
        found, cut = _found(access, wanted, TURN if wanted.sort in SORTED else order, None, limit + 1, most)
    return min(len(found), limit), cut or len(found) > limit


def ids_of(access: Access, wanted: Wanted, limit: int) -> list[int]:
    """All that match, at most `limit`, by id: what a bulk act takes its snapshot from. Nothing is cut below that."""
    if wanted.people is not None:
        keys = _of_people(access, wanted, TURN, None, limit)
    else:
        keys = [key for chunk in _slices(access, wanted, TURN, None, limit) for key in _sift(wanted, TURN, chunk, None)]
    return sorted(int(key[-1]) for key in keys[:limit])


def _found(
    access: Access, wanted: Wanted, order: Order, position: Sequence[str] | None, limit: int, most: int
) -> tuple[list[Key], bool]:
    if wanted.people is not None:
        return _of_people(access, wanted, order, position, limit), False
    if order in SORTED.values():
        candidates = keys_of(access, wanted, TURN, None, most)
        return _sift(wanted, order, candidates, position)[:limit], len(candidates) == most
    found: list[Key] = []
    looked = 0
    for chunk in _slices(access, wanted, order, position, most):
        looked += len(chunk)
        found += _sift(wanted, order, chunk, None)
        if len(found) >= limit:
            return found[:limit], False
    return found, looked == most


def _slices(
    access: Access, wanted: Wanted, order: Order, position: Sequence[str] | None, most: int
) -> Iterator[list[Key]]:
    """Candidates in order, in slices that grow, at most so many."""
    length, left = FIRST, most
    while left > 0:
        asked = min(length, left)
        chunk = keys_of(access, wanted, order, position, asked)
        if chunk:
            yield chunk
        if len(chunk) < asked:
            return
        position, left, length = chunk[-1], left - asked, 4 * length


def _sift(wanted: Wanted, order: Order, keys: Sequence[Key], position: Sequence[str] | None) -> list[Key]:
    """Those of the candidates of which all conditions hold, in the order. One query."""
    beyond, values = order.beyond(position) if position is not None else ("true", {})
    statement = f"""
        SELECT {order.as_text} FROM (
            SELECT {order.selected} FROM unnest(%(candidates)s::bigint[]) AS candidate(id)
            JOIN inbox_conversation c ON c.id = candidate.id JOIN inbox_profile p ON p.id = c.profile_id
            WHERE {wanted.where.sql} AND {beyond}
        ) AS k ORDER BY {order.merged}"""  # noqa: S608 - built from constants
    return _fetched(statement, {**values, **dict(wanted.where.values), "candidates": _ids(keys)})


def _of_people(access: Access, wanted: Wanted, order: Order, position: Sequence[str] | None, limit: int) -> list[Key]:
    """All conversations with few people, wherever they lie. One query."""
    beyond, values = order.beyond(position) if position is not None else ("true", {})
    statement = f"""
        SELECT {order.as_text} FROM (
            SELECT {order.selected} FROM inbox_conversation c JOIN inbox_profile p ON p.id = c.profile_id
            WHERE c.profile_id = ANY(%(people)s::bigint[]) AND {VISIBLE} AND {wanted.where.sql} AND {beyond}
            AND c.status = ANY(%(listed)s::text[])
            ORDER BY {order.sql} LIMIT %(limit)s
        ) AS k ORDER BY {order.merged}"""  # noqa: S608 - built from constants
    given = {"people": array_literal(wanted.people or ()), "listed": array_literal(statuses_of(wanted))}
    return _fetched(statement, {**visible_values(access, wanted), **values, **given, "limit": limit})


def _ids(keys: Sequence[Key]) -> str:
    return array_literal(int(key[-1]) for key in keys)


def _fetched(statement: str, values: dict[str, Any]) -> list[Key]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
