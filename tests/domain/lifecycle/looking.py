"""What the tests look at."""

from collections import Counter

from inbox.models.conversation import Conversation, Count, CountDelta
from inbox.models.work import ConversationEvent


def kinds_of(conversation: Conversation) -> list[str]:
    """The kinds of its events, oldest first."""
    return list(
        ConversationEvent.objects.filter(conversation=conversation).order_by("id").values_list("kind", flat=True)
    )


Lane = tuple[int, int, int | None, str, bool]


def counted() -> dict[Lane, int]:
    """What the kept counters say, zeros left out: (queue, brand, owner, status, waiting) → conversations."""
    totals: Counter[Lane] = Counter()
    for table in (Count, CountDelta):
        for *lane, n in table.objects.values_list("queue_id", "brand_id", "owner_id", "status", "waiting", "n"):
            totals[tuple(lane)] += n
    return {lane: n for lane, n in totals.items() if n}


def recounted() -> dict[Lane, int]:
    """The same by counting."""
    rows = Conversation.objects.values_list("queue_id", "brand_id", "owner_id", "status", "waiting_since")
    return dict(Counter((*lane, waiting is not None) for *lane, waiting in rows))
