"""The only list of what people are told about in the app: typed payloads and sentences. No tables here.

Every kind has a cause, by which people choose what they are told, and words for e-mail, which name no contact and
say nothing of what was written.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.events import Catalogue, EventKind

_PROMISE = {"person": str, "promise": str, "due": str}
_ASKED = {"person": str, "by": str, "to": str}

KINDS = Catalogue(
    EventKind("note.mentioned", "{by} named you in a note: {person}", {"person": str, "by": str}),
    EventKind("conversation.assigned", "{by} gave you {person}", {"person": str, "by": str}),
    EventKind("conversation.came", "{person} is yours now", {"person": str}),
    EventKind("conversation.taken_over", "{by} took {person} over from you", {"person": str, "by": str}),
    EventKind("handoff.asked", "{by} asks {to} to take {person}", _ASKED),
    EventKind("content.asked", "{by} asks {to} for content: {person}", _ASKED),
    EventKind("handoff.escalated", "{by} escalated {person} to {to}", {**_ASKED, "due": str}),
    EventKind(
        "handoff.overdue", "{person}: {to} was to acknowledge it by {due}", {"person": str, "to": str, "due": str}
    ),
    EventKind("handoff.answered", "{person}: {by} answered what you asked {to}", _ASKED),
    EventKind("content.answered", "{person}: {by} sent the content that you asked for", {"person": str, "by": str}),
    EventKind("followed.wrote", "{person} wrote again; you follow it", {"person": str}),
    EventKind("followed.answered", "{by} answered {person}; you follow it", {"person": str, "by": str}),
    EventKind("sla.warned", "{person}: {promise} at risk", _PROMISE),
    EventKind("sla.breached", "{person}: {promise} late", _PROMISE),
    EventKind(
        "rule.doubted",
        "{person}: {by} says that “{rule}” is wrong here: {reason}",
        {"person": str, "by": str, "rule": str, "reason": str},
    ),
    EventKind("rule.notified", "{person}: {sentence}", {"person": str, "sentence": str}),
)


class Cause(TextChoices):
    """Why somebody is told; what people choose by."""

    MENTION = "mention", _("Somebody names you or your team in a note")
    ASSIGNMENT = "assignment", _("A conversation is given to you, or taken over from you")
    ASK = "ask", _("Your team is asked to take a conversation, or for content")
    ESCALATION = "escalation", _("An escalation to your team, and one that nobody acknowledges")
    ANSWER = "answer", _("What you asked for was answered")
    FOLLOWED = "followed", _("Somebody writes in a conversation that you follow")
    PROMISE = "promise", _("A promise is at risk or late")
    RULE = "rule", _("A rule tells you, or somebody calls one wrong that you may change")


CAUSE_OF: Mapping[str, Cause] = {
    "note.mentioned": Cause.MENTION,
    "conversation.assigned": Cause.ASSIGNMENT,
    "conversation.came": Cause.ASSIGNMENT,
    "conversation.taken_over": Cause.ASSIGNMENT,
    "handoff.asked": Cause.ASK,
    "content.asked": Cause.ASK,
    "handoff.escalated": Cause.ESCALATION,
    "handoff.overdue": Cause.ESCALATION,
    "handoff.answered": Cause.ANSWER,
    "content.answered": Cause.ANSWER,
    "followed.wrote": Cause.FOLLOWED,
    "followed.answered": Cause.FOLLOWED,
    "sla.warned": Cause.PROMISE,
    "sla.breached": Cause.PROMISE,
    "rule.doubted": Cause.RULE,
    "rule.notified": Cause.RULE,
}

MAILED: Mapping[str, object] = {
    "note.mentioned": _("%(by)s named you in a note."),
    "conversation.assigned": _("%(by)s gave you a conversation."),
    "conversation.came": _("A conversation is yours now."),
    "conversation.taken_over": _("%(by)s took a conversation over from you."),
    "handoff.asked": _("%(by)s asks %(to)s to take a conversation."),
    "content.asked": _("%(by)s asks %(to)s for content."),
    "handoff.escalated": _("%(by)s escalated a conversation to %(to)s."),
    "handoff.overdue": _("Nobody in %(to)s has acknowledged an escalation."),
    "handoff.answered": _("%(by)s answered what you asked %(to)s."),
    "content.answered": _("%(by)s sent the content that you asked for."),
    "followed.wrote": _("Somebody wrote again in a conversation that you follow."),
    "followed.answered": _("%(by)s answered in a conversation that you follow."),
    "sla.warned": _("A promise is at risk."),
    "sla.breached": _("A promise is late."),
    "rule.doubted": _("%(by)s says that a rule is wrong about a conversation."),
    "rule.notified": _("A rule tells you of a conversation."),
}


def kinds_of(causes: Collection[str]) -> list[str]:
    """The kinds that these causes have."""
    return [kind for kind, cause in CAUSE_OF.items() if cause in causes]
