"""Saved views as somebody finds them."""

from __future__ import annotations

import hashlib

from django.core.cache import cache
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from core.errors import NotFound
from core.fixed import Slot, fixed
from inbox.models.view import SavedView
from inbox.policies import Access
from inbox.selectors import finding
from inbox.selectors.conversations import ANY, Wanted

LISTED = 100
COUNTED_FOR_S = 30
Audience = SavedView.Audience


def views_of(access: Access) -> list[SavedView]:
    """One's own, those of one's teams and everybody's, by name; one query."""
    return _views(user=access.user_id, teams=access.team_ids)


@fixed(user="bigint", teams="bigint[]")
def _views(user: Slot, teams: Slot) -> QuerySet[SavedView]:
    shared = Q(audience=Audience.ALL) | Q(audience=Audience.TEAM, team_id__anyof=teams)
    rows = SavedView.objects.filter(Q(owner_id=user) | shared, deleted_at=None)
    return rows.select_related("owner").order_by(Lower("name"), "pk")[:LISTED]


def get_view(access: Access, pk: int) -> SavedView:
    """A view that somebody finds among theirs. Raises: NotFound."""
    found = next((view for view in views_of(access) if view.pk == pk), None)
    if found is None:
        raise NotFound("There is no such view.")
    return found


def counts_of(access: Access, views: list[SavedView]) -> dict[int, tuple[int, bool]]:
    """How many each holds, at most 1,000, and whether there are more: counted at most every 30 seconds a person."""
    keys = {_key(access, view): view for view in views}
    known = cache.get_many(keys)
    fresh = {key: count_of(access, view) for key, view in keys.items() if key not in known}
    if fresh:
        cache.set_many(fresh, COUNTED_FOR_S)
    return {keys[key].pk: (found[0], found[1]) for key, found in {**known, **fresh}.items()}


def _key(access: Access, view: SavedView) -> str:
    query = hashlib.blake2b(view.query.encode(), digest_size=8).hexdigest()
    return f"inbox.view.{access.user_id}.{view.pk}.{query}"


def count_of(access: Access, view: SavedView) -> tuple[int, bool]:
    """How many it holds for this person, at most 1,000; and whether there are more."""
    return finding.count(access, view.query, Wanted(status=ANY), strict=True)
