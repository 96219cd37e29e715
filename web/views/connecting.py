"""The wizard by which an account is connected, or connected again: network, keys or sign-in, account, start."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from channels import directory, registry
from channels.contracts import Found
from channels.models import Brand, Channel, ConnectAttempt
from channels.services import attempts, connection
from core.errors import Conflict, Invalid, NotFound, SocialCareError
from core.wording import said
from web import channel_rows, connect_rows
from web.forms_channels import ConfirmForm, KeysForm, StartForm
from web.refusals import refuse
from web.views.channels import administrator, channel_for

TEXTS = {"x": "Mentions, brand words, direct messages", "facebook": "Posts, comments and private messages of a page"}


@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Which network, and for which brand."""
    administrator(request)
    form = StartForm(_posted(request))
    if request.method == "POST" and form.is_valid():
        address = reverse("channel-connect-keys", args=[form.cleaned_data["kind"]])
        return redirect(f"{address}?brand={form.cleaned_data['brand'].pk}")
    chosen = request.POST.get("kind") or request.GET.get("kind") or next(iter(registry.ADAPTERS)).value
    context = {
        "kinds": [
            {"value": kind.value, "label": registry.capabilities(kind).label, "text": _(TEXTS.get(kind.value, ""))}
            | {"checked": kind.value == chosen}
            for kind in registry.ADAPTERS
        ],
        "brands": form.fields["brand"].queryset,  # type: ignore[attr-defined]
        "form": form,
        "errors": [error for errors in form.errors.values() for error in errors],
        **connect_rows.frame(1),
    }
    return render(request, "channels/connect_start.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def keys(request: HttpRequest, kind: str) -> HttpResponse:
    """The keys of a new account; they are tested at once."""
    actor = administrator(request)
    _require_kind(kind)
    brand = _brand(request)
    form, status = KeysForm(_posted(request), kind=kind), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                attempt = attempts.by_keys(actor=actor, brand_id=brand.pk, kind=kind, values=form.cleaned_data)
                return redirect("channel-connect-account", attempt.pk)
            except SocialCareError as error:
                status = refuse(form, error)
    asking = f"{reverse('channel-connect-asking', args=[kind])}?brand={brand.pk}"
    return _show_keys(request, kind, form, status, asking, brand.name)


@require_POST
def asking(request: HttpRequest, kind: str) -> HttpResponse:
    """A link to the network, for a new account."""
    administrator(request)
    _require_kind(kind)
    return _ask(request, kind, _brand(request).pk, None)


@require_http_methods(["GET", "POST"])
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """New keys for a channel that has lost its access."""
    actor, channel = administrator(request), channel_for(request, pk)
    form, status = KeysForm(_posted(request), kind=channel.kind), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                attempt = attempts.by_keys(
                    actor=actor,
                    brand_id=channel.brand_id,
                    kind=channel.kind,
                    values=form.cleaned_data,
                    channel=channel,
                )
                connection.reconnect(attempt.pk, account=_only(attempt, channel), actor=actor)
            except SocialCareError as error:
                status = refuse(form, error)
            else:
                return _reconnected(request, channel.pk)
    asking = reverse("channel-reconnect-asking", args=[pk])
    return _show_keys(request, channel.kind, form, status, asking, channel_rows.name_of(channel))


@require_POST
def ask_again(request: HttpRequest, pk: int) -> HttpResponse:
    """A link to the network, for a channel that has lost its access."""
    administrator(request)
    channel = channel_for(request, pk)
    return _ask(request, channel.kind, channel.brand_id, channel)


@require_safe
def back(request: HttpRequest, kind: str) -> HttpResponse:
    """Where the network sends the person back to, with a code or with a refusal."""
    actor = administrator(request)
    _require_kind(kind)
    if "code" not in request.GET:
        messages.error(request, _("The network gave no access. Nothing was connected."))
        return redirect("channel-connect")
    try:
        attempt = attempts.answered(
            actor=actor,
            kind=kind,
            state=request.GET.get("state", ""),
            code=request.GET["code"],
            session=request.session.session_key or "",
        )
        if attempt.channel is None:
            return redirect("channel-connect-account", attempt.pk)
        connection.reconnect(attempt.pk, account=_only(attempt, attempt.channel), actor=actor)
    except SocialCareError as error:
        messages.error(request, said(error.message))
        return redirect("channel-connect")
    return _reconnected(request, attempt.channel.pk)


@require_http_methods(["GET", "POST"])
def account(request: HttpRequest, pk: int) -> HttpResponse:
    """Which of the accounts that were found, where there are several."""
    attempt = attempts.current(pk, actor=administrator(request))
    found = attempts.found(attempt)
    chosen = request.POST.get("account", "")
    if len(found) == 1 and not connection.taken(attempt.kind, found[0].identity.external_id):
        chosen = found[0].identity.external_id
    if chosen in {one.identity.external_id for one in found}:
        return redirect(f"{reverse('channel-connect-confirm', args=[pk])}?account={chosen}")
    rows = [connect_rows.choice(attempt, one) for one in found]
    context = {"accounts": rows, "network": attempt.kind, "form_url": request.path, **connect_rows.frame(3)}
    status = 422 if request.method == "POST" else 200
    return render(request, "channels/connect_accounts.html", context, status=status)


@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """How far back, at which price; then it is connected."""
    actor = administrator(request)
    attempt = attempts.current(pk, actor=actor)
    found = _named(attempt, request.GET.get("account", ""))
    form, status = ConfirmForm(_posted(request), kind=attempt.kind, choices=connect_rows.starts()), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                days, wishes = form.cleaned_data["days"], form.wishes()
                channel = connection.connect(
                    pk, account=found.identity.external_id, actor=actor, days=days, wishes=wishes
                )
            except (Invalid, Conflict) as error:
                status = refuse(form, error)
            else:
                messages.success(request, _("%(name)s is connected.") % {"name": channel_rows.name_of(channel)})
                return redirect("channel", channel.pk)
    context = {
        **connect_rows.confirm(attempt, found),
        "form": form,
        "form_url": request.get_full_path(),
        **connect_rows.frame(4),
    }
    return render(request, "channels/connect_confirm.html", context, status=status)


def _posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, also when it is nothing."""
    return request.POST if request.method == "POST" else None


def _ask(request: HttpRequest, kind: str, brand_id: int, channel: Channel | None) -> HttpResponse:
    """A page with a link, because a form may not lead to another site (form-action of the content policy)."""
    address = attempts.by_asking(
        actor=administrator(request),
        brand_id=brand_id,
        kind=kind,
        session=request.session.session_key or "",
        redirect_uri=f"{settings.PUBLIC_URL}{reverse('channel-connect-back', args=[kind])}",
        channel=channel,
    )
    name = registry.capabilities(kind).label
    return render(
        request,
        "channels/connect_oauth.html",
        {"network_name": name, "authorize_url": address, **connect_rows.frame(2)},
    )


def _show_keys(request: HttpRequest, kind: str, form: KeysForm, status: int, asking: str, whose: str) -> HttpResponse:
    context = {
        "network_name": registry.capabilities(kind).label,
        "form": form,
        "form_url": request.get_full_path(),
        "oauth_url": asking if registry.connecting(kind).by_asking() else "",
        "whose": whose,
        **connect_rows.frame(2),
    }
    return render(request, "channels/connect_keys.html", context, status=status)


def _named(attempt: ConnectAttempt, external_id: str) -> Found:
    """Raises: NotFound."""
    for one in attempts.found(attempt):
        if one.identity.external_id == external_id:
            return one
    raise NotFound("There is no such account.")


def _only(attempt: ConnectAttempt, channel: Channel) -> str:
    """The channel's own account where it is among those found, else the first, which is then refused by name."""
    ids = [one.identity.external_id for one in attempts.found(attempt)]
    return channel.external_id if channel.external_id in ids else ids[0]


def _reconnected(request: HttpRequest, pk: int) -> HttpResponse:
    messages.success(request, _("Connected again. What came meanwhile is being read."))
    return redirect("channel", pk)


def _require_kind(kind: str) -> None:
    """Raises: NotFound for a network that we do not know."""
    if kind not in set(registry.ADAPTERS):
        raise NotFound("There is no such network.")


def _brand(request: HttpRequest) -> Brand:
    """Raises: NotFound."""
    given = request.GET.get("brand", "")
    return directory.brand(int(given) if given.isdecimal() and len(given) < 19 else 0)
