"""Macros as lists and conversations show them; a fixed number of queries each."""

from __future__ import annotations

from django.db.models import Q

from core.errors import NotFound
from inbox.models.conversation import Conversation
from inbox.models.queue import Queue
from inbox.models.reply import SavedReply
from inbox.policies import Access
from routing import macro_steps
from routing.models.macro import Macro

LISTED = 200
NAMED = ("team", "owner", "brand", "changed_by")


def listed(access: Access, *, text: str = "", archived: bool = False) -> list[Macro]:
    """Those that somebody may run, by name; at most 200; one query."""
    rows = Macro.objects.visible_to(access).filter(archived_at__isnull=not archived).select_related(*NAMED)
    for word in text.replace("\0", "").split()[:10]:
        rows = rows.filter(name__icontains=word)
    return list(rows.order_by("name", "id")[:LISTED])


def one(access: Access, pk: int) -> Macro:
    """One of them, an archived one too. Raises: NotFound."""
    row = Macro.objects.visible_to(access).select_related(*NAMED).filter(pk=pk).first()
    if row is None:
        raise NotFound("There is no such macro.")
    return row


def usable(conversation: Conversation, access: Access) -> list[Macro]:
    """Those that may be run on a conversation: of its brand or of all; by name; one query."""
    rows = Macro.objects.visible_to(access).in_use().filter(Q(brand=None) | Q(brand=conversation.brand_id))
    return list(rows.select_related(*NAMED).order_by("name", "id")[:LISTED])


def names_in(macros: list[Macro], access: Access) -> dict[tuple[str, int], str]:
    """What the saved replies and queues of these macros are called, by (step, id); two queries."""
    wanted = {(step["do"], step["value"]) for macro in macros for step in macro.steps}
    replies = [value for do, value in wanted if do == macro_steps.INSERT]
    queues = [value for do, value in wanted if do == macro_steps.HAND_OFF]
    known = SavedReply.objects.visible_to(access).filter(pk__in=replies).values_list("pk", "name")
    named = Queue.objects.filter(pk__in=queues).values_list("pk", "name")
    return {
        **{(macro_steps.INSERT, pk): name for pk, name in known},
        **{(macro_steps.HAND_OFF, pk): name for pk, name in named},
    }
