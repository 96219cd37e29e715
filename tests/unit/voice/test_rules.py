"""Which terms a rule may have, and what is said of others."""

import pytest

from core.errors import Invalid
from inbox.voice import rules
from inbox.voice.rules import Terms, checked


def test_what_a_kind_does_not_use_is_left_out() -> None:
    given = Terms((("  guys ", "every body"), ("guys", "again")), 3, "^{initials}")
    assert checked(rules.WORDS, given) == Terms((("guys", "every body"),))
    assert checked(rules.EMOJI, given) == Terms(most=3)
    assert checked(rules.SIGNATURE, given) == Terms(form="^{initials}")
    assert checked(rules.FORMAL, given) == Terms()
    assert checked(rules.CAPITALS, given) == Terms((("guys", "every body"),), 3)


@pytest.mark.parametrize(
    ("kind", "terms", "field", "says"),
    [
        ("shout", Terms(), "kind", "no such kind"),
        (rules.WORDS, Terms(), "words", "at least one word"),
        (rules.WORDS, Terms((("x" * 81, ""),)), "words", "80"),
        (rules.WORDS, Terms((("", "y"),)), "words", "looked for"),
        (rules.WORDS, Terms((("a\0b", ""),)), "words", "looked for"),
        (rules.WORDS, Terms(tuple((f"w{number}", "") for number in range(201))), "words", "200"),
        (rules.EMOJI, Terms(), "most", "0 to 50"),
        (rules.EMOJI, Terms(most=-1), "most", "0 to 50"),
        (rules.SENTENCE, Terms(most=2), "most", "3 to 200"),
        (rules.SIGNATURE, Terms(), "form", "1 to 80"),
        (rules.SIGNATURE, Terms(form="^{handle}"), "form", "{handle}. It can hold {initials}"),
        (rules.SIGNATURE, Terms(form="^{nobody}"), "form", "{nobody}"),
        (rules.PATTERN, Terms(form=r"(a)\1"), "form", "cannot be used"),
        (rules.PATTERN, Terms(form="a*"), "form", "empty text"),
        (rules.PATTERN, Terms(form="a" * 201), "form", "200"),
    ],
)
def test_bad_terms_are_named(kind: str, terms: Terms, field: str, says: str) -> None:
    with pytest.raises(Invalid) as refusal:
        checked(kind, terms)
    assert says in refusal.value.fields[field]
