"""The only list of what people are told about in the app: typed payloads and sentences. No models here."""

from __future__ import annotations

from core.events import Catalogue, EventKind

KINDS = Catalogue(
    EventKind("sla.warned", "{person}: {promise} at risk", {"person": str, "promise": str, "due": str}),
    EventKind("sla.breached", "{person}: {promise} late", {"person": str, "promise": str, "due": str}),
    EventKind(
        "handoff.overdue", "{person}: {to} was to acknowledge it by {due}", {"person": str, "to": str, "due": str}
    ),
    EventKind("handoff.answered", "{person}: {by} answered what you asked {to}", {"person": str, "by": str, "to": str}),
    EventKind("content.answered", "{person}: {by} sent the content that you asked for", {"person": str, "by": str}),
    EventKind("rule.notified", "{person}: {sentence}", {"person": str, "sentence": str}),
)
