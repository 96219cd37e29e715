"""What the rules of the brand's voice say of a text, and of what they keep silent."""

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.second_look import Finding, Guideline
from inbox.voice import checks, register, rules
from inbox.voice.rules import Terms, VoiceRule
from inbox.voice.text import Draft

HOUSE = Guideline("House style", "We speak plainly.", "https://brand.example/voice")
ANA = {"initials": "AS", "agent": "Ana", "agent name": "Ana Sandoval", "brand": "Northwind Air", "account": ""}


def rule(kind: str, *words: tuple[str, str], most: int | None = None, form: str = "", **more: Any) -> VoiceRule:
    return VoiceRule(7, kind, Terms(words, most, form), HOUSE, **more)


def said(text: str, *given_rules: VoiceRule, language: str = "en") -> list[Finding]:
    return checks.findings(text, given_rules, checks.Writer(language, ANA))


def found(text: str, *given_rules: VoiceRule, language: str = "en") -> list[str]:
    return [one.found for one in said(text, *given_rules, language=language)]


GUYS = rule(rules.WORDS, ("guys", "everybody"), ("no problem", ""))


def test_every_kind_is_checked() -> None:
    assert set(checks.CHECKS) == set(rules.KINDS)


def test_a_finding_says_why_and_cites_the_guideline() -> None:
    assert said("Hi Guys!", GUYS) == [
        Finding("voice-7", "Guys", "A better word is at hand.", False, "everybody", "", HOUSE)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("GUYS, no  problem", ["GUYS", "no  problem"]),
        ("It’s a no-problem thing", ["no-problem"]),
        ("disguyse", []),
        ("Say no. Problem solved.", []),
        ("See https://guys.example/guys and @guys", []),
        ("#guys", ["guys"]),
        ("   ", []),
    ],
)
def test_words_are_found_whole_whatever_their_case(text: str, expected: list[str]) -> None:
    assert found(text, GUYS) == expected


def test_an_accent_makes_another_word_however_it_was_typed() -> None:
    already = rule(rules.WORDS, ("schon", ""))
    assert found("Das ist schön.", already) == []
    assert found("Das ist scho\u0308n.", rule(rules.WORDS, ("schön", ""))) == ["schön"]
    assert found("Groß", rule(rules.WORDS, ("gross", ""))) == ["Groß"]


def test_scripts_without_spaces_and_signs_are_found_anywhere() -> None:
    assert found("申し訳ございません", rule(rules.WORDS, ("申し訳", ""))) == ["申し訳"]
    assert found("Sorry 😂!", rule(rules.WORDS, ("😂", ""))) == ["😂"]


@pytest.mark.parametrize(
    ("given_rule", "text", "expected"),
    [
        (rule(rules.EXCLAMATIONS, most=1), "Great! Thanks!", [""]),
        (rule(rules.EXCLAMATIONS, most=1), "Great!", []),
        (rule(rules.CAPITALS, most=3), "Your NWD 218 is DELAYED, SORRY", ["DELAYED", "SORRY"]),
        (rule(rules.CAPITALS, ("LUMO", ""), most=3), "LUMO is back", []),
        (rule(rules.SENTENCE, most=5), "One two three. One two three four five six.", ["One two three four five six…"]),
        (rule(rules.HASHTAGS, most=0), "#sorry for #1", ["#sorry"]),
        (rule(rules.EMOJI, most=1), "👍🏽 👨‍👩‍👧 🇳🇴 3 ok", ["👨‍👩‍👧 🇳🇴"]),
        (rule(rules.EMOJI, most=3), "👍🏽 👨‍👩‍👧 🇳🇴", []),
        (rule(rules.PATTERN, form=r"within \d+ hours"), "You hear WITHIN 24 HOURS.", ["WITHIN 24 HOURS"]),
    ],
)
def test_tone(given_rule: VoiceRule, text: str, expected: list[str]) -> None:
    assert found(text, given_rule) == expected


@pytest.mark.parametrize(
    ("kind", "language", "text", "expected"),
    [
        (rules.FORMAL, "de", "Kannst du mir deine Nummer geben?", ["du"]),
        (rules.FORMAL, "de", "Können Sie mir Ihre Nummer geben?", []),
        (rules.FAMILIAR, "de", "Können Sie mir schreiben?", ["Sie"]),
        (rules.FAMILIAR, "de", "Sie kommt morgen. Hat sie geschrieben?", []),
        (rules.FORMAL, "fr", "Peux-tu nous écrire ?", ["tu"]),
        (rules.FAMILIAR, "fr", "Écrivez-nous votre numéro", ["votre"]),
        (rules.FORMAL, "en", "Can you write?", []),
    ],
)
def test_address_follows_the_language_of_the_text(kind: str, language: str, text: str, expected: list[str]) -> None:
    assert found(text, rule(kind), language=language) == expected


