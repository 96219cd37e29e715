"""Brands: the names under which the organisation speaks."""

from __future__ import annotations

from django.db import transaction

from accounts import policies
from accounts.models import User
from accounts.services import audit
from channels.models import Brand
from core.errors import Invalid, NotFound
from core.slugs import free_slug


def create(name: str, *, actor: User) -> Brand:
    """Create a brand; administrators see it at once, others when they are given it.

    Records: brand.created. Raises: Forbidden, Invalid.
    """
    name = name.strip()
    with transaction.atomic(durable=True):
        policies.require_administrator(actor)
        _require_free(name)
        brand = Brand.objects.create(name=name, slug=free_slug(Brand, name, otherwise="brand"))
        audit.record("brand.created", actor=actor, data={"brand": name, "brand_id": brand.pk})
    return brand


def rename(brand_id: int, name: str, *, actor: User) -> Brand:
    """Give a brand another name. Records: brand.renamed. Raises: Forbidden, NotFound, Invalid."""
    name = name.strip()
    with transaction.atomic(durable=True):
        policies.require_administrator(actor)
        brand = Brand.objects.select_for_update(no_key=True).filter(pk=brand_id).first()
        if brand is None:
            raise NotFound("There is no such brand.")
        if brand.name != name:
            _require_free(name, but=brand)
            old, brand.name = brand.name, name
            brand.save(update_fields=["name"])
            audit.record("brand.renamed", actor=actor, data={"brand": name, "brand_id": brand.pk, "old": old})
    return brand


def _require_free(name: str, but: Brand | None = None) -> None:
    if not 0 < len(name) <= 80:
        raise Invalid("Name the brand.", fields={"name": "Use 1 to 80 characters."})
    if Brand.objects.filter(name__iexact=name).exclude(pk=but.pk if but else 0).exists():
        raise Invalid("There is such a brand.", fields={"name": "There is a brand of this name."})
