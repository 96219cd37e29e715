"""What is asked about before an answer leaves, and what is not."""

import pytest

from inbox.text_checks import findings


def codes(text: str, *, public: bool = True, called: str = "Hanne Ostby hanneostby") -> list[str]:
    return [one.code for one in findings(text, public=public, called=called)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Write to hanne.ostby@mail.example", ["email"]),
        ("Call me at +47 912 34 567", ["phone"]),
        ("Your number 0171 2345678 is noted", ["phone"]),
        ("(030) 1234-5678", ["phone"]),
        ("IBAN DE89 3704 0044 0532 0130 00", ["bank_account"]),
        ("Card 4111 1111 1111 1111", ["card_number"]),
        ("Your password is Winter2026", ["secret"]),
        ("PIN: 4711", ["secret"]),
        ("Use eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0", ["secret"]),
        ("Hi Peter, sorry about that.", ["wrong_name"]),
        ("@hanneostby Dear Peter", ["wrong_name"]),
        ("Hallo Peter! Ruf an: 0171 2345678", ["phone", "wrong_name"]),
    ],
)
def test_what_is_asked_about(text: str, expected: list[str]) -> None:
    assert codes(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Write to help@northwind.example",
        "Flight NWD 218 leaves at 16:10 on 2026-11-22.",
        "Case 4812-1, reference 120045, 1,240 people",
        "It costs 129.00, that is 12 900 in all",
        "See https://northwind.example/help/00441234567890",
        "Hi Hanne, on its way.",
        "Hello hanneostby",
        "Hey there, thanks!",
        "Good morning all",
        "High time. Hi!",
        "DE12 3456 is no account",
        "Reset your password: choose a new one.",
    ],
)
def test_what_is_not(text: str) -> None:
    assert codes(text) == []


def test_in_private_only_what_nobody_should_send() -> None:
    text = "Call +47 912 34 567, a@b.example, DE89 3704 0044 0532 0130 00, 4111 1111 1111 1111, PIN: 4711"
    assert codes(text, public=False) == ["card_number", "secret"]


def test_whose_name_nobody_knows_is_not_asked_about() -> None:
    assert codes("Hi Peter", called="") == []


@pytest.mark.parametrize("called", ["Zoë Müller", "zoe_m", "Zoe"])
def test_accents_and_handles_count(called: str) -> None:
    assert codes("Hi Zoe, sorry.", called=called) == []


def test_hostile_text_costs_little() -> None:
    assert len(codes("0 " * 10_000 + "a@" * 10_000 + "1." * 10_000)) < 3
