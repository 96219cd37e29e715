"""What Graph's error codes mean: for reads, and for writes, where the question is whether anything was posted.

Source: developers.facebook.com/docs/graph-api/guides/error-handling and overview/rate-limiting, read 2026-09;
reliability.md §2.2 for what counts as unknown (506, codes 1 and 2, anything without an error object).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
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

LIMITED = {4, 17, 32, 613, 80001, 80006}
DEAD = {102, 190, 2500}
PASSING = {1, 2}
DUPLICATE = 506
BLOCKED = 368
BAD_PARAMETER = 100
NO_SUCH_OBJECT = 33
NO_SUCH_ALIAS = 803
WINDOW_CLOSED = 2018278
USUAL_WAIT = timedelta(minutes=5)
LONGEST_WAIT = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class GraphError:
    """The error object of an answer."""

    code: int
    subcode: int = 0
    message: str = ""
    is_transient: bool = False

    @property
    def gone(self) -> bool:
        return self.code == NO_SUCH_ALIAS or (self.code == BAD_PARAMETER and self.subcode == NO_SUCH_OBJECT)

    @property
    def limited(self) -> bool:
        return self.code in LIMITED

    @property
    def forbidden(self) -> bool:
        return self.code in (3, 10) or 200 <= self.code <= 299


def read_error(body: Any) -> GraphError | None:
    """The error in an answer of any status: the object of today, or the loose fields of old; None without one."""
    if not isinstance(body, dict):
        return None
    error = body.get("error")
    if isinstance(error, dict) and type(error.get("code")) is int:
        subcode = error.get("error_subcode")
        return GraphError(
            code=error["code"],
            subcode=subcode if type(subcode) is int else 0,
            message=str(error.get("message", ""))[:200],
            is_transient=error.get("is_transient") is True,
        )
    if type(body.get("error_code")) is int:
        return GraphError(code=body["error_code"], message=str(body.get("error_msg", ""))[:200])
    # An error that cannot be read is one all the same.
    return GraphError(code=0, message="") if error else None


def of_http(failure: HttpFailure, *, writing: bool, now: datetime) -> ChannelError:
    """The named error for a call that did not end in a 2xx answer."""
    if isinstance(failure, BadStatus):
        error = read_error(_json(failure.body))
        if error and error.code:
            return of_graph(error, failure.headers, writing=writing, now=now)
        if writing:
            return OutcomeUnknown(f"Facebook answered with status {failure.status}; it may have been posted.")
        return TransientChannelError(f"Facebook is not answering properly (status {failure.status}).")
    if writing and not isinstance(failure, NotSent):
        return OutcomeUnknown("Facebook broke off before saying whether the answer was posted.")
    return TransientChannelError(str(failure))


def of_graph(error: GraphError, headers: Mapping[str, str], *, writing: bool, now: datetime) -> ChannelError:
    """The named error for an error object."""
    if error.limited:
        return RateLimited("Facebook's limit is used up.", retry_after=retry_after(headers, now=now))
    if error.code in DEAD:
        return TokenDead("Facebook no longer accepts the token of this page: connect it again.")
    if error.code in PASSING or error.is_transient or error.code == 0:
        if writing:
            return OutcomeUnknown(f"Facebook failed (code {error.code}); the answer may have been posted.")
        return TransientChannelError(f"Facebook is not answering properly (code {error.code}).")
    if error.subcode == WINDOW_CLOSED:
        return Refused("The time to answer this person in private is over.", code="window_closed")
    if error.forbidden:
        return PermissionMissing(f"The page's token may not do this: {error.message}")
    if error.code == BLOCKED:
        return PermanentChannelError(f"Facebook blocks this for now: {error.message}", code="blocked")
    if error.gone:
        return PermanentChannelError("Facebook does not know this any more.", code="gone")
    if writing and error.code == DUPLICATE:
        return OutcomeUnknown("Facebook says that this text was posted already.", code="duplicate_text")
    if writing:
        return Refused(f"Facebook refused the answer: {error.message or error.code}")
    return PermanentChannelError(f"Facebook refused the request: {error.message}", code="bad_request")


def retry_after(headers: Mapping[str, str], *, now: datetime) -> datetime:
    """When to ask again: as the business usage header estimates (minutes), else in five minutes."""
    minutes = [
        each["estimated_time_to_regain_access"]
        for rows in json_header(headers, "x-business-use-case-usage").values()
        for each in (rows if isinstance(rows, list) else ())
        if isinstance(each, dict) and type(each.get("estimated_time_to_regain_access")) is int
    ]
    wait = timedelta(minutes=min(max(minutes, default=0), LONGEST_WAIT // timedelta(minutes=1)))
    return now + (wait if wait > timedelta(0) else USUAL_WAIT)


def json_header(headers: Mapping[str, str], name: str) -> dict[str, Any]:
    """A header that holds a JSON object, {} where it does not."""
    found = _json(headers.get(name, "").encode())
    return found if isinstance(found, dict) else {}


def _json(content: bytes) -> Any:
    try:
        return orjson.loads(content)
    except ValueError:
        return None
