"""One command, one port: pages on WSGI threads that keep their database connections, the live stream on the
event loop. Source: docs/adr/0002-pages-on-threads-stream-on-the-loop.md.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from typing import Any, cast

from a2wsgi import WSGIMiddleware
from django.core.asgi import get_asgi_application
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "socialcare.settings")

LIVE = "/live/"

pages = get_wsgi_application()
live = get_asgi_application()
threaded: Any = WSGIMiddleware(cast(Any, pages), workers=int(os.environ.get("WEB_THREADS", "8")), send_queue_size=10)


async def application(scope: dict[str, Any], receive: Callable[[], Awaitable[Any]], send: Callable[..., Any]) -> None:
    """Send the live stream to the loop and every other request to a thread."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] != "http":
        raise ValueError(f"Nothing here speaks {scope['type']}.")
    elif scope["path"].startswith(LIVE):
        # Past __call__, which would keep a thread of its own for each request until it ends: one per open stream.
        await live.handle(scope, receive, send)
    else:
        await threaded(scope, receive, send)


async def _lifespan(receive: Callable[[], Awaitable[Any]], send: Callable[..., Any]) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
