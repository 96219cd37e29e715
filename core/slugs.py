"""Short names for addresses, from names that people give."""

from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.utils.text import slugify

LONGEST = 50


def free_slug(model: type[Model], name: str, *, otherwise: str) -> str:
    """A slug for `name` that no row of `model` has: `care`, then `care-2`. `otherwise`: for names without letters."""
    slug = slugify(name)[:LONGEST] or otherwise
    rows: Any = model._default_manager
    taken = set(rows.filter(slug__startswith=slug).values_list("slug", flat=True))
    return next(each for each in (slug, *(f"{slug}-{n}" for n in range(2, len(taken) + 3))) if each not in taken)
