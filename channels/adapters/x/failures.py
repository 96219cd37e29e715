"""What X's refusals mean: for reads, and for writes, where the question is whether anything was posted.

Source of the codes: X's OpenAPI file 2.167 (problems), docs.x.com response codes, read 2026-08;
reliability.md §2.2 for what counts as provably not posted.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from channels.http import BadStatus, HttpFailure, NotSent
from core.errors import (
    ChannelError,
    OutcomeUnknown,
    PermanentChannelError,
    PermissionMissing,
    RateLimited,
    Refused,
    TokenDead,
    TransientChannelError,
)

# X resets windows every 15 minutes; a reset further away than this is not believed.
WINDOW = timedelta(minutes=15)


def of_read(failure: HttpFailure, *, now: datetime) -> ChannelError:
    """The named error for a call that changes nothing, or that may be repeated without harm."""
    if not isinstance(failure, BadStatus):
        return TransientChannelError(str(failure))
    problem = read_problem(failure.body)
    match failure.status:
        case 401:
            return TokenDead("X no longer accepts the keys of this account: connect it again.")
        case 402:
            return _credits(problem)
        case 403:
            return PermissionMissing(f"X does not allow this: {_sentence(problem)}")
        case 404:
            return PermanentChannelError("X does not know this any more.", code="gone")
        case 429:
            return _limited(failure, problem, now)
        case status if status >= 500 or status in (408, 425) or 300 <= status < 400:
            return TransientChannelError(f"X is not answering properly (status {status}).")
    return PermanentChannelError(f"X refused the request: {_sentence(problem)}", code="bad_request")


def of_write(failure: HttpFailure, *, now: datetime) -> ChannelError:
    """The named error for a post: everything that does not prove that nothing was posted is unknown."""
    if isinstance(failure, NotSent):
        return TransientChannelError(str(failure))
    if not isinstance(failure, BadStatus):
        return OutcomeUnknown("X broke off before saying whether the answer was posted.")
    problem = read_problem(failure.body)
    match failure.status:
        case 400:
            return Refused(f"X refused the answer: {_sentence(problem)}")
        case 401 | 402 | 429:
            return of_read(failure, now=now)
        case 403 if problem and not is_duplicate(problem):
            return Refused(f"X refused the answer: {_sentence(problem)}")
        case 403 if problem:
            return OutcomeUnknown("X says that this text was posted already.", code="duplicate_text")
    return OutcomeUnknown(f"X answered with status {failure.status}; the answer may have been posted.")


def read_problem(body: bytes) -> dict[str, Any]:
    """The problem object of an answer, {} where it is none (an HTML page of a gateway, say)."""
    try:
        problem = orjson.loads(body)
    except ValueError:
        return {}
    return problem if isinstance(problem, dict) else {}


def is_duplicate(problem: dict[str, Any]) -> bool:
    """X refuses a text that this account posted before, and does not say which post that was."""
    return "duplicate content" in _sentence(problem).lower()


def _sentence(problem: dict[str, Any]) -> str:
    """X's own words, cut to what fits on a screen."""
    errors = problem.get("errors")
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
    for words in (problem.get("detail"), first.get("detail"), first.get("message"), problem.get("title")):
        if isinstance(words, str) and words:
            return words[:200]
    return "no reason given."


def _credits(problem: dict[str, Any]) -> ChannelError:
    return PermanentChannelError(f"The X account has no credits left: {_sentence(problem)}", code="credits_used_up")


def _limited(failure: BadStatus, problem: dict[str, Any], now: datetime) -> ChannelError:
    if "usage-capped" in str(problem.get("type", "")):
        return RateLimited("The monthly cap of this X app is used up.", code="usage_capped")
    return RateLimited("X's limit for this window is used up.", retry_after=reset_time(failure.headers, now=now))


def reset_time(headers: Any, *, now: datetime) -> datetime:
    """When the window opens again; a missing, past or absurd header means one window from now at most."""
    try:
        reset = datetime.fromtimestamp(int(headers.get("x-rate-limit-reset", "")), tz=UTC)
    except (ValueError, OverflowError, OSError):
        return now + timedelta(minutes=1)
    if now < reset <= now + WINDOW:
        return reset
    return now + (timedelta(seconds=5) if reset <= now else WINDOW)
