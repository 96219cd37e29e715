"""Models by cluster; import them from their own module."""

from routing.models import handoff

__all__ = ["handoff"]
