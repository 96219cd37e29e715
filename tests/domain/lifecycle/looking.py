"""What the tests look at."""

from inbox.models.conversation import Conversation
from inbox.models.work import ConversationEvent


def kinds_of(conversation: Conversation) -> list[str]:
    """The kinds of its events, oldest first."""
    return list(
        ConversationEvent.objects.filter(conversation=conversation).order_by("id").values_list("kind", flat=True)
    )
