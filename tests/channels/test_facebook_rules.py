"""Facebook's small rules: what a refusal means, who may be answered until when, usage, versions."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from channels.adapters.facebook import capabilities, client, failures, progress
from channels.contracts import MessageFacts, Visibility
from channels.http import BadStatus, HttpFailure, NoAnswer, NotSent
from core import errors
from tests.channels import captured

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def refusal(code: int, subcode: int = 0, *, transient: bool = False, status: int = 400) -> BadStatus:
    error = {"message": "Words", "code": code, "error_subcode": subcode, "is_transient": transient}
    return BadStatus(status, {}, json.dumps({"error": error}).encode())


LIMITED = [(refusal(code, transient=code == 4), errors.RateLimited, errors.RateLimited) for code in (4, 17, 32, 613)]


@pytest.mark.parametrize(
    ("failure", "read", "write"),
    [
        *LIMITED,
        (NotSent("x"), errors.TransientChannelError, errors.TransientChannelError),
        (NoAnswer("x"), errors.TransientChannelError, errors.OutcomeUnknown),
        (BadStatus(503, {}, b"<html>"), errors.TransientChannelError, errors.OutcomeUnknown),
        (BadStatus(403, {}, b"<html>"), errors.TransientChannelError, errors.OutcomeUnknown),
        (BadStatus(302, {}, b""), errors.TransientChannelError, errors.OutcomeUnknown),
        (refusal(190, 463), errors.TokenDead, errors.TokenDead),
        (refusal(190, 460, status=401), errors.TokenDead, errors.TokenDead),
        (refusal(102), errors.TokenDead, errors.TokenDead),
        (refusal(10), errors.PermissionMissing, errors.PermissionMissing),
        (refusal(200, status=403), errors.PermissionMissing, errors.PermissionMissing),
        (refusal(10, 2018278), errors.Refused, errors.Refused),
        (refusal(368), errors.PermanentChannelError, errors.PermanentChannelError),
        (refusal(1, status=500), errors.TransientChannelError, errors.OutcomeUnknown),
        (refusal(2), errors.TransientChannelError, errors.OutcomeUnknown),
        (refusal(9999, transient=True), errors.TransientChannelError, errors.OutcomeUnknown),
        (refusal(506, 1455006), errors.PermanentChannelError, errors.OutcomeUnknown),
        (refusal(100), errors.PermanentChannelError, errors.Refused),
        (refusal(100, 33), errors.PermanentChannelError, errors.PermanentChannelError),
        (refusal(10900), errors.PermanentChannelError, errors.Refused),
    ],
)
def test_what_a_failure_means(failure: HttpFailure, read: type, write: type) -> None:
    assert type(failures.of_http(failure, writing=False, now=NOW)) is read
    assert type(failures.of_http(failure, writing=True, now=NOW)) is write


def test_captured_errors_are_all_named() -> None:
    expected = {
        4: "rate_limited",
        17: "rate_limited",
        32: "rate_limited",
        613: "rate_limited",
        190: "token_dead",
        368: "blocked",
    }
    seen = set()
    for entry in captured.read("facebook/errors/errors.json"):
        error = failures.read_error(entry["body"])
        assert error is not None
        seen.add(error.code)
        assert failures.of_graph(error, {}, writing=False, now=NOW).code == expected[error.code]
    assert seen == set(expected)


@pytest.mark.parametrize("body", [{"data": []}, {}, [], None, 5])
def test_an_answer_without_an_error_has_none(body: Any) -> None:
    assert failures.read_error(body) is None


@pytest.mark.parametrize("body", [{"error": "x"}, {"error": {"code": "4"}}, {"error": [1]}])
def test_an_error_that_cannot_be_read_is_one_all_the_same(body: Any) -> None:
    assert failures.read_error(body) is not None


def test_captured_usage_headers_give_the_highest_share() -> None:
    expected = {
        "x-app-usage": [91, 144],
        "x-page-usage": [60],
        "x-business-use-case-usage": [1],
        "x-ad-account-usage": [None],
    }
    seen: dict[str, list[int | None]] = {}
    for entry in captured.read("facebook/errors/usage_headers.json"):
        window = client.usage("x", failures.json_header({entry["header"]: entry["value"]}, entry["header"]))
        seen.setdefault(entry["header"], []).append(window.used_percent if window else None)
    assert seen == expected


def test_the_wait_is_the_one_that_facebook_estimates() -> None:
    header = {"1": [{"type": "pages", "estimated_time_to_regain_access": 17}]}
    headers = {"x-business-use-case-usage": json.dumps(header)}
    assert failures.retry_after(headers, now=NOW) == NOW + timedelta(minutes=17)
    assert failures.retry_after({}, now=NOW) == NOW + timedelta(minutes=5)
    absurd = {"x-business-use-case-usage": json.dumps({"1": [{"estimated_time_to_regain_access": 10**9}]})}
    assert failures.retry_after(absurd, now=NOW) == NOW + timedelta(hours=24)


def facts(**changed: object) -> MessageFacts:
    usual = {
        "visibility": Visibility.PUBLIC,
        "posted_at": NOW - timedelta(days=1),
        "inbound": True,
        "names_us": False,
        "author_known": True,
        "deleted": False,
        "is_comment": True,
    }
    return MessageFacts(**{**usual, **changed})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changed", "public", "private", "days_left"),
    [
        ({}, True, True, 6),
        ({"author_known": False}, True, True, 6),
        ({"is_comment": False}, True, False, None),
        ({"private_replied": True}, True, False, None),
        ({"posted_at": NOW - timedelta(days=8)}, True, False, None),
        ({"deleted": True}, False, False, None),
        ({"inbound": False}, False, False, None),
        ({"visibility": Visibility.PRIVATE}, False, True, 6),
        ({"visibility": Visibility.PRIVATE, "posted_at": NOW - timedelta(days=8)}, False, False, -1),
        (
            {
                "visibility": Visibility.PRIVATE,
                "posted_at": NOW - timedelta(days=8),
                "last_inbound_private_at": NOW - timedelta(days=2),
            },
            False,
            True,
            5,
        ),
    ],
)
def test_who_may_be_answered_until_when(
    changed: dict[str, object], public: bool, private: bool, days_left: int | None
) -> None:
    answer = capabilities.answerable(facts(**changed), now=NOW)
    assert (answer.public, answer.private) == (public, private)
    assert bool(answer.public_reason) is not public
    assert bool(answer.private_reason) is not private
    assert answer.private_until == (None if days_left is None else NOW + timedelta(days=days_left))


def test_the_version_is_of_today() -> None:
    """facebook-sdk itself refuses every version above 3.1."""
    assert client.Graph("t").version == "v26.0"
    assert client.VERSION_EXPIRES - date(2026, 7, 1) >= timedelta(days=730)


def test_a_circle_of_pages_is_noticed_in_whatever_order_they_come() -> None:
    seen = progress.go_on(progress.digest_of(["1", "2"]), [])
    seen = progress.go_on(progress.digest_of(["3"]), seen)
    seen = progress.go_on(progress.digest_of([]), progress.go_on(progress.digest_of([]), seen))
    with pytest.raises(errors.TransientChannelError) as caught:
        progress.go_on(progress.digest_of(["2", "1"]), seen)
    assert caught.value.code == "repeated_page"


def test_the_floor_is_utc_whatever_zone_the_caller_wrote() -> None:
    assert progress.floor_of(None, {"since": "2026-11-21T14:00:00+02:00"}).isoformat() == NOW.isoformat()
    assert progress.floor_of(NOW.isoformat(), {"overlap_s": 60}) == NOW - timedelta(seconds=60)
    assert progress.floor_of(None, {}) == progress.START
