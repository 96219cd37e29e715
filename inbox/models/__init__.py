"""Models by cluster; import them from their own module."""

from inbox.models import conversation, message, people, queue, work

__all__ = ["conversation", "message", "people", "queue", "work"]
