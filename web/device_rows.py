"""The devices on which one is told, as the page of notices and quiet hours shows them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from routing.selectors.devices import devices_of, public_key
from web.access import person
from web.browsers import browser_name


def device_rows(request: HttpRequest) -> dict[str, Any]:
    """Rows, newest first, and which of them is this browser; empty where notices are not pushed. One query."""
    if not public_key():
        return {}
    rows = [
        {
            "pk": one.pk,
            "browser": browser_name(one.agent),
            "made_at": one.made_at,
            "pushed_at": one.pushed_at,
            "failure": one.failure,
            "awake": one.awake,
            "current": one.session is not None and one.session == request.session.session_key,
        }
        for one in devices_of(person(request))
    ]
    return {"rows": rows, "here": next((row["pk"] for row in rows if row["current"]), "")}
