"""The only list of what people are told about in the app: typed payloads and sentences. No models here."""

from __future__ import annotations

from core.events import Catalogue, EventKind

KINDS = Catalogue(
    EventKind("sla.warned", "{person}: {promise} is due at {due}", {"person": str, "promise": str, "due": str}),
    EventKind("sla.breached", "{person}: {promise} is late since {due}", {"person": str, "promise": str, "due": str}),
    EventKind("rule.notified", "{person}: {sentence}", {"person": str, "sentence": str}),
)
