"""What somebody should look at again before an answer leaves: personal data in public, secrets, a wrong name. Pure.

Every finding is asked about once and may be sent all the same: what is personal no pattern knows for certain.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from inbox.second_look import Finding

_EMAIL = re.compile(r"(?<![\w.+-])([\w.+-]{1,64})@[\w-]{1,63}(?:\.[\w-]{1,63})+")
# Addresses of a company, not of a person.
_ROLES = frozenset(
    {
        "help",
        "info",
        "support",
        "service",
        "care",
        "contact",
        "press",
        "office",
        "hello",
        "team",
        "sales",
        "jobs",
        "kontakt",
        "presse",
        "hilfe",
        "kundenservice",
    }
)
_DIGITS = re.compile(r"(?<![\w.,:/#-])(?:\+|\(|00)?\d(?:[ ()/.\-\u00a0]{0,2}\d){6,18}(?![\w/])")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b")
_DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}")
_SECRETS = (
    re.compile(
        r"\b(?:password|passwort|passcode|pin|cvv|cvc|tan|otp|"
        r"(?:one-time|security|access|api|secret)[ -]?(?:code|key|token))(?: is| ist|:| =|=)\s*(?=\S*\d)\S{3,}",
        re.IGNORECASE,
    ),
    re.compile(r"\beyJ[\w-]{10,}\.[\w-]{10,}"),
    re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    re.compile(r"\b(?:sc_|sk-|AKIA|ghp_|xox[bp]-)[\w-]{12,}"),
)
_GREETING = re.compile(
    r"^(?:@\w+\s+)*(?:hi|hello|hey|dear|good (?:morning|afternoon|evening)|hallo|liebe[r]?|guten (?:tag|morgen|abend))"
    r"[ \u00a0]+(?P<name>[^\W\d_][\w'’-]+)",
    re.IGNORECASE,
)
_NOBODY = frozenset(
    {
        "there",
        "all",
        "everyone",
        "everybody",
        "again",
        "team",
        "folks",
        "both",
        "and",
        "you",
        "sir",
        "madam",
        "friend",
        "zusammen",
        "alle",
        "nochmal",
        "und",
    }
)

REASONS = {
    "email": "An e-mail address would stand in public.",
    "phone": "A telephone number would stand in public.",
    "bank_account": "A bank account would stand in public.",
    "card_number": "This looks like the number of a payment card.",
    "secret": "This looks like a password, a code or a key.",
    "wrong_name": "The person who wrote is called otherwise.",
}


def findings(text: str, *, public: bool, called: str) -> list[Finding]:
    """What stands in the text, each kind once, in the order of `REASONS`.

    Args:
        called: names and handle of who is answered, "" = nobody knows.
    """
    found: dict[str, Finding] = {}
    for finding in _all(text, public, called):
        found.setdefault(finding.code, finding)
    return [found[code] for code in REASONS if code in found]


def _of(code: str, found: str) -> Finding:
    return Finding(code, found, REASONS[code])


def _all(text: str, public: bool, called: str) -> Iterator[Finding]:
    for secret in _SECRETS:
        if hit := secret.search(text):
            yield _of("secret", hit[0])
    yield from _numbers(text, public)
    if public:
        yield from (_of("email", hit[0]) for hit in _EMAIL.finditer(text) if hit[1].lower() not in _ROLES)
    greeted = _GREETING.match(text.lstrip())
    if greeted and called and not _is_called(greeted["name"], called):
        yield _of("wrong_name", greeted["name"])


def _numbers(text: str, public: bool) -> Iterator[Finding]:
    for hit in _IBAN.finditer(text) if public else ():
        if _is_iban(hit[0]):
            yield _of("bank_account", hit[0])
    for hit in _DIGITS.finditer(text):
        digits = re.sub(r"\D", "", hit[0])
        if 13 <= len(digits) <= 19 and _luhn(digits):
            yield _of("card_number", hit[0])
        elif public and _is_phone(hit[0], digits):
            yield _of("phone", hit[0])


def _is_phone(written: str, digits: str) -> bool:
    """A number that begins as telephone numbers do; dates, prices and references do not."""
    return 8 <= len(digits) <= 15 and written[0] in "+(0" and not _DATE.fullmatch(written)


def _luhn(digits: str) -> bool:
    """The check digit of payment cards."""
    doubled = (int(digit) * (1 + at % 2) for at, digit in enumerate(reversed(digits)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _is_iban(written: str) -> bool:
    """The check digits of bank accounts (ISO 13616)."""
    plain = written.replace(" ", "")
    return len(plain) >= 15 and int("".join(str(int(char, 36)) for char in plain[4:] + plain[:4])) % 97 == 1


def _is_called(name: str, called: str) -> bool:
    word = _folded(name)
    return word in _NOBODY or word in _folded(called) or any(word.startswith(part) for part in _words(called))


def _words(called: str) -> list[str]:
    return [part for part in re.split(r"[\W_\d]+", _folded(called)) if len(part) > 2]


def _folded(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(char))
