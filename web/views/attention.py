"""What one is told, by which way, and when one is left in peace."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import mail
from routing.services import attention
from web.access import known, person
from web.device_rows import device_rows
from web.editing import edit
from web.forms_attention import AttentionForm, initial


@require_http_methods(["GET", "POST"])
def edit_mine(request: HttpRequest) -> HttpResponse:
    """One's own habits."""
    here = device_rows(request)
    form = AttentionForm(request.POST or None, initial=initial(known(request).attention), pushes=bool(here))
    words = _("Times are on your clocks: %(zone)s. Away and busy are quiet, too.") % {"zone": person(request).time_zone}
    if not mail.is_there():
        words += " " + _("Letters cannot be sent yet: this installation names no mail server.")
    return edit(
        request,
        form,
        _("Notices and quiet hours"),
        lambda _data, me: attention.save(form.wishes(), actor=me),
        back="your-attention",
        active="attention",
        text=words,
        template="accounts/attention.html",
        devices=here,
    )
