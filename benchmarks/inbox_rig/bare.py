"""The bare yardstick: a Django site with one table, one query and one plain template of 50 rows, served like ours."""

import os
from collections.abc import Awaitable, Callable
from typing import Any

import django
import environ
from a2wsgi import WSGIMiddleware
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template import engines

LIST = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ title }}</title></head><body>
<nav><a href="/">Home</a> <a href="/list/">List</a></nav><h1>{{ title }}</h1><table><tbody>
{% for row in rows %}<tr id="row-{{ row.id }}" class="{{ row.status }} priority-{{ row.priority }}">
<td><input type="checkbox" name="chosen" value="{{ row.id }}" aria-label="Choose {{ row.id }}"></td>
<td><a href="/tickets/{{ row.id }}/">{{ row.external_id }}</a></td><td>{{ row.author|default:"nobody"|title }}</td>
<td title="{{ row.text }}">{{ row.text|truncatechars:80 }}</td><td>{{ row.status|capfirst }}</td>
<td>{% if row.priority < 3 %}<b>high</b>{% else %}normal{% endif %}</td><td>{{ row.assignee|default_if_none:"-" }}</td>
<td><time datetime="{{ row.created_at|date:'c' }}">{{ row.created_at|date:"j M H:i" }}</time></td></tr>
{% endfor %}</tbody></table></body></html>"""

if not settings.configured:
    settings.configure(
        SECRET_KEY="bare",
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF="benchmarks.inbox_rig.bare_urls",
        MIDDLEWARE=["django.middleware.security.SecurityMiddleware", "django.middleware.common.CommonMiddleware"],
        DATABASES={"default": {**environ.Env.db_url_config(os.environ["DATABASE_URL"]), "CONN_MAX_AGE": 600}},
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
        USE_TZ=True,
        TIME_ZONE="UTC",
    )
    django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection, transaction  # noqa: E402

PAGE = "SELECT id, external_id, author, text, status, priority, assignee, created_at FROM yard.mention WHERE "
TEMPLATE = engines["django"].from_string(LIST)


def _page(condition: str, values: list[Any]) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute(PAGE + condition, values)
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return HttpResponse(TEMPLATE.render({"title": "Open", "rows": rows}))


def listed(request: HttpRequest) -> HttpResponse:
    """50 open rows of one queue, oldest first."""
    queue = int(request.GET["queue"])
    return _page("queue = %s AND status = 'open' ORDER BY created_at, id LIMIT 50", [queue])


def found(request: HttpRequest) -> HttpResponse:
    """The newest 50 rows that contain all words."""
    # Behind a fence: the planner may otherwise walk all ids from the newest down and never look into the GIN index.
    hits = "SELECT id FROM yard.mention WHERE to_tsvector('simple', text) @@ plainto_tsquery('simple', %s)"
    where = f"id IN (WITH hit AS MATERIALIZED ({hits}) SELECT id FROM hit ORDER BY id DESC LIMIT 50) ORDER BY id DESC"
    return _page(where, [request.GET["q"]])


def claimed(request: HttpRequest, pk: int) -> HttpResponse:
    """One UPDATE that only the first one wins."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE yard.mention SET assignee = 1 WHERE id = %s AND assignee IS NULL", [pk])
        won = cursor.rowcount
    return HttpResponse(status=200 if won and request.method == "POST" else 409)


_threaded = WSGIMiddleware(get_wsgi_application(), workers=8, send_queue_size=10)


async def application(scope: dict[str, Any], receive: Callable[[], Awaitable[Any]], send: Callable[..., Any]) -> None:
    """As socialcare.asgi, without a stream."""
    if scope["type"] == "http":
        await _threaded(scope, receive, send)
        return
    while (await receive())["type"] == "lifespan.startup":
        await send({"type": "lifespan.startup.complete"})
    await send({"type": "lifespan.shutdown.complete"})
