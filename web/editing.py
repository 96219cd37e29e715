"""A form on a page of its own: shown, checked, saved, and back to where one came from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import Conflict, SocialCareError
from web.access import person
from web.refusals import refuse

Save = Callable[[dict[str, Any], User], Any]


def archiving(row: Any, url: str, text: str) -> dict[str, str] | None:
    """The act below the form that takes what is edited out of use; None where it is out of use already."""
    return None if row.archived_at else {"url": reverse(url, args=[row.pk]), "label": _("Archive"), "text": text}


def told_again(form: Any, change: Callable[[], Any], also: Callable[[], None] | None = None) -> None:
    """Change it; where somebody else did so first, the next save is meant to replace theirs.

    Raises: Conflict.
    """
    try:
        change()
    except Conflict as error:
        form.shown_again(int(error.current["revision"]))
        if also:
            also()
        raise


def edit(
    request: HttpRequest,
    form: Form,
    title: str,
    save: Save,
    *,
    back: str,
    active: str = "",
    text: str = "",
    then: Callable[[Any], str] | None = None,
    template: str = "accounts/form.html",
    **more: Any,
) -> HttpResponse:
    """Show the form; save what was posted and go back.

    Args:
        save: called with the cleaned data and who posted it.
        back: name of the page to return to; `active`: its mark among the settings, where it is called otherwise.
        then: where to go instead, from what `save` returned.
        template: one that extends the plain form, where the form is more than its fields.
        more: further context.
    """
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                saved = save(form.cleaned_data, person(request))
                messages.success(request, _("Saved."))
                return redirect(then(saved) if then else back)
            except SocialCareError as error:
                status = refuse(form, error)
    context = {
        "title": title,
        "text": text,
        "form": form,
        "form_url": request.path,
        "back_url": reverse(back),
        "button": _("Save"),
        "rail_active": "settings",
        "settings_active": active or back,
        **more,
    }
    return render(request, template, context, status=status)
