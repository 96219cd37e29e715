"""X's small rules: length, who may be answered, what a refusal means, prices, snowflakes, OAuth."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from channels.adapters.x import capabilities, failures, oauth, prices, queries, snowflake, walk
from channels.contracts import MessageFacts, OutboundMessage, Visibility
from channels.http import BadStatus, HttpFailure, NoAnswer, NotSent
from core import errors
from tests.channels import captured

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("hello", 5),
        ("", 0),
        ("https://example.com/a/very/long/path/that/goes/on/and/on/and/on", 23),
        ("see https://x.com now", 31),
        ("😷", 2),
        ("👨‍👩‍👧‍👦", 2),
        ("🇩🇪", 2),
        ("日本語", 6),
        ("한국어", 6),
        ("é", 1),
        ("e\u0301", 1),
        ("ü" * 280, 280),
        ("a\r\nb", 3),
        ("“quoted”", 8),
    ],
)
def test_length_is_counted_as_x_publishes_it(text: str, length: int) -> None:
    """Source: docs.x.com counting characters, read 2026-08."""
    assert capabilities.length(text, Visibility.PUBLIC) == length


def test_a_direct_message_counts_plainly() -> None:
    assert capabilities.length("日本語", Visibility.PRIVATE) == 3


def facts(**changed: object) -> MessageFacts:
    usual = {
        "visibility": Visibility.PUBLIC,
        "posted_at": NOW,
        "inbound": True,
        "names_us": True,
        "author_known": True,
        "deleted": False,
    }
    return MessageFacts(**{**usual, **changed})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changed", "enterprise", "public", "private"),
    [
        ({}, False, True, False),
        ({"names_us": False}, False, False, False),
        ({"names_us": False}, True, True, False),
        ({"deleted": True}, True, False, False),
        ({"inbound": False}, True, False, False),
        ({"visibility": Visibility.PRIVATE}, False, False, True),
        ({"visibility": Visibility.PRIVATE, "names_us": False}, False, False, True),
    ],
)
def test_who_may_be_answered(changed: dict[str, object], enterprise: bool, public: bool, private: bool) -> None:
    answer = capabilities.answerable(facts(**changed), enterprise=enterprise)
    assert (answer.public, answer.private) == (public, private)
    assert bool(answer.public_reason) is not public
    assert bool(answer.private_reason) is not private


def status(code: int, body: object = None, **headers: str) -> BadStatus:
    content = body if isinstance(body, bytes) else json.dumps(body or {"title": "T", "detail": "Words."}).encode()
    return BadStatus(code, headers, content)


DUPLICATE = {"detail": "You are not allowed to create a Tweet with duplicate content.", "title": "Forbidden"}
HTML = b"<html>Attention Required!</html>"


@pytest.mark.parametrize(
    ("failure", "read", "write"),
    [
        (NotSent("x"), errors.TransientChannelError, errors.TransientChannelError),
        (NoAnswer("x"), errors.TransientChannelError, errors.OutcomeUnknown),
        (status(400), errors.PermanentChannelError, errors.Refused),
        (status(401), errors.TokenDead, errors.TokenDead),
        (status(401, HTML), errors.TokenDead, errors.TokenDead),
        (status(402), errors.PermanentChannelError, errors.PermanentChannelError),
        (status(403), errors.PermissionMissing, errors.Refused),
        (status(403, DUPLICATE), errors.PermissionMissing, errors.OutcomeUnknown),
        (status(403, HTML), errors.PermissionMissing, errors.OutcomeUnknown),
        (status(404), errors.PermanentChannelError, errors.OutcomeUnknown),
        (status(429), errors.RateLimited, errors.RateLimited),
        (status(302), errors.TransientChannelError, errors.OutcomeUnknown),
        (status(408), errors.TransientChannelError, errors.OutcomeUnknown),
        *[(status(code, HTML), errors.TransientChannelError, errors.OutcomeUnknown) for code in (500, 502, 503, 504)],
    ],
)
def test_what_a_failure_means(failure: HttpFailure, read: type, write: type) -> None:
    assert type(failures.of_read(failure, now=NOW)) is read
    assert type(failures.of_write(failure, now=NOW)) is write


def test_captured_refusals_are_all_named() -> None:
    expected = {
        "429_rate_limit": ("rate_limited", errors.RateLimited),
        "429_usage_cap": ("usage_capped", errors.RateLimited),
        "403_client_not_enrolled": ("permission_missing", errors.PermissionMissing),
        "v1_88_rate_limit": ("rate_limited", errors.RateLimited),
    }
    for entry in captured.read("x/errors/errors.json"):
        error = failures.of_read(status(entry["http_status"], entry["body"]), now=NOW)
        assert (error.code, type(error)) == expected[entry["file"]]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("+60", 60), ("-60", 5), ("+999999", 900), ("soon", 60), ("", 60), ("9" * 30, 60)],
)
def test_a_reset_header_is_only_believed_within_its_window(header: str, seconds: int) -> None:
    value = str(int(NOW.timestamp()) + int(header)) if header[:1] in "+-" and header else header
    error = failures.of_read(status(429, **{"x-rate-limit-reset": value}), now=NOW)
    assert isinstance(error, errors.RateLimited)
    assert error.retry_after == NOW + timedelta(seconds=seconds)


def test_snowflakes_agree_with_the_times_that_x_recorded() -> None:
    times = {
        item["id"]: item["created_at"]
        for content in captured.x_pages()
        for item in [json.loads(content)["data"]]
        if isinstance(item, dict) and "created_at" in item
    }
    real = {key: value for key, value in times.items() if len(key) == 19 and not value.startswith("2024-01-15")}
    for external_id, created_at in real.items():
        off = snowflake.to_time(int(external_id)) - datetime.fromisoformat(created_at)
        assert timedelta(0) <= off < timedelta(seconds=1)
    moment = datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=UTC)
    assert snowflake.to_time(snowflake.from_time(moment)) == moment
    assert snowflake.to_time(snowflake.minus_seconds(snowflake.from_time(moment), 300)) == moment - timedelta(minutes=5)
    assert snowflake.from_time(datetime(2009, 1, 1, tzinfo=UTC)) == 0


def test_no_brand_word_can_carry_an_operator() -> None:
    query = queries.brand_words(['north" OR from:rival "wind', "air lines"], account="7", enterprise=False)
    assert query == '("north OR from:rival wind" OR "air lines") -is:retweet -from:7'
    with pytest.raises(errors.PermanentChannelError):
        queries.brand_words(["  ", '"'], account="7", enterprise=False)
    with pytest.raises(errors.PermanentChannelError):
        queries.brand_words(["w" * 600], account="7", enterprise=False)
    assert queries.brand_words(["w" * 600], account="7", enterprise=True)


def test_every_price_is_positive() -> None:
    assert all(price > 0 for price in prices.USD.values())
    assert prices.USD["own_mention"] < prices.USD["post_read"]


def test_the_authorize_url_carries_the_challenge_and_not_the_verifier() -> None:
    verifier = oauth.new_verifier()
    url = oauth.authorize_url(client_id="cid", redirect_uri="https://a.example/back", state="st", verifier=verifier)
    query = {key: value[0] for key, value in parse_qs(urlsplit(url).query).items()}
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    assert (query["code_challenge"], query["code_challenge_method"], query["state"]) == (digest, "S256", "st")
    assert verifier not in url
    assert "offline.access" in query["scope"].split()


def test_vendor_clients_are_made_in_one_place_each() -> None:
    root = Path(__file__).resolve().parents[2]
    makes = re.compile(r"tweepy\.(Client|API|OAuth\w+|StreamingClient)\b|\bGraphAPI\(|facebook\.GraphAPI\b")
    areas = ("accounts", "api", "channels", "core", "inbox", "routing", "socialcare", "web", "insights")
    sources = [path for area in areas for path in (root / area).rglob("*.py")]
    found = {str(path.relative_to(root)) for path in sources if makes.search(path.read_text())}
    allowed = {"channels/adapters/x/client.py", "channels/adapters/facebook/client.py"}
    assert found <= allowed
    assert "channels/adapters/x/client.py" in found


@pytest.mark.parametrize(("beyond_s", "told"), [(60, False), (7200, True)])
def test_minutes_beyond_the_first_seven_days_are_no_gap(beyond_s: int, told: bool) -> None:
    now = datetime.now(UTC)
    begun = walk.Walk.begin({}, {"since": (now - timedelta(days=7, seconds=beyond_s)).isoformat()})
    assert begun.just_short_of(7 * 86_400) is not told
    later = walk.Walk.begin({"since_id": str(begun.floor)}, {"overlap_s": 300})
    assert not later.just_short_of(7 * 86_400)


@pytest.mark.parametrize(
    ("message", "resource"),
    [
        (OutboundMessage("Soon.", Visibility.PUBLIC), "post"),
        (OutboundMessage("Soon.", Visibility.PUBLIC, in_reply_to="1"), "summoned_reply"),
        (OutboundMessage("Soon. 2/2", Visibility.PUBLIC, in_reply_to="1", follows=True), "post"),
        (OutboundMessage("See example.com", Visibility.PUBLIC, in_reply_to="1"), "post_with_url"),
        (OutboundMessage("See https://example.com", Visibility.PRIVATE), "dm"),
    ],
)
def test_what_a_message_is_charged_as(message: OutboundMessage, resource: str) -> None:
    assert prices.resource(message) == resource
