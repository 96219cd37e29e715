"""Which languages somebody reads."""

from __future__ import annotations

from accounts.models import User
from routing.models.staffing import AgentSkill

# A little of a language (1 of 5) is not enough to read what people mean.
READS_FROM = 2


def read_by(user: User, screen: str) -> frozenset[str]:
    """The language `screen` in which somebody reads the interface, and those that their skills name; one query."""
    skills = AgentSkill.objects.filter(user=user, level__gte=READS_FROM).exclude(skill__language="")
    return frozenset([screen, *skills.values_list("skill__language", flat=True)])
