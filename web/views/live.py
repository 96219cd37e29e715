"""The live stream: hints to one browser that something changed, on the topics that the person may hear."""

from __future__ import annotations

import re

from asgiref.sync import sync_to_async
from django.db import connections
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

from accounts.models import User
from web import live_rights
from web.live_hub import Listener, pings


async def stream(request: HttpRequest) -> StreamingHttpResponse | HttpResponse:
    """Server-sent events. The person's rights are asked for once; then no database connection is held."""
    asked = [topic for topic in request.GET.get("topics", "").split(",") if topic]
    person = await request.auser()
    if not isinstance(person, User):
        return HttpResponse(status=403)
    topics = await sync_to_async(_allowed)(person, asked)
    listener = Listener(request.session.session_key or "", person.pk, topics, since=since_of(request))
    response = StreamingHttpResponse(pings(listener), content_type="text/event-stream")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"
    return response


def since_of(request: HttpRequest) -> float | None:
    """Before when its page was drawn, as the page says; None for something else than a time."""
    given = request.GET.get("since", "")
    return float(given) if re.fullmatch(r"\d{9,11}(\.\d{1,6})?", given, re.ASCII) else None


def _allowed(person: User, asked: list[str]) -> set[str]:
    try:
        return live_rights.opening(person, asked)
    finally:
        connections.close_all()
