"""Models by cluster; import them from their own module."""

from inbox.models import conversation, issue, message, people, queue, reply, work

__all__ = ["conversation", "issue", "message", "people", "queue", "reply", "work"]
