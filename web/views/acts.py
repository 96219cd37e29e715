"""Acts on a conversation: a form in, the fresh head and a toast out; without script a page that says the same."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.clock import database_now
from core.errors import Conflict, Invalid, NotFound, SocialCareError
from core.wording import day_and_time, said
from inbox.models.conversation import Conversation
from inbox.selectors import conversations, desks, items
from inbox.services import lifecycle, moderation, ownership, people, replies, tags
from inbox.services.acts import owner_seen
from inbox.services.following import follow
from routing.selectors import handoffs as routing
from routing.services import handoff
from web import composer_rows, thread_rows
from web.access import access, forget, person
from web.came_from import place_for
from web.forms_inbox import HandoffForm, RecordForm, ResolveForm, SnoozeForm, TagForm
from web.refusals import refuse
from web.views.inbox import HTMX

NEXT = "X-Next"
KEPT = "kept"  # the page has the next conversation already and shows it at once
LISTED = "list"  # the page leads to the list


@dataclass(frozen=True, slots=True)
class Done:
    """What the toast says, how to take it back, and whether the next conversation is opened."""

    text: str
    undo_url: str = ""
    undo_fields: tuple[tuple[str, str], ...] = ()
    leads_on: bool = False


def answer(
    request: HttpRequest, pk: int, done: Done | None, *, status: int = 200, problem: str = "", **forms: Any
) -> HttpResponse:
    """The fresh head with a toast (htmx), or back to the thread with a message."""
    if done and _is_left(request, pk, done):
        return _toast_alone(request, pk, done)
    full = _visible(request, pk)
    if full is None and status == 422:  # a wrong form about what one does not read says nothing about it
        raise NotFound(_("There is no such conversation."))
    if not request.headers.get(HTMX):
        undo = done.undo_url if done and not done.undo_fields else ""  # a message keeps an address and nothing else
        say = messages.error if problem else messages.success
        say(request, problem or (done.text if done else ""), extra_tags=undo)
        return redirect(place_for(request, full).conversation_url(pk)) if full else redirect("inbox-home")
    context: dict[str, Any] = {"toast": _toast(done, problem)}
    if full is None:  # it has moved to where this person does not read
        return render(request, "inbox/_left.html", {**context, "pk": pk}, status=status)
    place = place_for(request, full)
    context |= thread_rows.head(request, full, place, **forms)
    context |= thread_rows.asks(request, full)
    context |= {"step": composer_rows.step(full, person(request))}
    return led_on(render(request, "inbox/_acted.html", context, status=status), pk, on=bool(done and done.leads_on))


def _is_left(request: HttpRequest, pk: int, done: Done) -> bool:
    """Whether the fresh head would be drawn for nobody: the page goes on, or it is a toast that asks beside another."""
    if done.leads_on and request.headers.get(NEXT) in (KEPT, LISTED):
        return True
    page = "" if request.headers.get("HX-Target") else urlsplit(request.headers.get("HX-Current-URL", "")).path
    return bool(page) and f"/{pk}/" not in page


def _toast_alone(request: HttpRequest, pk: int, done: Done) -> HttpResponse:
    """What was done; where the page leads to the list, the list says it."""
    on_list = done.leads_on and goes_to_list(request)
    if on_list:
        messages.success(request, done.text, extra_tags=done.undo_url)
    response = render(request, "inbox/_toast_oob.html", {"toast": None if on_list else _toast(done, "")})
    response["HX-Reswap"] = "none"
    return led_on(response, pk, on=done.leads_on)


def goes_to_list(request: HttpRequest) -> bool:
    """Whether the page leads to the list once it is done with the conversation: on a phone."""
    return request.headers.get(NEXT) == LISTED


def _toast(done: Done | None, problem: str) -> dict[str, Any] | None:
    toast: dict[str, Any] = {"text": problem or (done.text if done else ""), "tone": "error" if problem else "success"}
    if done and done.undo_url:
        toast |= {"undo_url": done.undo_url, "undo_fields": dict(done.undo_fields)}
    return toast if toast["text"] else None


def led_on(response: HttpResponse, pk: int, *, on: bool) -> HttpResponse:
    """Have the page open what stands below the conversation that is done with."""
    if on:
        response["HX-Trigger-After-Settle"] = json.dumps({"rows:next": {"conversation": pk}})
    return response


def _visible(request: HttpRequest, pk: int) -> Conversation | None:
    try:
        return conversations.get_visible_conversation(person(request), pk, access=access(request))
    except NotFound:
        return None


def _back(request: HttpRequest, pk: int) -> str:
    found = conversations.get_visible_conversation(person(request), pk, access=access(request))
    return place_for(request, found).conversation_url(pk)


def act(request: HttpRequest, pk: int, call: Callable[[], Any], done: Done) -> HttpResponse:
    """Run a service; a refusal is told with the fresh state, a stranger gets what an absent one gets."""
    try:
        call()
    except (Conflict, Invalid) as error:
        return answer(request, pk, None, status=error.http_status, problem=said(error.message))
    forget(request)
    return answer(request, pk, done)


@require_POST
def assignment(request: HttpRequest, pk: int) -> HttpResponse:
    """Claim (me), take over (me, take_over), assign (an id), release (empty)."""
    me, agent = person(request), request.POST.get("agent", "")
    url = f"/conversations/{pk}/assignment/"
    if agent == "me" and request.POST.get("take_over"):
        call = lambda: ownership.take_over(pk, actor=me, seen_owner=_owner_seen(request, pk))  # noqa: E731
        return act(request, pk, call, Done(_("You took it over.")))
    if agent == "me":
        undo = Done(_("You claimed it."), url, (("agent", ""), ("reason", _("Undone"))))
        return act(request, pk, lambda: ownership.claim(pk, actor=me), undo)
    if not agent:
        reason = request.POST.get("reason", "")
        undo = Done(_("It is back in its queue."), url, (("agent", "me"),))
        return act(request, pk, lambda: ownership.release(pk, actor=me, reason=reason), undo)
    other = items.agent(int(agent)) if agent.isdecimal() and len(agent) < 18 else None
    if other is None:
        return answer(request, pk, None, status=422, problem=_("There is no such agent."))
    done = Done(_("%s has it now.") % other.name)
    call = lambda: ownership.assign(pk, to=other, actor=me, seen_owner=_owner_seen(request, pk))  # noqa: E731
    return act(request, pk, call, done)


def _owner_seen(request: HttpRequest, pk: int) -> int | None:
    """Whose it was on the page that was clicked. Raises: NotFound, Conflict where that page is stale."""
    found = conversations.get_visible_conversation(person(request), pk, access=access(request))
    return owner_seen(found, _seen(request))


def _seen(request: HttpRequest) -> int | None:
    """The revision that the page showed."""
    seen = request.POST.get("seen", "")
    return int(seen) if seen.isdecimal() and len(seen) < 18 else None


@require_POST
def resolution(request: HttpRequest, pk: int) -> HttpResponse:
    """Done, and how; spam has a button of its own."""
    me = person(request)
    reopening = f"/conversations/{pk}/reopening/"
    if request.POST.get("disposition") == "spam":
        done = Done(_("Marked as spam."), reopening, leads_on=True)
        return act(request, pk, lambda: lifecycle.mark_spam(pk, actor=me), done)
    form = ResolveForm(request.POST, auto_id="resolve-%s")
    if form.is_valid():
        try:
            lifecycle.resolve(pk, actor=me, seen=_seen(request), **form.cleaned_data)
            return answer(request, pk, Done(_("Resolved."), reopening, leads_on=True))
        except Invalid as error:
            refuse(form, error)
        except Conflict as error:
            return answer(request, pk, None, status=409, problem=said(error.message))
    return form_again(request, pk, form, "resolve")


def form_again(request: HttpRequest, pk: int, form: Any, name: str) -> HttpResponse:
    """The form with what is wrong in it, open again."""
    words = " ".join(str(error) for errors in form.errors.values() for error in errors)
    if not request.headers.get(HTMX):
        return answer(request, pk, None, status=422, problem=words)
    return answer(request, pk, None, status=422, **{f"{name}_form": form, "open_form": name})


@require_POST
def reopening(request: HttpRequest, pk: int) -> HttpResponse:
    """Open again."""
    return act(request, pk, lambda: lifecycle.reopen(pk, actor=person(request)), Done(_("It is open again.")))


@require_POST
def snooze(request: HttpRequest, pk: int) -> HttpResponse:
    """Later: one of the choices or a time; nothing wakes it."""
    me, form = person(request), SnoozeForm(request.POST)
    wake = f"/conversations/{pk}/snooze/"
    if not form.is_valid():
        return answer(request, pk, None, status=422, problem=_("Choose a time that can be read."))
    until = _until(form.cleaned_data["choice"], form.cleaned_data["until"])
    if until is None:
        return act(request, pk, lambda: lifecycle.wake(pk, actor=me), Done(_("It is awake.")))
    words = _("Snoozed until %s.") % day_and_time(until)
    call = lambda: lifecycle.snooze(pk, actor=me, until=until, seen=_seen(request))  # noqa: E731
    return act(request, pk, call, Done(words, wake, leads_on=True))


def _until(choice: str, until: datetime | None) -> datetime | None:
    for value, _label, after in thread_rows.SNOOZES:
        if value == choice:
            return database_now() + after
    return until


@require_POST
def priority(request: HttpRequest, pk: int) -> HttpResponse:
    """1 urgent to 4 low."""
    given = request.POST.get("priority", "")
    value = int(given) if given in ("1", "2", "3", "4") else 0
    done = Done(_("The priority is changed."))
    return act(request, pk, lambda: lifecycle.set_priority(pk, actor=person(request), priority=value), done)


@require_POST
def tagging(request: HttpRequest, pk: int) -> HttpResponse:
    """Words that come and go; several are parted by commas."""
    form = TagForm(request.POST)
    if not form.is_valid():
        return answer(request, pk, None, status=422, problem=_("That tag is too long."))
    add = [word for word in form.cleaned_data["add"].split(",") if word.strip()]
    remove = [form.cleaned_data["remove"]] if form.cleaned_data["remove"] else []
    done = Done(_("The tags are changed."))
    return act(request, pk, lambda: tags.change(pk, actor=person(request), add=add, remove=remove), done)


@require_POST
def mute(request: HttpRequest, pk: int) -> HttpResponse:
    """The author: heard, or not."""
    me, url = person(request), f"/conversations/{pk}/mute/"
    if request.POST.get("muted") == "1":
        done = Done(_("Muted: their messages are kept and ask for nobody."), url, (("muted", "0"),))
        return act(request, pk, lambda: people.mute(pk, actor=me), done)
    return act(request, pk, lambda: people.unmute(pk, actor=me), Done(_("Listening again.")))


@require_POST
def following(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep an eye on it, or no longer."""
    me, url = person(request), f"/conversations/{pk}/following/"
    wanted = request.POST.get("following") == "1"
    words = _("You follow it.") if wanted else _("You follow it no longer.")
    undo = Done(words, url, (("following", "" if wanted else "1"),))
    return act(request, pk, lambda: follow(pk, actor=me, following=wanted), undo)


