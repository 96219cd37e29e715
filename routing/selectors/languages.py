"""Which languages somebody reads, and what languages are called."""

from __future__ import annotations

from accounts.models import User
from core.wording import said
from routing.models.staffing import AgentSkill
from routing.triage.language import NAMES

# A little of a language (1 of 5) is not enough to read what people mean.
READS_FROM = 2


def read_by(user: User, screen: str) -> frozenset[str]:
    """The language `screen` in which somebody reads the interface, and those that their skills name; one query."""
    skills = AgentSkill.objects.filter(user=user, level__gte=READS_FROM).exclude(skill__language="")
    return frozenset([screen, *skills.values_list("skill__language", flat=True)])


def name_of(code: str) -> str:
    """A language in the reader's own; its code where we have no name for it."""
    return said(NAMES.get(code, code))


def names() -> dict[str, str]:
    """All that triage knows, by code; the names in the reader's language."""
    return {code: name_of(code) for code in NAMES}
