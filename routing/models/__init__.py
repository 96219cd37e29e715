"""Models by cluster; import them from their own module."""

from routing.models import (
    attention,
    author_list,
    content,
    decision,
    handoff,
    hours,
    macro,
    notice,
    push,
    rule,
    sla,
    staffing,
    triage,
    webhook,
)

__all__ = [
    "attention",
    "author_list",
    "content",
    "decision",
    "handoff",
    "hours",
    "macro",
    "notice",
    "push",
    "rule",
    "sla",
    "staffing",
    "triage",
    "webhook",
]
