"""Models by cluster; import them from their own module."""

from inbox.models import bulk, conversation, issue, message, people, queue, reply, view, work

__all__ = ["bulk", "conversation", "issue", "message", "people", "queue", "reply", "view", "work"]
