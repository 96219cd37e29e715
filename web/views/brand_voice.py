"""The brand's voice: the rules, writing one, and trying them on a text."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from core.errors import SocialCareError
from inbox.models.voice import VoiceRule
from inbox.policies import require
from inbox.selectors import voice_rules as selector
from inbox.services import checking, voice_rules
from web import voice_rows
from web.access import access, person
from web.editing import archiving, edit, told_again
from web.forms_voice import TrialForm, VoiceRuleForm, rule_initial
from web.refusals import refuse
from web.views.saved_replies import just_archived, require_a_brand, words

PLACE = {"rail_active": "settings", "settings_active": "brand-voice"}


@require_http_methods(["GET", "HEAD", "POST"])
def listed(request: HttpRequest) -> HttpResponse:
    """The rules of one's brands, or the archive; what they say of a text that was posted."""
    require_a_brand(request)
    form = TrialForm(request.POST or None, rights=access(request))
    found, status = _tried(request, form)
    archived = request.GET.get("archived") == "1"
    rows = selector.listed(access(request), text=words(request), archived=archived)
    context = {
        "rules": voice_rows.lines(rows, may_write=_may_write(request)),
        "may_write": _may_write(request),
        "form": form,
        "findings": found,
        "search": words(request),
        "archived": archived,
        "undo": just_archived(request, selector.one, "voice-rule-restoration"),
        **PLACE,
    }
    return render(request, "voice/list.html", context, status=status)


def _tried(request: HttpRequest, form: TrialForm) -> tuple[Any, int]:
    """What would be said, and the status; None = nothing was asked."""
    if request.method != "POST":
        return None, 200
    if not form.is_valid():
        return None, 422
    try:
        return checking.try_on(form.cleaned_data["text"], actor=person(request), **form.place()), 200
    except SocialCareError as error:
        return None, refuse(form, error)


def _may_write(request: HttpRequest) -> bool:
    return VoiceRule().is_kept_by(access(request))


def _require_writer(request: HttpRequest) -> None:
    """Raises: NotFound for who sees no brand; Forbidden for who does not write rules."""
    require_a_brand(request)
    require(_may_write(request), voice_rules.NOT_YOURS)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A rule to be; its kind is chosen first."""
    _require_writer(request)
    kind = request.GET.get("kind", "")
    if kind not in VoiceRule.Kind.values:
        return render(request, "voice/kinds.html", {"kinds": voice_rows.kinds(), **PLACE})
    form = VoiceRuleForm(request.POST or None, rights=access(request), kind=kind)

    def save(_given: dict[str, Any], actor: User) -> None:
        voice_rules.create(form.wanted(), actor=actor)

    title = str(VoiceRule.Kind(kind).label)
    return edit(request, form, title, save, back="brand-voice", form_url=request.get_full_path(), text=_about(kind))


def _about(kind: str) -> str:
    return str(voice_rows.ABOUT[kind])


@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """What it asks for, and where it holds."""
    row = selector.one(access(request), pk)
    _require_writer(request)
    form = VoiceRuleForm(request.POST or None, rights=access(request), kind=row.kind, initial=rule_initial(row))

    def save(given: dict[str, Any], actor: User) -> None:
        told_again(form, lambda: voice_rules.change(pk, form.wanted(), actor=actor, seen=given["seen"]))

    danger = archiving(row, "voice-rule-archive", _("No answer is checked by it any more."))
    return edit(request, form, row.name, save, back="brand-voice", text=row.get_kind_display(), danger=danger)


@require_POST
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    """Out of use."""
    voice_rules.archive(pk, actor=person(request))
    return redirect(f"{reverse('brand-voice')}?undo={pk}")


@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """In use again."""
    voice_rules.restore(pk, actor=person(request))
    return redirect("brand-voice")