@require_POST
def elsewhere(request: HttpRequest, pk: int) -> HttpResponse:
    """An answer that was given on the network itself."""
    form = RecordForm(request.POST, auto_id="record-%s")
    if not form.is_valid():
        return form_again(request, pk, form, "record")
    done = Done(_("Recorded."))
    call = lambda: moderation.record_elsewhere(pk, actor=person(request), note=form.cleaned_data["note"])  # noqa: E731
    return act(request, pk, call, done)


@require_POST
def hand_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask another queue to take it."""
    found = conversations.get_visible_conversation(person(request), pk, access=access(request))
    form = HandoffForm(request.POST, auto_id="handoff-%s", queues=desks.others(found.queue_id))
    if not form.is_valid():
        return form_again(request, pk, form, "handoff")
    given = dict(form.cleaned_data)
    queue = given.pop("queue")
    done = Done(_("%s is asked. It stays here until they accept.") % queue.name)
    return act(request, pk, lambda: handoff.ask(pk, to=queue, actor=person(request), **given), done)


def _decide(request: HttpRequest, pk: int, call: Callable[[], Any], done: Done) -> HttpResponse:
    return act(request, routing.conversation_of(pk, access(request)), call, done)


@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Take what was asked."""
    return _decide(request, pk, lambda: handoff.accept(pk, actor=person(request)), Done(_("It is yours now.")))


