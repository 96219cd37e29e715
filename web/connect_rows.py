"""The steps of the wizard as the templates of `channels/connect_*` want them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from channels import registry
from channels.contracts import Found, StreamKind
from channels.models import ConnectAttempt
from channels.services import connection, prices
from web import channel_rows

PLACE = {"rail_active": "settings", "settings_active": "channels"}
DAYS = (0, 1, 7, 30)


def frame(current: int) -> dict[str, Any]:
    """The four steps, of which one is the current."""
    labels = (_("Network"), _("Sign-in"), _("Account"), _("Start"))
    steps = [
        {"label": label, "done": number < current, "current": number == current}
        for number, label in enumerate(labels, 1)
    ]
    return {"steps": steps, "back_url": reverse("channels"), **PLACE}


def confirm(attempt: ConnectAttempt, found: Found) -> dict[str, Any]:
    """The account that was found, what is read of it and what reading back may cost."""
    kind, identity = attempt.kind, found.identity
    capabilities = registry.capabilities(kind)
    return {
        "account": {
            "name": identity.name,
            "handle": identity.handle,
            "followers": identity.followers,
            "network": kind,
            "network_name": capabilities.label,
        },
        "brand_name": attempt.brand.name,
        "streams": [
            (channel_rows.stream_label(stream), stream is StreamKind.SEARCH) for stream in capabilities.streams
        ],
        "lines": [
            {"label": channel_rows.stream_label(line.stream), "line": line}
            for line in prices.estimate(kind, capabilities.streams, days=max(DAYS)).lines
        ]
        if capabilities.prices
        else [],
    }


def starts() -> list[tuple[int, str]]:
    """How far back the first reading may go, in days."""
    words = [ngettext("Read the last day too", "Read the last %(n)d days too", days) % {"n": days} for days in DAYS[1:]]
    return [(0, _("From now on: nothing older is read")), *zip(DAYS[1:], words, strict=True)]


def choice(attempt: ConnectAttempt, found: Found) -> dict[str, Any]:
    """One of several accounts; one that is connected already says where."""
    identity = found.identity
    taken = connection.taken(attempt.kind, identity.external_id)
    where = _("Connected already, to %(brand)s.") % {"brand": taken.brand.name} if taken else ""
    return {
        "external_id": identity.external_id,
        "name": identity.name or identity.handle,
        "handle": identity.handle,
        "followers": identity.followers,
        "taken": where,
        "checked": False,
    }
