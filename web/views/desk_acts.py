"""Acts between desks: what is next, skipping, escalating, answering and asking for content."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.errors import Conflict, NotFound
from core.wording import said
from inbox.selectors import conversations, desks
from routing.selectors import content
from routing.selectors import handoffs as routing
from routing.services import asks, escalation, handoff, lane
from routing.services import next as upcoming
from web.access import access, person
from web.forms_desks import ContentForm, EscalateForm, SkipForm
from web.views.acts import Done, act, form_again


@require_POST
def next_one(request: HttpRequest) -> HttpResponse:
    """Claim the best that waits, and open it."""
    if not access(request).member_queue_ids:
        raise NotFound(_("You staff no queue."))
    try:
        row = upcoming.next_for(person(request))
    except Conflict as error:
        messages.error(request, said(error.message))
        return redirect("inbox-home")
    return redirect("conversation", row.queue.slug, row.pk)


@require_POST
def skip(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave it, with a reason."""
    form = SkipForm(request.POST, auto_id="skip-%s")
    if not form.is_valid():
        return form_again(request, pk, form, "skip")
    done = Done(_("Skipped: it is back in its queue."), leads_on=True)
    return act(request, pk, lambda: upcoming.skip(pk, actor=person(request), **form.cleaned_data), done)


@require_POST
def escalate(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask another queue urgently."""
    found = conversations.get_visible_conversation(person(request), pk, access=access(request))
    form = EscalateForm(request.POST, auto_id="escalate-%s", queues=desks.others(found.queue_id))
    if not form.is_valid():
        return form_again(request, pk, form, "escalate")
    given = dict(form.cleaned_data)
    queue = given.pop("queue")
    words = _("%(queue)s is asked, and has %(n)s minutes.") % {"queue": queue.name, "n": given["within"]}
    return act(request, pk, lambda: escalation.escalate(pk, to=queue, actor=person(request), **given), Done(words))


@require_POST
def ask_content(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for content; it stays here."""
    found = conversations.get_visible_conversation(person(request), pk, access=access(request))
    form = ContentForm(request.POST, auto_id="content-%s", queues=desks.others(found.queue_id))
    if not form.is_valid():
        return form_again(request, pk, form, "content")
    queue, words = form.cleaned_data["queue"], form.cleaned_data["ask"]
    done = Done(_("%s is asked. It stays yours.") % queue.name)
    return act(request, pk, lambda: asks.ask(pk, to=queue, actor=person(request), ask=words), done)


@require_POST
def return_from_lane(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand back what one had the first refusal of."""
    return act(request, pk, lambda: lane.give_back(pk, actor=person(request)), Done(_("Handed back.")))


@require_safe
def summary(request: HttpRequest, pk: int) -> HttpResponse:
    """The thread in a few lines, for the form of a hand-over."""
    found = conversations.get_visible_conversation(person(request), pk, access=access(request))
    return HttpResponse(content.summary_of(found), content_type="text/plain; charset=utf-8")


@require_POST
def acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    """On it."""
    conversation = routing.conversation_of(pk, access(request))
    done = Done(_("Acknowledged: nobody is chased any more."))
    return act(request, conversation, lambda: escalation.acknowledge(pk, actor=person(request)), done)


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer what was asked, and return it."""
    conversation, text = routing.conversation_of(pk, access(request)), request.POST.get("text", "")
    done = Done(_("Returned with your answer."))
    return act(request, conversation, lambda: handoff.answer(pk, actor=person(request), text=text), done)


@require_POST
def content_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Here it is."""
    conversation, text = content.conversation_of(pk, access(request)), request.POST.get("text", "")
    return act(request, conversation, lambda: asks.answer(pk, actor=person(request), text=text), Done(_("Sent.")))


@require_POST
def content_decline(request: HttpRequest, pk: int) -> HttpResponse:
    """No."""
    conversation, reason = content.conversation_of(pk, access(request)), request.POST.get("reason", "")
    done = Done(_("Declined."))
    return act(request, conversation, lambda: asks.decline(pk, actor=person(request), reason=reason), done)


@require_POST
def content_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Never mind."""
    conversation = content.conversation_of(pk, access(request))
    return act(request, conversation, lambda: asks.withdraw(pk, actor=person(request)), Done(_("Taken back.")))
