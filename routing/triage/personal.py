"""Personal data in a text: card numbers by their check digit, IBANs by theirs, e-mail, phone and booking numbers."""

from __future__ import annotations

import re

from stdnum import iban, luhn

KINDS = ("card", "iban", "email", "phone", "booking")
"""From the gravest on."""
NAMES = {
    "card": "a card number",
    "iban": "an IBAN",
    "email": "an e-mail address",
    "phone": "a phone number",
    "booking": "a booking number",
}
_DIGIT = re.compile(r"\d")
_CARD = re.compile(r"(?<![\d#])\d(?:[ -]?\d){12,18}(?!\d)")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<![\w#$€£.,/-])(?:\+|00)?\(?\d{1,4}\)?(?:[ ./-]?\(?\d{2,4}\)?){2,4}(?![\w%])")
_BOOKING = re.compile(
    r"(?i:\b(?:booking|reservation|confirmation|conf|pnr|record locator|locator|order|ref(?:erence)?|ticket|case)\b"
    r"[\w#:. ]{0,14}?[#: ])(?=[A-Z0-9]*\d|[A-Z]{6}\b)([A-Z0-9]{5,14})\b"
)
_DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}")
SHORTEST_PHONE, LONGEST_PHONE = 9, 15
"""Digits of a phone number. Source: ITU-T E.164 (at most 15); with area code at least 9."""

DIGITS = {"card": 13, "iban": 2, "email": 0, "phone": SHORTEST_PHONE, "booking": 0}
"""Of fewer digits there is none of the kind, and a text with one digit is not searched for a card."""


def found(text: str) -> list[str]:
    """Which kinds stand in the text, the gravest first."""
    if not _DIGIT.search(text):
        return ["email"] if "@" in text and _EMAIL.search(text) else []
    looks = {"card": _card, "iban": _iban, "email": _email, "phone": _phone, "booking": _booking}
    digits = len(_DIGIT.findall(text))
    seen = [kind for kind in KINDS if digits >= DIGITS[kind] and looks[kind](text)]
    return [kind for kind in seen if kind != "phone" or "card" not in seen]


def _card(text: str) -> bool:
    return any(luhn.is_valid(re.sub(r"\D", "", match[0])) for match in _CARD.finditer(text))


def _iban(text: str) -> bool:
    return any(iban.is_valid(match[0]) for match in _IBAN.finditer(text))


def _email(text: str) -> bool:
    return "@" in text and _EMAIL.search(text) is not None


def _phone(text: str) -> bool:
    for match in _PHONE.finditer(text):
        digits = sum(c.isdigit() for c in match[0])
        grouped = any(c in " ./-()+" for c in match[0].strip())
        if SHORTEST_PHONE <= digits <= LONGEST_PHONE and grouped and not _DATE.fullmatch(match[0].strip()):
            return True
    return False


def _booking(text: str) -> bool:
    return _BOOKING.search(text) is not None
