"""The product without the lock on a conversation: what `benchmarks.claims --break no-lock` serves."""

from socialcare.asgi import application  # noqa: I001 - sets Django up

from core.errors import NotFound
from inbox.querysets import ConversationQuerySet


def _unlocked(self: ConversationQuerySet, pk: int) -> object:
    row = self.filter(pk=pk).first()
    if row is None:
        raise NotFound("There is no such conversation.")
    return row


ConversationQuerySet.locked = _unlocked

__all__ = ["application"]
