"""Sealing and signing for push services: against the RFC's own example, and against a reader of our own."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography.exceptions import InvalidTag

from channels import webpush
from channels.webpush import Signer, Subscription, Unusable
from tests.pushed import PretendBrowser, claims_of

# Source: RFC 8291, section 5 and appendix A.
RFC = Subscription(
    "https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV",
    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
    "BTBZMqHH6r4Tts7J_aSIgg",
)
SENDER, SALT = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw", "DGv6ra1nlYgDCS1FRnbzlw"
SEALED = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27ml"
    "mlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT"
    "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_the_example_of_the_rfc_comes_out_letter_by_letter() -> None:
    content = b"When I grow up, I want to be a watermelon"
    body = webpush.sealed(content, RFC, salt=webpush.decoded(SALT, 16), sender=SENDER)
    assert webpush.encoded(body) == SEALED


def test_only_that_browser_reads_it_and_no_two_records_look_alike() -> None:
    mine, other = PretendBrowser("push.example"), PretendBrowser("push.example")
    first, second = (webpush.sealed(b'{"a": 1}', mine.subscription) for _ in range(2))
    assert mine.read(first) == mine.read(second) == {"a": 1}
    assert first != second
    with pytest.raises(InvalidTag):
        other.read(first)


def test_the_longest_content_fits_into_one_record() -> None:
    browser = PretendBrowser("push.example")
    content = b'"' + b"x" * (webpush.LONGEST - 2) + b'"'
    assert len(webpush.sealed(content, browser.subscription)) == webpush.RECORD_BYTES
    assert browser.read(webpush.sealed(content, browser.subscription))


def test_a_call_says_who_calls_whom_and_until_when() -> None:
    signer = Signer(webpush.new_key(), "mailto:it@example.com")
    header = signer.authorization("https://push.example:8443/one?two", NOW)
    assert claims_of(header) == {
        "aud": "https://push.example:8443",
        "exp": int((NOW + timedelta(hours=12)).timestamp()),
        "sub": "mailto:it@example.com",
    }
    assert header.endswith(f"k={signer.public}")


@pytest.mark.parametrize(
    ("p256dh", "auth"),
    [
        ("", RFC.auth),
        ("AAAA", RFC.auth),
        (webpush.encoded(b"\x04" + b"\x01" * 64), RFC.auth),  # not on the curve
        (RFC.p256dh + "!", RFC.auth),
        (RFC.p256dh, ""),
        (RFC.p256dh, "AAAA"),
        (RFC.p256dh, "ÄÖÜ"),
    ],
)
def test_keys_that_are_none_are_refused(p256dh: str, auth: str) -> None:
    with pytest.raises(Unusable) as refused:
        webpush.check(Subscription(RFC.endpoint, p256dh, auth))
    assert p256dh not in str(refused.value) or not p256dh


@pytest.mark.parametrize(
    ("key", "contact"),
    [
        ("", "mailto:a@b.example"),
        ("short", "mailto:a@b.example"),
        (webpush.encoded(b"\0" * 32), "mailto:a@b.example"),
        (webpush.encoded(b"\xff" * 32), "mailto:a@b.example"),
        (webpush.new_key(), ""),
        (webpush.new_key(), "it@example.com"),
    ],
)
def test_a_signer_needs_a_key_and_somebody_to_write_to(key: str, contact: str) -> None:
    with pytest.raises(Unusable):
        Signer(key, contact)


def test_a_subscription_shows_itself_to_nobody() -> None:
    assert "push.example.net" not in repr(RFC)
    assert RFC.auth not in repr(RFC)
