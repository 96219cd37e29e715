"""The inbox: lists and threads, as pages and as the fragments that renew them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.selectors import on_shift
from core.errors import Invalid
from core.wording import said
from inbox.marking import Passage
from inbox.models.conversation import Conversation
from inbox.policies import Access
from inbox.selectors import conversations, finding, items
from inbox.selectors.conversations import Row
from inbox.services import leases
from routing.selectors import content
from routing.selectors import handoffs as routing
from routing.selectors.clocks import first_due
from routing.selectors.moods import endings_of
from web import inbox_rows, presence, search_rows, thread_rows, view_rows
from web.access import access, known, person
from web.clock_rows import ring_of
from web.places import ALL, Place, place_of

HTMX = "HX-Request"
MOST_FACES = 5
NONE: Mapping[int, Passage] = {}


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The first queue that is one's own; else everything that one reads."""
    rights = access(request)
    own = [queue for queue in known(request).queues if queue.pk in rights.member_queue_ids]
    text = request.GET.get("q", "")
    if text:
        return redirect(f"{reverse('inbox', args=[ALL])}?{request.GET.urlencode()}")
    return redirect("inbox", own[0].slug if len(own) == 1 else ALL)


@require_safe
@vary_on_headers(HTMX)
def page(request: HttpRequest, key: str) -> HttpResponse:
    """A list."""
    place = place_of(request, key)
    return render(request, "inbox/page.html", {**_frame(request, place), **_rows(request, place), "show": "list"})


