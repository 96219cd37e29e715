"""Whom one can name in a note."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from accounts.models import Membership, Role, Team
from accounts.selectors import colleagues
from channels.models import BrandAccess
from inbox.mentions import Directory, Named, directory, handles

OFFERED = 8


def everybody(brand_id: int) -> list[Named]:
    """All people and teams by name, and whether they may see the brand; two queries. The disabled are left out."""
    access = BrandAccess.objects.filter(brand_id=brand_id)
    sees = Q(role=Role.ADMINISTRATOR) | Exists(access.filter(user=OuterRef("pk")))
    people = list(colleagues().annotate(sees=sees).values_list("pk", "name", "sees"))
    words = handles((pk, name) for pk, name, _ in people)
    return [Named("person", pk, name, words[pk], sees) for pk, name, sees in people] + _teams(brand_id)


def _teams(brand_id: int) -> list[Named]:
    seeing = Membership.objects.filter(team=OuterRef("pk"), user__is_active=True).filter(
        Q(user__role=Role.ADMINISTRATOR) | Q(user__brand_access__brand_id=brand_id)
    )
    rows = Team.objects.annotate(sees=Exists(seeing)).order_by("name").values_list("pk", "name", "slug", "sees")
    return [Named("team", pk, name, slug, sees) for pk, name, slug, sees in rows]


def directory_of(brand_id: int) -> Directory:
    """As `inbox.mentions.find` wants it."""
    return directory(everybody(brand_id))


def beginning_with(brand_id: int, text: str, *, but: int) -> list[Named]:
    """Who sees the brand and has a name, a part of a name or a handle that begins so; at most 8, without oneself."""
    wanted = " ".join(text.casefold().split())
    others = (one for one in everybody(brand_id) if one.sees and (one.kind, one.pk) != ("person", but))
    return [one for one in others if _begins(one, wanted)][:OFFERED]


def _begins(one: Named, wanted: str) -> bool:
    name = one.name.casefold()
    return any(words.startswith(wanted) for words in (one.handle, name, *name.split()))
