"""Whom one can name in a note."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

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
    sees = Exists(_seeing(brand_id).filter(team=OuterRef("pk")))
    rows = Team.objects.annotate(sees=sees).order_by("name").values_list("pk", "name", "slug", "sees")
    return [Named("team", pk, name, slug, sees) for pk, name, slug, sees in rows]


def seeing(team_ids: Iterable[int], brand_id: int) -> set[int]:
    """The active people of these teams who may see the brand; one query."""
    return set(_seeing(brand_id).filter(team__in=team_ids).values_list("user_id", flat=True))


def _seeing(brand_id: int) -> QuerySet[Membership]:
    may = Q(user__role=Role.ADMINISTRATOR) | Q(user__brand_access__brand_id=brand_id)
    return Membership.objects.filter(may, user__is_active=True)


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
