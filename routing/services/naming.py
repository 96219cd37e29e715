"""What the things are called that rules may name, and thereby which of them exist."""

from __future__ import annotations

from accounts.models import User
from channels.models import Brand, Channel
from inbox.models.issue import Issue
from inbox.models.queue import Queue
from routing.models.author_list import AuthorList
from routing.models.sla import SlaPolicy
from routing.models.staffing import Skill
from routing.models.webhook import Webhook
from routing.rules.contracts import Names


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
    )
