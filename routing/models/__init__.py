"""Models by cluster; import them from their own module."""

from routing.models import content, handoff, notice, staffing

__all__ = ["content", "handoff", "notice", "staffing"]
