"""Which brands people see, for lists of people and brands: one query however many."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from django.db.models import Count, Q, QuerySet

from channels.models import Brand, BrandAccess, Channel
from core.errors import NotFound


def brand_names(user_ids: Collection[int]) -> dict[int, list[str]]:
    """Person's id → names of the brands given to them; administrators see all without being listed."""
    names: dict[int, list[str]] = defaultdict(list)
    rows = BrandAccess.objects.filter(user_id__in=user_ids).order_by("brand__name")
    for user_id, name in rows.values_list("user_id", "brand__name"):
        names[user_id].append(name)
    return names


def brand(pk: int) -> Brand:
    """Raises: NotFound."""
    row = Brand.objects.filter(pk=pk).first()
    if row is None:
        raise NotFound("There is no such brand.")
    return row


def connected() -> QuerySet[Channel]:
    """All accounts that were ever connected, by network and name."""
    return Channel.objects.order_by("kind", "handle")


def brand_sizes() -> list[tuple[Brand, int]]:
    """All brands by name, each with the number of active people to whom it is given; one query."""
    active = Count("access", filter=Q(access__user__is_active=True))
    return [(brand, brand.size) for brand in Brand.objects.annotate(size=active).order_by("name")]
