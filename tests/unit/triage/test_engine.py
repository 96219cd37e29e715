"""Triage as a whole: every verdict has a confidence and a reason in words, and nothing is guessed."""

from __future__ import annotations

import pytest

from routing.triage.contracts import LABELS, IssueView, Scope, Setup, Subject, Verdict
from routing.triage.engine import triage

ISSUES = (IssueView("late", "Late parcel"), IssueView("bill", "Wrong bill", ("direct debit",)))


def judged(text: str, **facts: object):
    return triage([Subject(text, **facts)], Setup(ISSUES))[0]


def test_every_verdict_gives_a_reason_in_words() -> None:
    verdicts = judged("@lumo my parcel is three days late and nobody answers the phone!")
    for label in LABELS:
        verdict = getattr(verdicts, label)
        assert verdict.reason
        assert 0 <= verdict.confidence <= 1
        assert verdict.by == "rules"


@pytest.mark.parametrize(
    ("text", "sentiment", "kind"),
    [
        ("@lumo my order is still not here after 3 weeks, worst service ever", "negative", "complaint"),
        ("@lumo how do I change the address of my account?", "neutral", "question"),
        ("@lumo thank you so much, your driver was amazing :)", "positive", "praise"),
        ("@lumo great, on hold for two hours again. Thanks for nothing", "negative", "complaint"),
    ],
)
def test_plain_cases(text: str, sentiment: str, kind: str) -> None:
    verdicts = judged(text)
    assert (verdicts.sentiment.value, verdicts.kind.value) == (sentiment, kind)


@pytest.mark.parametrize(
    "text", ["أين طلبي؟ انتظرت ثلاثة أسابيع", "注文した商品がまだ届きません", "Gdzie jest moja przesyłka, proszę?"]
)
def test_a_language_without_lists_is_not_assessed_never_guessed(text: str) -> None:
    verdicts = judged(text)
    assert verdicts.language.value in {"ar", "ja", "pl"}
    assert verdicts.sentiment.value == ""
    assert verdicts.kind.value == ""
    assert verdicts.sentiment.reason.startswith("Not assessed")


def test_the_issue_comes_from_the_organisations_list_with_a_second_one() -> None:
    verdicts = judged("@lumo the direct debit on my bill is wrong")
    assert (verdicts.issue.value, verdicts.issue.second) == ("bill", "late")


def test_without_issues_none_is_assessed() -> None:
    assert triage([Subject("my parcel is late")], Setup())[0].issue.value == ""


class Always:
    version = "sentiment 3"

    def judge(self, texts, found):
        return [Verdict("positive", 0.9, "learnt", self.version) for _ in texts]


def test_a_channels_model_goes_before_its_languages_model() -> None:
    class Other(Always):
        version = "sentiment 4"

    setup = Setup(ISSUES, {Scope("sentiment", channel_id=7): Always(), Scope("sentiment", language="en"): Other()})
    texts = [Subject("this is bad", channel_id=7), Subject("this is bad", channel_id=8), Subject("це погано")]
    assert [one.sentiment.by for one in triage(texts, setup)] == ["sentiment 3", "sentiment 4", "rules"]


def test_our_own_posts_and_retweets_are_noise() -> None:
    assert judged("We are hiring!", is_ours=True).noise.value == "ours"
    assert judged("RT @somebody: worst airline ever").noise.value == "retweet"


def test_a_lookalike_is_noise_unless_it_names_us() -> None:
    facts = {"brand_words": ("delta",), "lookalikes": ("delta state",)}
    assert judged("Elections in Delta State today", **facts).noise.value == "lookalike"
    assert judged("Elections in Delta State today", names_us=True, **facts).noise.value == "none"


def test_who_speaks_of_us_beside_a_lookalike_is_heard() -> None:
    facts = {"brand_words": ("delta",), "lookalikes": ("delta state", "river delta")}
    assert judged("#RiverDelta and Delta State", **facts).noise.value == "lookalike"
    assert judged("Delta, my flight from Delta State is late", **facts).noise.value == "none"
    assert judged("Deltastate is a town", **facts).noise.value == "none"


def test_link_spam() -> None:
    text = "Earn cash now, click here https://a.example https://b.example https://c.example"
    assert judged(text).noise.value in {"link_spam", "spam"}


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("@lumo my phone caught fire and burned me", "now"),
        ("@lumo stranded at the airport tonight, no hotel, flight cancelled", "now"),
        ("@lumo my lawyer will contact you about this failure", "soon"),
        ("@lumo do you sell red shoes?", "none"),
    ],
)
def test_urgency(text: str, level: str) -> None:
    assert judged(text).urgency.value == level


def test_reach_is_not_followers_alone() -> None:
    assert judged("hm", followers=900).reach.value == "low"
    assert judged("hm", followers=90_000).reach.value == "high"
    assert judged("hm", followers=6_000, verified=True).reach.value == "high"
    assert judged("hm", followers=3, replies_last_hour=40).reach.value == "high"
    assert judged("hm", followers=90_000, is_private=True).reach.value == "low"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("my card is 4111 1111 1111 1111", "card"),
        ("pay to DE89 3704 0044 0532 0130 00 please", "iban"),
        ("write to jo.doe@mail.example.com", "email"),
        ("call me at +44 20 7946 0958", "phone"),
        ("my booking number is KX42PQ", "booking"),
        ("flight 1234 on 12.10.2025 at 10:30 cost 1,200", "none"),
        ("4111 1111 1111 1112 is no card", "none"),
    ],
)
def test_personal_data_in_public(text: str, kind: str) -> None:
    assert judged(text).personal_data.value == kind


def test_personal_data_in_private_is_no_leak() -> None:
    assert judged("my card is 4111 1111 1111 1111", is_private=True).personal_data.value == "none"


def test_what_cannot_be_answered_says_why() -> None:
    verdict = judged("hi", answerable=False, cannot="The 24 hours are over").answerable
    assert (verdict.value, verdict.reason) == ("no", "The 24 hours are over")


@pytest.mark.parametrize("text", ["", " ", "\x00", "!!!", "😡", "a" * 100_000, "\u202e" * 50, "#" * 500, "'" * 2000])
def test_odd_texts_are_survived(text: str) -> None:
    assert judged(text).noise.reason
