"""Why a conversation is where it is."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.selectors import supervises
from inbox.selectors.conversations import get_visible_conversation
from routing.selectors import why
from routing.selectors.why import Reason
from web.access import access, person

CHOICES = 12
"""More than so many are chosen from a list on a page of its own."""


@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """The chain of verdicts and rules, in words; whoever may read the conversation may read it."""
    conversation = get_visible_conversation(person(request), pk, access=access(request))
    may_open = supervises(person(request))
    context: dict[str, Any] = {
        "conversation_url": reverse("conversation", args=[conversation.queue.slug, conversation.pk]),
        "person": conversation.profile.label,
        "queue": conversation.queue.name,
        "desk": conversation.queue.desk.slug,
        "reasons": [_shown(one, may_open=may_open) for one in why.reasons(conversation.pk)],
        "rail_active": "inbox",
    }
    return render(request, "rules/reasons.html", context)


def _shown(one: Reason, *, may_open: bool) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "label": one.label,
        "sentence": one.sentence,
        "corrected": one.corrected,
        "sure": one.sure,
        "percent": round(one.sure * 100) if one.sure is not None else None,
        "at": one.at,
        "version": one.version,
        "wrong_url": reverse("message-triage", args=[one.message_id]) if one.choices else "",
        "right_url": reverse("message-correction", args=[one.message_id]) if one.choices else "",
        "code": one.code,
        "key": f"{one.message_id}-{one.code}",
        "choices": list(one.choices.items()) if len(one.choices) <= CHOICES else [],
        "rule_url": reverse("rule", args=[one.rule]) if may_open and one.rule else "",
    }
