"""For machines that watch over us: alive, and ready to serve. Nothing here needs a session."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from channels import selectors
from core import readiness

# Seconds by which the most neglected stream may be overdue before something other than a network is wrong.
POLL_LAG_LIMIT_S = 120.0


@login_not_required
@never_cache
@require_safe
def alive(_request: HttpRequest) -> HttpResponse:
    """The process answers; it asks nobody else, so that a database away restarts no web server."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@never_cache
@require_safe
def ready(_request: HttpRequest) -> JsonResponse:
    """200 when database, migrations, broker and pollers are all well, else 503 with what is not."""
    facts = {
        "database": readiness.database(),
        "migrations": readiness.migrations(),
        "broker": readiness.broker(),
    }
    well = all(fact == readiness.OK for fact in facts.values())
    lag = selectors.poll_lag() if facts["database"] == facts["migrations"] == readiness.OK else None
    well = well and lag is not None and lag <= POLL_LAG_LIMIT_S
    return JsonResponse({"ready": well, **facts, "poll_lag_s": lag}, status=200 if well else 503)
