"""Structured logs: one JSON object a line, secrets cut out at the root, never a message text or a handle."""

from __future__ import annotations

import logging
import logging.config
import re
from collections.abc import MutableMapping
from typing import Any

import structlog

SECRET_KEYS = re.compile(r"(?i)token|secret|password|authorization|cookie|proof|verifier|api_key|credential")
SECRET_TEXT = re.compile(
    r"(?i)((?:access_token|refresh_token|token|secret|appsecret_proof|code|code_verifier|client_secret)"
    r"(?:=|%3D|[\"']?:\s*[\"']?)|/reset/key/[0-9a-z]+-)[^&\s\"',]+"
    r"|(bearer|oauth)\s+[A-Za-z0-9._~+/=-]{8,}|(://[^/\s:@]*:)[^@\s/]+@"
)

# After its first line PostgreSQL quotes the row, the statement or the line that it refused: what people wrote.
REFUSED_ROW = re.compile(
    r"(?:\n|\\n)(?:DETAIL|CONTEXT|LINE \d+):.*?(?=\n\n(?:The above exception|During handling of)|\Z)", re.DOTALL
)

# What people search for is names and handles: an address is logged without its query.
QUERY = re.compile(r"\?[^\s'\"]*")

# What cannot hold a text.
PLAIN = (int, float, bool, type(None))


def scrub_text(value: str) -> str:
    """The text with everything that looks like a secret replaced, and without the rows that the database quotes."""

    def cut(found: re.Match[str]) -> str:
        if found[3]:
            return f"{found[3]}[cut]@"
        return f"{found[1] or found[2] + ' '}[cut]"

    return SECRET_TEXT.sub(cut, REFUSED_ROW.sub(" [the database's detail is cut]", value))


def scrub(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Structlog processor: no value of a secret key and no secret inside a text leaves the process."""
    for key, value in event.items():
        if SECRET_KEYS.search(key) and not isinstance(value, (int, bool)):
            event[key] = "[cut]"
        elif not isinstance(value, PLAIN):
            # Objects, such as a request with its address, are shown as text sooner or later.
            text = scrub_text(str(value))
            event[key] = QUERY.sub("", text, count=1) if key == "request" else text
    return event


def configure(log_format: str, level: str) -> None:
    """Send structlog and the standard library through one chain to standard error."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.ExtraAdder(allow=None),
        structlog.processors.StackInfoRenderer(),
    ]
    renderer: Any = (
        structlog.dev.ConsoleRenderer(colors=False) if log_format == "console" else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[*shared[:-1], structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "chain": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "foreign_pre_chain": shared,
                    "processors": [
                        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                        structlog.processors.format_exc_info,
                        scrub,
                        renderer,
                    ],
                }
            },
            "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "chain"}},
            "root": {"handlers": ["out"], "level": level},
            "loggers": {
                # These print Authorization headers, URLs with tokens or bodies at DEBUG.
                "tweepy": {"level": "WARNING"},
                "urllib3": {"level": "WARNING"},
                "requests_oauthlib": {"level": "WARNING"},
                "oauthlib": {"level": "WARNING"},
                "django.db.backends": {"level": "WARNING"},
                "uvicorn.access": {"level": "WARNING"},
                # The metronome and every hint it gives: a hundred megabytes a day that say nothing.
                "celery.beat": {"level": "WARNING"},
                "celery.worker.strategy": {"level": "WARNING"},
                "celery.app.trace": {"level": "WARNING"},
            },
        }
    )
