"""What the tests look at."""

from collections import Counter

from django.db import connection

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


def tables_with(word: str) -> list[str]:
    """Every table of ours with this word in any row, bytes included."""
    found = []
    with connection.cursor() as cursor:
        for name in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(
                f"SELECT EXISTS (SELECT FROM {name} t WHERE t::text ILIKE %s OR t::text ILIKE %s)",
                [f"%{word}%", f"%{word.encode().hex()}%"],
            )
            if cursor.fetchone()[0]:
                found.append(name)
    return found
