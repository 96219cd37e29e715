"""The rules of the brand's voice: as the list shows them, and those by which a text is checked."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from core.errors import NotFound
from inbox.models.voice import VoiceRule
from inbox.policies import Access
from inbox.second_look import Guideline
from inbox.selectors.placing import Place, fitting
from inbox.voice import rules

LISTED = 200


def listed(access: Access, *, text: str = "", archived: bool = False) -> list[VoiceRule]:
    """Those of somebody's brands, by brand and name; at most 200; two queries."""
    rows = VoiceRule.objects.visible_to(access).filter(archived_at__isnull=not archived)
    return list(_whole(rows.holding(text, "name", "guideline")).order_by("brand__name", "name", "id")[:LISTED])


def one(access: Access, pk: int) -> VoiceRule:
    """One of them, an archived one too; two queries. Raises: NotFound."""
    row = _whole(VoiceRule.objects.visible_to(access)).filter(pk=pk).first()
    if row is None:
        raise NotFound("There is no such rule.")
    return row


def in_force(place: Place, visibility: str) -> list[rules.VoiceRule]:
    """By what a text is checked there: what asks first, then by name; one query."""
    rows = fitting(VoiceRule.objects.in_use(), place).filter(Q(visibility="") | Q(visibility=visibility))
    return [_rule(row) for row in rows.order_by("-asks", "name", "id")[:LISTED]]


def _rule(row: VoiceRule) -> rules.VoiceRule:
    terms = rules.Terms(tuple((avoid, instead) for avoid, instead in row.words), row.most, row.form)
    guideline = Guideline(row.name, row.guideline, row.url)
    return rules.VoiceRule(row.pk, row.kind, terms, guideline, row.asks, row.language)


def _whole(rows: QuerySet[VoiceRule]) -> QuerySet[VoiceRule]:
    return rows.select_related("brand", "changed_by").prefetch_related("queues")
