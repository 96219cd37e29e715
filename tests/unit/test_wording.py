"""Text as it came, with the three permitted exceptions."""

import re

import orjson
import pytest

from inbox import wording

CARDS = [
    "4111 1111 1111 1111",
    "4111  1111  1111  1111",
    "4111\u00a01111\u00a01111\u00a01111",
    "4111–1111–1111–1111",
    "5555-5555-5555-4444",
    "378282246310005",
    "6011111111111117",
    "4222222222222",
]


@pytest.mark.parametrize("card", CARDS)
def test_a_card_number_is_cut_to_its_last_four(card: str) -> None:
    text, noted = wording.clean(f"my card is {card}, refund me")
    digits = re.sub(r"\D", "", card)
    assert text == f"my card is •••• {digits[-4:]}, refund me"
    assert noted == wording.CARD


@pytest.mark.parametrize(
    "text",
    [
        "booking 4111111111111112",  # wrong check digit
        "call 0044 20 7946 0958",
        "https://x.com/i/status/4111111111111111",
        "1234567890123",
        "0000000000000000",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert wording.clean(text) == (text, 0)


@pytest.mark.parametrize("before", ["card=", "number/", "id:", "x"])
def test_a_card_number_behind_a_sign_is_cut(before: str) -> None:
    assert wording.clean(f"{before}4111111111111111") == (f"{before}•••• 1111", wording.CARD)


def test_entities_are_decoded_once() -> None:
    assert wording.clean("a &amp;amp; b &lt;3") == ("a &amp; b <3", wording.ENTITIES)


def test_what_cannot_be_stored_is_replaced_and_noted() -> None:
    assert wording.clean("a\0b\ud83dc") == ("a\ufffdb\ufffdc", wording.NUL | wording.SURROGATE)


def test_raw_loses_cards_in_texts_and_keeps_ids() -> None:
    raw = orjson.dumps(
        {"id": "4111111111111111", "text": "4111111111111111 ok", "user": {"author_id": "4111111111111111"}}
    )
    cut = orjson.loads(wording.clean_raw(raw))
    assert cut == {"id": "4111111111111111", "text": "•••• 1111 ok", "user": {"author_id": "4111111111111111"}}


def test_raw_without_a_card_is_untouched() -> None:
    raw = b'{"id": 1,   "text":"plain"}'
    assert wording.clean_raw(raw) is raw


def test_broken_raw_is_cut_blindly() -> None:
    assert b"4111" not in wording.clean_raw(b'{"text": "4111111111111111')


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("4111 1111 1111 1111 12/27", "•••• 1111 12/27"),
        ("4111111111111111 123", "•••• 1111 123"),
        ("1 4111-1111-1111-1111 9", "1 •••• 1111 9"),
        ("4111 1111 1111 1111 5555 5555 5555 4444", "•••• 1111 •••• 4444"),
        ("41111111111111112222", "41111111111111112222"),
    ],
)
def test_a_card_number_is_found_among_other_digits(text: str, shown: str) -> None:
    assert wording.cut_cards(text) == (shown, text != shown)
    raw = orjson.dumps({"text": text})
    assert orjson.loads(wording.clean_raw(raw))["text"] == shown
