"""Models by cluster; import them from their own module."""

from routing.models import (
    author_list,
    content,
    decision,
    handoff,
    hours,
    macro,
    notice,
    rule,
    sla,
    staffing,
    triage,
    webhook,
)

__all__ = [
    "author_list",
    "content",
    "decision",
    "handoff",
    "hours",
    "macro",
    "notice",
    "rule",
    "sla",
    "staffing",
    "triage",
    "webhook",
]