@require_POST
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    """Say no, and why."""
    reason = request.POST.get("reason", "")
    done = Done(_("Declined: it stays where it is."))
    return _decide(request, pk, lambda: handoff.decline(pk, actor=person(request), reason=reason), done)


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the question back."""
    return _decide(request, pk, lambda: handoff.withdraw(pk, actor=person(request)), Done(_("Taken back.")))


# --- single messages and deliveries


def _on_item(request: HttpRequest, pk: int, call: Callable[[], Any], done: Done) -> HttpResponse:
    """An act on one thing inside a conversation; the stream renews itself by the ping."""
    try:
        call()
    except SocialCareError as error:
        if error.http_status == 404:
            raise
        return told(request, pk, said(error.message), error.http_status)
    return told(request, pk, done.text, 200)


def told(request: HttpRequest, pk: int, words: str, status: int) -> HttpResponse:
    """A toast (htmx), or back to the thread with a message."""
    if request.headers.get(HTMX):
        tone = "success" if status < 300 else "error"
        return render(request, "inbox/_toast_oob.html", {"toast": {"text": words, "tone": tone}}, status=status)
    (messages.success if status < 300 else messages.error)(request, words)
    return redirect(_back(request, pk))


@require_POST
def message_visibility(request: HttpRequest, pk: int) -> HttpResponse:
    """Hide a comment under our post, or show it again."""
    me, hidden = person(request), request.POST.get("hidden") == "1"
    where = items.get_visible_message(me, pk).conversation_id or 0
    done = Done(_("Hidden.") if hidden else _("Shown again."))
    return _on_item(request, where, lambda: moderation.hide(pk, actor=me, hidden=hidden), done)


@require_POST
def message_like(request: HttpRequest, pk: int) -> HttpResponse:
    """Like a message, or take it back."""
    me, liked = person(request), request.POST.get("liked") == "1"
    where = items.get_visible_message(me, pk).conversation_id or 0
    done = Done(_("Liked.") if liked else _("Like taken back."))
    return _on_item(request, where, lambda: moderation.like(pk, actor=me, liked=liked), done)


@require_POST
def message_deletion(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete our own answer at the network."""
    me = person(request)
    where = items.get_visible_message(me, pk).conversation_id or 0
    reason = request.POST.get("reason", "")
    done = Done(_("Deleted. The text stays in the audit."))
    return _on_item(request, where, lambda: moderation.delete_own(pk, actor=me, reason=reason), done)


@require_POST
def delivery_resend(request: HttpRequest, pk: int) -> HttpResponse:
    """Send again what was not sent."""
    me = person(request)
    where = items.get_visible_delivery(me, pk).conversation_id
    return _on_item(request, where, lambda: replies.resend(pk, actor=me), Done(_("It is sent again.")))
