"""Profiles on other networks that may be the same person."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from inbox import likeness
from inbox.likeness import Shown
from inbox.models.conversation import Conversation
from inbox.models.customer import ToldApart
from inbox.models.people import Profile
from inbox.policies import Access

# Of a name that very many bear the first ones must do; the strongest three are shown.
LOOKED_AT = 200
PROPOSED = 3


@dataclass(frozen=True, slots=True)
class Proposal:
    """Somebody who may be the same person, what speaks for it, and a conversation of theirs that may be read."""

    profile: Profile
    evidence: tuple[str, ...]
    conversation_id: int


def proposals(profile: Profile, access: Access) -> list[Proposal]:
    """At most three, the likeliest first; only of people whose conversations one may read. Two queries."""
    wanted = _alike(shown(profile)) if profile.is_known else Q()
    if not wanted:
        return []
    ids = Profile.objects.filter(wanted).exclude(contact=profile.contact_id).values_list("pk", flat=True)
    apart = ToldApart.objects.filter(Q(one=profile.pk, other=OuterRef("pk")) | Q(other=profile.pk, one=OuterRef("pk")))
    rows = Profile.objects.filter(~Exists(apart), pk__in=list(ids[:LOOKED_AT]))
    readable = Conversation.objects.visible_to(access).filter(profile=OuterRef("pk"), merged_into=None)
    rows = rows.annotate(read=readable.order_by("-last_message_at").values("pk")[:1]).exclude(read=None)
    found = [(row, likeness.evidence(shown(profile), shown(row))) for row in rows]
    found = sorted((pair for pair in found if pair[1]), key=lambda pair: (-likeness.strength(pair[1]), pair[0].pk))
    return [Proposal(row, why, row.read) for row, why in found[:PROPOSED]]


def shown(profile: Profile) -> Shown:
    """What everybody sees of a profile."""
    place = (profile.network, profile.id_scope)
    return Shown(profile.pk, place, profile.handle, profile.name, profile.bio)


def _alike(mine: Shown) -> Q:
    """Whom the indexes find; empty = nobody can be looked for."""
    handles = [
        handle for handle in (mine.handle, *likeness.mentioned(mine.bio)) if len(handle) >= likeness.SHORTEST_HANDLE
    ]
    wanted = Q()
    for handle in dict.fromkeys(handles):
        wanted |= Q(handle__iexact=handle)
    return wanted | Q(name__iexact=mine.name) if likeness.is_telling(mine.name) else wanted
