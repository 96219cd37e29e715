"""Models by cluster; import them from their own module."""

from routing.models import handoff, notice

__all__ = ["handoff", "notice"]