def test_what_is_formal_in_a_language_has_its_familiar_words() -> None:
    assert register.FORMAL.keys() == register.FAMILIAR.keys()


def test_the_signature_is_offered_until_it_stands_at_the_end() -> None:
    signed = rule(rules.SIGNATURE, form="^{initials}", asks=True)
    [one] = said("On its way.", signed)
    assert (one.insert, one.asks) == ("^AS", True)
    assert said("On its way. ^AS \n", signed) == []
    assert said("On its way. ^as", signed) != []
    assert said("Hi", rule(rules.SIGNATURE, form="{account}")) == []  # nothing is known to sign with


@pytest.mark.parametrize(
    ("form", "text", "expected"),
    [
        ("^{initials}", "On its way. ^BA", ["^BA"]),
        ("^{initials}", "5^2 is 25", []),
        ("Your {agent} of {brand}", "Bye. Your Ben of Northwind", ["Your Ben of Northwind"]),
        ("{agent name}, Care", "Bye. Ben Achterberg, Care", ["Ben Achterberg, Care"]),
    ],
)
def test_where_nobody_signs_anybodys_signature_is_found(form: str, text: str, expected: list[str]) -> None:
    assert found(text, rule(rules.NO_SIGNATURE, form=form)) == expected


def test_a_signature_takes_time_in_proportion_to_the_text_whatever_form_it_has() -> None:
    """People write the form: with backtracking five names in a row took 19 seconds for 240 characters."""
    form = ("{agent}" * 11)[: rules.LONGEST_SIGNATURE]
    assert rules.checked(rules.NO_SIGNATURE, Terms(form=form)).form == form
    began = time.monotonic()
    assert found("a.a-" * 2_500 + "!", rule(rules.NO_SIGNATURE, form=form)) == []
    assert time.monotonic() - began < 10


def test_a_signature_counts_as_it_is_written_and_not_in_the_middle_of_a_word() -> None:
    team = rule(rules.NO_SIGNATURE, form="Your {agent}")
    assert found("Bye. Your Zoë", team) == ["Your Zoë"]
    assert found("Ask for your seat", team) == []
    assert found("MeYour Ben", team) == []


def test_a_rule_for_a_language_is_silent_in_another() -> None:
    german = rule(rules.WORDS, ("leider", ""), language="de")
    assert found("Das geht leider nicht", german, language="de") == ["leider"]
    assert found("Das geht leider nicht", german, language="nl") == []
    assert rules.needs_language([german])
    assert not rules.needs_language([GUYS])


def test_of_one_rule_at_most_five_places() -> None:
    many = rule(rules.WORDS, *((f"w{number}", "") for number in range(9)))
    assert len(found(" ".join(f"w{number}" for number in range(9)), many)) == 5


EVERY_KIND = [
    *(
        rule(kind, ("guys", ""), ("no way", ""), most=1, form="^{initials}")
        for kind in rules.KINDS
        if kind != "pattern"
    ),
    rule(rules.PATTERN, form=r"\b(a+)+\b"),
]


@given(st.text(max_size=400), st.sampled_from(["", "de", "fr", "es", "nl", "en"]))
def test_whatever_is_written_gets_an_answer_that_can_be_stored(text: str, language: str) -> None:
    for one in said(text, *EVERY_KIND, language=language):
        assert one.reason
        assert isinstance(one.found, str)
        assert one.as_json()["guideline"]["title"] == "House style"


@given(st.text(max_size=200), st.text(alphabet=st.characters(categories=("Lu", "Ll")), min_size=1, max_size=12))
def test_a_word_that_is_put_in_is_found_and_said_as_it_stands(text: str, word: str) -> None:
    hit = Draft(f"{text} {word} ").find(word)
    assert hit is not None
    assert hit in Draft(f"{text} {word} ").text or hit == Draft(word).text


@given(st.text(max_size=200))
def test_once_signed_nothing_is_missing(text: str) -> None:
    signed = rule(rules.SIGNATURE, form="– {agent}, {brand}")
    for one in said(text, signed):
        assert said(f"{text.rstrip()}\n{one.insert}", signed) == []


def test_hostile_text_costs_little() -> None:
    long = ("a " * 5_000 + "guys " * 2_000 + "A" * 4_000 + "!" * 2_000)[:20_000]
    many = [rule(rules.WORDS, *((f"word{number} guys", "") for number in range(200))) for _ in range(100)]
    assert len(said(long, *many, *EVERY_KIND)) < 40
