"""What the things are called that rules may name, and thereby which of them exist."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from accounts.models import Membership, User
from channels.models import Brand, Channel
from core.wording import said
from inbox.models.issue import Issue
from inbox.models.queue import Queue
from routing.models.author_list import AuthorList
from routing.models.sla import SlaPolicy
from routing.models.staffing import AgentSkill, Skill
from routing.models.webhook import Webhook
from routing.rules.contracts import SKILL_LEVEL, Names
from routing.services import sla_setup


def names() -> Names:
    """Everything that is there now; a fixed number of queries."""
    channels = list(Channel.objects.order_by("pk").values_list("pk", "kind", "handle", "brand_id"))
    networks: dict[str, str] = dict(Channel.Kind.choices)
    people = User.objects.filter(is_active=True, is_integration=False).order_by("name", "pk")
    return Names(
        networks=networks,
        channels={pk: f"@{handle} on {networks.get(kind, kind)}" for pk, kind, handle, _ in channels},
        brands=dict(Brand.objects.order_by("name").values_list("pk", "name")),
        queues=dict(Queue.objects.values_list("pk", "name")),
        people=dict(people.values_list("pk", "name")),
        lists=dict(AuthorList.objects.values_list("pk", "name")),
        webhooks=dict(Webhook.objects.filter(is_on=True).values_list("pk", "name")),
        policies=dict(SlaPolicy.objects.filter(archived_at=None).values_list("pk", "name")),
        issues=dict(Issue.objects.filter(retired_at=None).values_list("slug", "name")),
        skills=dict(Skill.objects.values_list("slug", "name")),
        channel_brand={pk: brand for pk, _, _, brand in channels},
        channel_network={pk: kind for pk, kind, _, _ in channels},
        staff=_staff(),
        opens=frozenset(sla_setup.queues_with_hours(open_at_all=True)),
    )


def names_for_reading() -> Names:
    """The same, for rules that are shown and not stored: in the reader's language."""
    return replace(names(), say=said)


def _staff() -> dict[int, frozenset[str]]:
    """By queue that somebody staffs, the skills that its people have as rules ask for them; two queries."""
    held: dict[int, set[str]] = defaultdict(set)
    rows = AgentSkill.objects.filter(level__gte=SKILL_LEVEL).values_list("user", "skill__slug")
    for user_id, slug in rows:
        held[user_id].add(slug)
    found: dict[int, set[str]] = defaultdict(set)
    members = Membership.objects.filter(user__is_active=True, user__is_integration=False, team__queues__isnull=False)
    for queue_id, user_id in members.values_list("team__queues", "user"):
        found[queue_id] |= held[user_id]
    return {queue_id: frozenset(slugs) for queue_id, slugs in found.items()}
