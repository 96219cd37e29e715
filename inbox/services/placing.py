"""Where something is offered or holds: in some queues, on some networks, for one language; checked and named."""

from __future__ import annotations

import re
from collections.abc import Collection

from channels.contracts import Kind
from core.errors import Invalid
from inbox.models.queue import Queue

_LANGUAGE = re.compile(r"[a-z]{2,3}")


def networks(given: Collection[str]) -> list[str]:
    """Each once. Raises: Invalid at `networks`."""
    known = list(dict.fromkeys(given))
    if strange := [name for name in known if name not in set(Kind)]:
        raise invalid("networks", f"There is no network “{strange[0][:40]}”.")
    return known


def language(given: str) -> str:
    """A code, or "". Raises: Invalid at `language`."""
    if given and not _LANGUAGE.fullmatch(given):
        raise invalid("language", "A language is named by its code, such as en or de.")
    return given


def queues(ids: Collection[int]) -> list[Queue]:
    """The queues. Raises: Invalid at `queues`."""
    rows = list(Queue.objects.filter(pk__in=list(ids)))
    if len(rows) != len(set(ids)):
        raise invalid("queues", "There is no such queue.")
    return rows


def invalid(field: str, sentence: str) -> Invalid:
    """The refusal that names one field."""
    return Invalid(sentence, fields={field: sentence})
