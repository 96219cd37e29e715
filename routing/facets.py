"""What triage knows of conversations, for searches and views: of the newest message that somebody outside wrote.

What a person corrected comes before what triage said.
"""

from __future__ import annotations

from collections.abc import Mapping

from inbox import facets
from inbox.models.issue import Issue
from routing.triage.contracts import KINDS, SENTIMENTS
from routing.triage.language import NAMES

_VALUE = """
(SELECT COALESCE(
    (SELECT k.value FROM routing_correction k WHERE k.message_id = newest.id AND k.label = '{label}'),
    (SELECT t.{label} FROM routing_messagetriage t WHERE t.message_id = newest.id ORDER BY t.id DESC LIMIT 1))
 FROM inbox_message newest WHERE newest.conversation_id = c.id AND newest.direction = 'in'
 ORDER BY newest.posted_at DESC, newest.id DESC LIMIT 1)"""


def issues() -> dict[str, str]:
    """All that ever were on the list: what was judged keeps its issue; one query."""
    return dict(Issue.objects.values_list("slug", "name"))


def _same(values: tuple[str, ...]) -> Mapping[str, str]:
    return dict(zip(values, values, strict=True))


def register() -> None:
    """Make triage's verdicts searchable; called once, when the application is ready."""
    facets.register("mood", facets.Facet(lambda: _same(SENTIMENTS), _VALUE.format(label="sentiment")))
    facets.register("kind", facets.Facet(lambda: _same(KINDS), _VALUE.format(label="kind")))
    facets.register("issue", facets.Facet(issues, _VALUE.format(label="issue")))
    facets.register("lang", facets.Facet(lambda: NAMES, _VALUE.format(label="language")))
