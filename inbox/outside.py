"""Asking a service of the organisation's own over HTTP: one call with a token, and a rest after each that failed.

A service that hangs must not hold our threads one by one. The log names the service and what went wrong, never what
was asked or said.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

import structlog
from django.core.cache import cache

from channels.http import BadStatus, HttpFailure, Policy, Session

log = structlog.get_logger(__name__)

# After a failure nobody asks for so long, seconds.
REST_S = 15


@dataclass(frozen=True, slots=True)
class Service:
    """Where it is and how long it may take.

    Args:
        name: in the log, and of its rest in the cache.
        empty: statuses that mean “nothing” and are no failure.
    """

    name: str
    url: str
    token: str
    policy: Policy
    empty: Collection[int] = field(default=())


def asked(service: Service, body: bytes) -> bytes | None:
    """The answer's bytes, empty where there is nothing; None = it is away, or rests. Raises nothing."""
    rests = f"{service.name}:rests"
    if cache.get(rests):
        return None
    answer = _call(service, body)
    if answer is None:
        cache.set(rests, 1, REST_S)
    return answer


def _call(service: Service, body: bytes) -> bytes | None:
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if service.token:
        headers["Authorization"] = f"Bearer {service.token}"
    try:
        with Session(rewrites={}, secrets=(service.token,), policy=service.policy) as session:
            return session.post(service.url, data=body, headers=headers).content
    except BadStatus as error:
        if error.status in service.empty:
            return b""
        log.warning("service.refused", service=service.name, status=error.status)
    except HttpFailure as error:
        log.warning("service.away", service=service.name, kind=type(error).__name__)
    return None
