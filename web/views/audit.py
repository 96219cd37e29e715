"""The audit list, for administrators."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import selectors
from accounts.services import exports
from core import csv
from core.errors import Invalid, NotFound
from web.access import person
from web.forms_people import AuditFilterForm

HEADER = ("Time", "Kind", "By", "About", "What happened")


def _wanted(request: HttpRequest) -> tuple[AuditFilterForm, selectors.AuditFilter]:
    """The filter of the address. Raises: NotFound for everybody but administrators, Invalid."""
    if not person(request).is_administrator:
        raise NotFound("There is no such page.")
    form = AuditFilterForm(request.GET)
    if not form.is_valid():
        raise Invalid("There is no such filter.", fields={name: str(words[0]) for name, words in form.errors.items()})
    data = form.cleaned_data
    someone = data["person"].pk if data["person"] else None
    return form, selectors.AuditFilter(someone, data["kind"], data["before"])


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Newest first, page by page."""
    form, wanted = _wanted(request)
    found = selectors.audit_page(wanted)
    kept = {"person": wanted.person or "", "kind": wanted.kind}
    entries = [
        {"at": row.occurred_at, "actor": row.actor.name if row.actor else "", "sentence": selectors.sentence(row)}
        for row in found.rows
    ]
    context = {
        "rail_active": "settings",
        "settings_active": "audit",
        "filter_form": form,
        "view_url": reverse("audit"),
        "entries": entries,
        "next_url": f"{reverse('audit')}?{urlencode({**kept, 'before': found.next})}" if found.next else "",
        "export_url": f"{reverse('audit-export')}?{urlencode(kept)}",
    }
    return render(request, "accounts/audit.html", context)


@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """The same as CSV."""
    _form, wanted = _wanted(request)
    exports.record_audit_export(actor=person(request))
    lines = csv.lines(HEADER, selectors.audit_export(wanted))
    name = f"audit-{timezone.localdate():%Y-%m-%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)