@require_safe
@vary_on_headers(HTMX)
def conversation(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """A thread: the whole page, or with htmx the thread and the person beside it."""
    place = place_of(request, key)
    found = conversations.get_visible_conversation(person(request), pk, access=access(request))
    if request.headers.get(HTMX):
        context = thread_rows.thread(request, found, place)
        return render(request, "inbox/_opened.html", context)
    return opened_page(request, place, found)


def opened_page(
    request: HttpRequest, place: Place, found: Conversation, *, status: int = 200, **composer: Any
) -> HttpResponse:
    """The whole page with a thread open; `composer` is what an error left behind."""
    context = {
        **_frame(request, place, found),
        **_rows(request, place, current=found.pk),
        **thread_rows.thread(request, found, place, **composer),
        "show": "detail",
    }
    return render(request, "inbox/page.html", context, status=status)


@require_safe
def rows(request: HttpRequest, key: str) -> HttpResponse:
    """The rows alone."""
    place = place_of(request, key)
    context = {**_rows(request, place), "view": _view(request, place)}
    return render(request, "inbox/_rows.html", context)


@require_safe
def row(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """One row, as it is now."""
    place = place_of(request, key)
    conversations.require_visible(access(request), pk)
    return HttpResponse(_lines(request, place, conversations.rows_of([pk]), None)[0])


@require_safe
def list_head(request: HttpRequest, key: str) -> HttpResponse:
    """The list's header alone."""
    place = place_of(request, key)
    return render(request, "inbox/_list_head.html", {"view": _view(request, place)})


@require_safe
def head(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """The head of a thread."""
    place, found = _opened(request, key, pk)
    return render(request, "inbox/_facts.html", thread_rows.head(request, found, place))


@require_safe
def stream(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """What was said; with `before` an earlier page of it."""
    place, found = _opened(request, key, pk)
    context = {
        "conversation": thread_rows.addresses(found, place),
        **thread_rows.talk(request, found, place, before=request.GET.get("before", "")),
    }
    return render(request, "inbox/_stream.html", context)


@require_safe
def asks_of(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """The open hand-over of a conversation."""
    place, found = _opened(request, key, pk)
    context = {
        "conversation": thread_rows.addresses(found, place),
        **thread_rows.asks(request, found),
    }
    return render(request, "inbox/_asks.html", context)


@require_safe
def asks(request: HttpRequest) -> HttpResponse:
    """What others ask of one's queues."""
    rights = access(request)
    wanted = [ask.conversation_id for ask in routing.asks_for(rights)]
    wanted += [ask.conversation_id for ask in content.asked(rights) if ask.conversation_id not in wanted]
    view = {
        "title": _("Asks"),
        "empty_title": _("Nobody asks for anything"),
        "empty_text": _("What another queue hands to yours, or asks it for, waits here; escalations come first."),
    }
    return _short_list(request, conversations.rows_of(wanted), view)


@require_safe
def drafts(request: HttpRequest) -> HttpResponse:
    """Where one has begun to write, and not sent."""
    view = {
        "title": _("Drafts"),
        "empty_title": _("No drafts"),
        "empty_text": _("What you have begun to write and not sent waits here."),
    }
    return _short_list(request, conversations.readable_rows(access(request), items.drafts_of(person(request))), view)


def _short_list(request: HttpRequest, found: list[Row], words: dict[str, str]) -> HttpResponse:
    """A list that is no queue: no filters, no pages."""
    place = place_of(request, ALL)
    frame = _frame(request, place)
    bare = {
        "count": len(found),
        "filters": [],
        "export_url": "",
        "bulk_url": "",
        "search": True,
        "rows_url": "",
        "empty_url": "",
    }
    for item in frame["view_groups"][0]["items"]:
        item["current"] = item["url"] == request.path
    lines = _lines(request, place, found, None)
    view = {**frame["view"], **bare, **words}
    return render(request, "inbox/page.html", {**frame, "view": view, "rows": lines, "next_url": "", "show": "list"})


def _opened(request: HttpRequest, key: str, pk: int) -> tuple[Place, Conversation]:
    place = place_of(request, key)
    return place, conversations.get_visible_conversation(person(request), pk, access=access(request))


def _view(request: HttpRequest, place: Place) -> dict[str, Any]:
    return {
        **inbox_rows.list_view(place, access(request), known(request).counts),
        **view_rows.of_list(request, place),
    }


def _frame(request: HttpRequest, place: Place, opened: Conversation | None = None) -> dict[str, Any]:
    """What stands around list and thread."""
    rights = access(request)
    kept = known(request).counts
    queues = known(request).queues
    waiting = len(known(request).asking)
    view = _view(request, place)
    topics = [*view["topics"].split(), f"user:{rights.user_id}"]
    if opened is not None:
        topics += [f"conversation:{opened.pk}", f"presence:{opened.pk}"]
    return {
        "view": view,
        "view_groups": inbox_rows.view_groups(place, queues, kept, waiting),
        "saved": view_rows.group(request, place),
        "brands": _brands(request, place),
        "search": search_rows.search_box(place),
        **_on_shift(rights),
        "conversation": None,
        "live_stream": f"/live/?topics={','.join(topics)}",
        "rail_active": "inbox",
    }


def _on_shift(rights: Access) -> dict[str, Any]:
    """Colleagues of one's own teams who say that they are here."""
    names = on_shift(rights.team_ids)
    return {"on_shift": names[:MOST_FACES], "on_shift_count": len(names)}


def _brands(request: HttpRequest, place: Place) -> list[dict[str, Any]]:
    """The brand switch: all of one's brands, or one."""
    own = items.brands_of(access(request))
    lines = [
        {"name": brand.name, "url": place.path + place.query(brand=brand.pk), "current": place.brand == brand.pk}
        for brand in own
    ]
    if len(lines) < 2:
        return [{**line, "current": True} for line in lines]
    everything = {"name": _("All brands"), "url": place.path + place.query(brand=""), "current": place.brand is None}
    return [everything, *lines]


def _rows(request: HttpRequest, place: Place, *, current: int | None = None) -> dict[str, Any]:
    """One page of the list; a broken cursor begins anew."""
    rights = access(request)
    try:
        shown = finding.find(rights, place.text, place.wanted, after=place.after or None, strict=place.strict)
    except Invalid:
        shown = finding.Shown()
    lines = shown.rows
    if place.fresh:
        on_top = conversations.visible_rows(rights, place.fresh, place.wanted)
        there = {row.pk for row in on_top}
        lines = on_top + [row for row in lines if row.pk not in there]
    return {
        "rows": _lines(request, place, lines, current, shown.marks),
        "next_url": place.path + place.query(after=shown.next) if shown.next else "",
        "cut": shown.cut,
        "problems": [said(one) for one in shown.problems],
    }


def _lines(
    request: HttpRequest, place: Place, found: list[Row], current: int | None, marks: Mapping[int, Passage] = NONE
) -> list[SafeString]:
    asking = known(request).asking if found else {}
    here = presence.here([one.pk for one in found], but=person(request))
    due, now = first_due([one.pk for one in found if one.due_at is not None]), timezone.now()
    moods = endings_of([one.pk for one in found])
    return [
        inbox_rows.drawn(
            one,
            place,
            current=one.pk == current,
            asked=one.pk in asking,
            overdue=asking.get(one.pk, False),
            replying=presence.first_replying(here.get(one.pk, ())),
            looking=presence.lookers(here.get(one.pk, ())),
            clock=ring_of(due.get(one.pk), now=now),
            mood=moods.get(one.pk, ""),
            hit=search_rows.marked(marks[one.pk]) if one.pk in marks else None,
        )
        for one in found
    ]


@require_POST
def activity(request: HttpRequest, pk: int) -> HttpResponse:
    """Opening and typing extend the owner's lease."""
    conversations.get_visible_conversation(person(request), pk, access=access(request))
    leases.extend(pk, actor=person(request))
    return HttpResponse(status=204)
