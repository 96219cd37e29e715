"""Brands: the names under which the organisation speaks."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from accounts import policies
from accounts.models import User
from accounts.services import audit
from channels.models import Brand
from core import wordlists
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
    with transaction.atomic(durable=True):
        policies.require_administrator(actor)
        brand = _locked(brand_id)
        _rename(brand, name, actor)
    return brand


def set_words(brand_id: int, *, words: Iterable[str], lookalikes: Iterable[str], actor: User) -> Brand:
    """Set what people call a brand, and the phrases in which such a word means something else.

    Records: brand.words_changed. Raises: Forbidden, NotFound, Invalid. Idempotent: what is so already is not written.
    """
    with transaction.atomic(durable=True):
        policies.require_administrator(actor)
        brand = _locked(brand_id)
        _set_words(brand, words, lookalikes, actor)
    return brand


def change(brand_id: int, name: str, *, words: Iterable[str], lookalikes: Iterable[str], actor: User) -> Brand:
    """Name and words at once, or neither. Records, raises: as `rename` and `set_words`."""
    with transaction.atomic(durable=True):
        policies.require_administrator(actor)
        brand = _locked(brand_id)
        _rename(brand, name, actor)
        _set_words(brand, words, lookalikes, actor)
    return brand


def _rename(brand: Brand, name: str, actor: User) -> None:
    name = name.strip()
    if brand.name != name:
        _require_free(name, but=brand)
        old, brand.name = brand.name, name
        brand.save(update_fields=["name"])
        audit.record("brand.renamed", actor=actor, data={"brand": name, "brand_id": brand.pk, "old": old})


def _set_words(brand: Brand, words: Iterable[str], lookalikes: Iterable[str], actor: User) -> None:
    own, others = wordlists.cleaned(words), wordlists.cleaned(lookalikes, field="lookalikes")
    clash = next((word for word in others if word in (*own, brand.name.lower())), "")
    if clash:
        says = f"“{clash}” is what the brand is called; give the phrase in which it means something else."
        raise Invalid(says, fields={"lookalikes": says})
    if (brand.words, brand.lookalikes) != (own, others):
        brand.words, brand.lookalikes = own, others
        brand.save(update_fields=["words", "lookalikes"])
        data = {"brand": brand.name, "brand_id": brand.pk, "words": own, "lookalikes": others}
        audit.record("brand.words_changed", actor=actor, data=data)


def _locked(brand_id: int) -> Brand:
    brand = Brand.objects.select_for_update(no_key=True).filter(pk=brand_id).first()
    if brand is None:
        raise NotFound("There is no such brand.")
    return brand


def _require_free(name: str, but: Brand | None = None) -> None:
    if not 0 < len(name) <= 80:
        raise Invalid("Name the brand.", fields={"name": "Use 1 to 80 characters."})
    if Brand.objects.filter(name__iexact=name).exclude(pk=but.pk if but else 0).exists():
        raise Invalid("There is such a brand.", fields={"name": "There is a brand of this name."})
