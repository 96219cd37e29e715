"""Models by cluster; import them from their own module."""

from inbox.models import bulk, conversation, customer, issue, message, people, queue, reply, view, voice, work

__all__ = ["bulk", "conversation", "customer", "issue", "message", "people", "queue", "reply", "view", "voice", "work"]
