"""What fits one place: a brand, a queue, a network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Q

from inbox.models.conversation import Conversation
from inbox.querysets import KeptQuerySet

K = TypeVar("K", bound=Any)


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is written. `queue_id` None = in no queue in particular."""

    brand_id: int
    network: str
    queue_id: int | None = None


def place_of(conversation: Conversation) -> Place:
    """Needs `channel` loaded."""
    return Place(conversation.brand_id, conversation.channel.kind, conversation.queue_id)


def fitting(rows: KeptQuerySet[K], place: Place) -> KeptQuerySet[K]:
    """Of what names brands, queues and networks that which holds in a place; what names none holds everywhere."""
    rows = rows.filter(Q(brand=None) | Q(brand=place.brand_id))
    rows = rows.filter(Q(networks=[]) | Q(networks__contains=[place.network]))
    through = rows.model.queues.through.objects
    own = rows.model._meta.model_name
    here = through.filter(queue=place.queue_id).values(own)
    return rows.filter(Q(pk__in=here) | ~Q(pk__in=through.values(own)))
