"""Two transactions in each other's way: the whole one is tried again, a few times, after a short random wait."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import structlog
from django.db import OperationalError

from core.errors import Conflict

P = ParamSpec("P")
R = TypeVar("R")

log = structlog.get_logger(__name__)

ATTEMPTS = 3
WAIT_S = 0.05
# Source: PostgreSQL manual, appendix A: serialization_failure, deadlock_detected, lock_not_available.
IN_THE_WAY = frozenset({"40001", "40P01", "55P03"})


def retried(function: Callable[P, R]) -> Callable[P, R]:
    """Run a service, which is one transaction, again when PostgreSQL ended it to let another one pass.

    Raises: Conflict (`busy`) when the last attempt was ended too.
    Source: reliability.md §2.3 row 13.
    """

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return function(*args, **kwargs)
            except OperationalError as error:
                if code_of(error) not in IN_THE_WAY:
                    raise
                log.info("contention.retried", function=function.__name__, attempt=attempt, code=code_of(error))
                if attempt == ATTEMPTS:
                    raise Conflict("Too many people are changing this right now. Try again.", code="busy") from error
                time.sleep(random.uniform(0.5, 1.5) * WAIT_S * attempt)  # noqa: S311 (spreads the waits, no secret)
        raise AssertionError("unreachable")

    return call


def code_of(error: OperationalError) -> str:
    """PostgreSQL's five-character code of what went wrong, or nothing when the connection broke."""
    return str(getattr(error.__cause__, "pgcode", None) or "")
