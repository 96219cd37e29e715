"""Connected accounts: their health, what they cost, and their switches. Supervisors read, administrators change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.selectors import supervises
from channels import selectors
from channels.models import Channel
from channels.services import connection, switches
from core.errors import NotFound, SocialCareError
from web import channel_rows
from web.access import access, person
from web.connect_rows import PLACE
from web.forms_channels import SettingsForm
from web.refusals import refuse

LIVE = "/live/?topics=channels"
Switch = Callable[..., Channel]


def reader(request: HttpRequest) -> User:
    """Raises: NotFound for those to whom these pages do not exist."""
    if not supervises(person(request)):
        raise NotFound("There is no such page.")
    return person(request)


def administrator(request: HttpRequest) -> User:
    """Raises: NotFound for everybody else."""
    if not person(request).is_administrator:
        raise NotFound("There is no such page.")
    return person(request)


def channel_for(request: HttpRequest, pk: int) -> Channel:
    """Raises: NotFound where it is absent or of a brand that this person does not see."""
    return selectors.visible_channel(pk, access(request).brand_ids)


@require_safe
def everything(request: HttpRequest) -> HttpResponse:
    """The list."""
    return render(request, "channels/list.html", {**_board(request), "live_stream": LIVE, **PLACE})


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """The list alone, for its live region."""
    return render(request, "channels/_board.html", _board(request))


def _board(request: HttpRequest) -> dict[str, Any]:
    may_change = reader(request).is_administrator
    brands = selectors.board(access(request).brand_ids)
    return {
        "problems": channel_rows.problems(brands, may_change=may_change),
        "spend": channel_rows.spend(brands),
        "brands": channel_rows.brand_rows(brands, may_change=may_change),
        "channel_count": sum(len(one.accounts) for one in brands),
        "connect_url": reverse("channel-connect") if may_change else "",
        "may_change": may_change,
    }


@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One account with its streams."""
    reader(request)
    channel = channel_for(request, pk)
    return render(request, "channels/detail.html", {**_facts(request, channel), **_page(request, channel)})


@require_safe
def health(request: HttpRequest, pk: int) -> HttpResponse:
    """What changes while one looks, for its live region."""
    reader(request)
    return render(request, "channels/_health.html", _facts(request, channel_for(request, pk)))


@require_safe
def unreadable(request: HttpRequest, pk: int) -> HttpResponse:
    """What could not be read, as it came."""
    reader(request)
    channel = channel_for(request, pk)
    before = request.GET.get("before", "")
    items = selectors.unreadable(channel, before=int(before[:18]) if before.isdecimal() else None)
    more = f"?before={items[-1].id}" if len(items) == selectors.UNREADABLE_PAGE else ""
    rows = [(item, channel_rows.stream_label(item.stream_kind)) for item in items]
    context = {
        "items": rows,
        "next_url": more,
        "name": channel_rows.name_of(channel),
        "back_url": reverse("channel", args=[pk]),
    }
    return render(request, "channels/unreadable.html", {**context, **PLACE})


@require_POST
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Search words, budget and the network's own switches."""
    actor, channel = administrator(request), channel_for(request, pk)
    form, status = SettingsForm(request.POST, kind=channel.kind), 422
    if form.is_valid():
        try:
            connection.change(pk, actor=actor, wishes=form.wishes())
        except SocialCareError as error:
            status = refuse(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("channel", pk)
    context = {**_facts(request, channel), **_page(request, channel), "form": form}
    return render(request, "channels/detail.html", context, status=status)


def _switch(service: Switch, done: str) -> Callable[[HttpRequest, int], HttpResponse]:
    """A view that does one thing to a channel and goes back to it."""

    @require_POST
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        actor, channel = administrator(request), channel_for(request, pk)
        service(channel.pk, actor=actor)
        messages.success(request, _(done))
        return redirect("channel", pk)

    return view


pause = _switch(switches.pause, gettext_noop("Paused. Nothing is read or sent."))
resume = _switch(switches.resume, gettext_noop("Reading again, from where it was paused."))
halt = _switch(switches.halt_sending, gettext_noop("Nothing more is sent from this account."))
release = _switch(switches.let_send, gettext_noop("Sending is allowed again."))
disconnect = _switch(switches.disconnect, gettext_noop("Disconnected. The keys are erased, the conversations stay."))


@require_POST
def halt_brand(request: HttpRequest, pk: int) -> HttpResponse:
    """The kill switch of a brand."""
    switches.halt_brand(pk, actor=administrator(request))
    messages.success(request, _("Nothing more is sent for this brand."))
    return redirect("channels")


@require_POST
def release_brand(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the kill switch of a brand back."""
    switches.let_brand_send(pk, actor=administrator(request))
    messages.success(request, _("Sending is allowed again."))
    return redirect("channels")


@require_POST
def forget_gap(request: HttpRequest, pk: int) -> HttpResponse:
    """Take note of a hole that cannot be filled."""
    stream = switches.forget_gap(pk, actor=administrator(request))
    return redirect("channel", stream.channel_id)


def _facts(request: HttpRequest, channel: Channel) -> dict[str, Any]:
    [account] = selectors.accounts([channel])
    now = timezone.now()
    return {
        "channel": channel_rows.detail(account),
        "streams": [channel_rows.stream_row(stream, now) for stream in account.streams],
        "windows": selectors.windows(channel),
        "unreadable_count": selectors.unreadable_count(channel),
        "can": {"manage": person(request).is_administrator},
    }


def _page(request: HttpRequest, channel: Channel) -> dict[str, Any]:
    may_change = person(request).is_administrator
    facts = connection.facts(channel)
    switched = dict.fromkeys(facts.pop("switches"), True)
    return {
        "channels_url": reverse("channels"),
        "days": selectors.days(channel),
        "urls": channel_rows.switches(channel) if may_change else {},
        "form": SettingsForm(kind=channel.kind, initial={**facts, **switched}),
        "live_stream": LIVE,
        **PLACE,
    }
