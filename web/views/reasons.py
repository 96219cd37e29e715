"""Why a conversation is where it is."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.selectors import supervises
from core.errors import Invalid
from inbox.selectors.conversations import get_visible_conversation
from routing.selectors import why
from routing.selectors.why import Reason
from routing.services import doubts
from web.access import access, person
from web.came_from import beside, carried, place_for
from web.forms_triage import DoubtForm

CHOICES = 12
"""More than so many are chosen from a list on a page of its own."""


@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """The chain of verdicts and rules, in words; whoever may read the conversation may read it."""
    conversation = get_visible_conversation(person(request), pk, access=access(request))
    may_open = supervises(person(request))
    context: dict[str, Any] = {
        **beside(request, conversation),
        "queue": conversation.queue.name,
        "desk": conversation.queue.desk.slug,
        "reasons": [_shown(one, may_open=may_open) for one in why.reasons(conversation.pk)],
        "doubt_url": reverse("conversation-doubt", args=[conversation.pk]),
    }
    return render(request, "rules/reasons.html", context)


@require_POST
def doubt(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a rule is wrong about the conversation, and back to the chain."""
    conversation = get_visible_conversation(person(request), pk, access=access(request))
    form = DoubtForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("Say why the rule is wrong."))
    doubts.doubt(pk, **form.cleaned_data, actor=person(request))
    messages.success(request, _("Thank you: who may change the rules is told."))
    return redirect(reverse("conversation-reasons", args=[pk]) + carried(place_for(request, conversation)))


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
        "rule": one.rule,
        "rule_url": reverse("rule", args=[one.rule]) if may_open and one.rule else "",
    }
