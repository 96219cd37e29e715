"""Who sees which brands."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from accounts import policies
from accounts.models import Invitation, User
from accounts.services import audit
from accounts.services.sessions import topic_of
from channels.models import Brand, BrandAccess
from core import live
from core.errors import Invalid, NotFound


def set_brands(user_id: int, brand_ids: Collection[int], *, actor: User) -> User:
    """Let somebody see exactly these brands. Records: person.brands_changed. Raises: Forbidden, NotFound, Invalid."""
    with transaction.atomic(durable=True):
        policies.require_administrator(actor)
        person = User.objects.select_for_update(no_key=True).filter(pk=user_id).first()
        if person is None:
            raise NotFound("There is no such person.")
        if Brand.objects.filter(pk__in=brand_ids).count() != len(set(brand_ids)):
            raise Invalid("There is no such brand.", fields={"brands": "Choose from the list."})
        _write(person, set(brand_ids), actor)
    return person


def bring_brands(person: User, invitation: Invitation) -> None:
    """Give somebody who joins the brands of the invitation; those that are gone by then are left out."""
    there = Brand.objects.filter(pk__in=invitation.brand_ids).values_list("pk", flat=True)
    _write(person, set(there), invitation.invited_by)


def _write(person: User, wanted: set[int], actor: User | None) -> None:
    before = set(BrandAccess.objects.filter(user=person).values_list("brand_id", flat=True))
    if wanted == before:
        return
    BrandAccess.objects.filter(user=person, brand_id__in=before - wanted).delete()
    BrandAccess.objects.bulk_create(BrandAccess(user=person, brand_id=pk) for pk in wanted - before)
    names = dict(Brand.objects.filter(pk__in=wanted | before).values_list("pk", "name"))
    audit.record(
        "person.brands_changed",
        actor=actor,
        subject=person,
        data={
            "added": sorted(names[pk] for pk in wanted - before),
            "removed": sorted(names[pk] for pk in before - wanted),
        },
    )
    live.ping_on_commit(topic_of(person.pk), kind="rights.changed")
