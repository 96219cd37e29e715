"""Models by cluster; import them from their own module."""

from routing.models import author_list, content, decision, handoff, notice, rule, staffing, webhook

__all__ = ["author_list", "content", "decision", "handoff", "notice", "rule", "staffing", "webhook"]
