"""The language of searches: what is an operator, what is a word, and what is said about the rest."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from inbox import query
from inbox.query import Query, Term, parse

PIECES = st.one_of(
    st.text(max_size=12),
    st.builds(
        lambda minus, name, colon, value: f"{minus}{name}{colon}{value}",
        st.sampled_from(["", "-", "--"]),
        st.sampled_from([*query.NAMES, *query.ALIASES, "colour", "http", "a", ""]),
        st.sampled_from([":", "::", ' : "', ':"']),
        st.sampled_from(["open", "urgent", "@tess", "Lost bag", '"Lost bag"', "2026-11-01", "2h", "1.5k", "//x", ""]),
    ),
)


def test_words_and_operators_are_told_apart() -> None:
    found = parse('from:@hanne queue:pr has:media "lost bag" before:2026-11-01 -refund')
    assert found.words == '"lost bag" -refund'
    assert found.terms == (
        Term("from", "@hanne"),
        Term("queue", "pr"),
        Term("has", "media"),
        Term("before", "2026-11-01"),
    )
    assert found.problems == ()


def test_values_with_spaces_are_quoted_and_a_minus_turns_an_operator_around() -> None:
    assert parse('-queue:"Flight disruption" Is:OPEN').terms == (
        Term("queue", "Flight disruption", negative=True),
        Term("is", "open"),
    )


@pytest.mark.parametrize(("typed", "name"), [("channel:@nwd", "to"), ("since:2026-01-01", "after")])
def test_second_names(typed: str, name: str) -> None:
    assert [term.name for term in parse(typed).terms] == [name]


def test_an_unknown_operator_is_named_and_the_rest_is_searched() -> None:
    found = parse("colour:red bag is:open")
    assert (found.words, found.terms) == ("bag", (Term("is", "open"),))
    (problem,) = found.problems
    assert problem.startswith("“colour:” is not known. There are from:, to:,")


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("is:lost", "“is:lost” is not known: after “is:” comes open, pending"),
        ("before:yesterday", "“before:yesterday” is not known: after “before:” comes a day such as"),
        ("waiting:long", "comes a time such as 30m, 2h or 3d"),
        ("reach:lots", "comes a number of followers"),
        ("from:", "“from:” needs a value"),
        ("has:", "“has:” needs a value: media, link, note or reply."),
    ],
)
def test_a_wrong_value_gets_a_sentence_that_says_what_would_do(typed: str, says: str) -> None:
    found = parse(f"bag {typed}")
    assert says in found.problems[0]
    assert found.words == "bag"


def test_addresses_times_and_smileys_are_words() -> None:
    assert parse("https://northwind.example/a:b 12:30 :-)").words == "https://northwind.example/a:b 12:30 :-)"


def test_numbers_and_spans() -> None:
    assert [query.many(text) for text in ("10000", "10k", "1.5M", "k")] == [10_000, 10_000, 1_500_000, None]
    assert [str(query.span(text)) for text in ("90m", "2H", "1w")] == ["1:30:00", "2:00:00", "7 days, 0:00:00"]


def test_values_are_matched_by_key_or_name() -> None:
    known = {"lost-bag": "Lost bag", "refund": "Refund"}
    assert [query.match(text, known) for text in ("LOST-BAG", "lost bag", "bag")] == ["lost-bag", "lost-bag", None]


@given(st.lists(PIECES, max_size=6).map(" ".join))
@example('-"')
@example('from:"')
def test_whatever_is_typed_can_be_read_and_written_again(text: str) -> None:
    found = parse(text)
    assert all(term.name in query.NAMES and query.is_valid(term.name, term.value) for term in found.terms)
    again = parse(found.written)
    assert again.problems == ()
    assert (again.words, again.terms) == (found.words, found.terms)
    assert parse(again.written) == again


@given(st.text(max_size=80))
def test_nothing_that_is_typed_is_lost(text: str) -> None:
    """Every word without a colon is searched for."""
    plain = text.replace(":", " ").replace('"', " ").replace("\0", " ")
    assert parse(plain) == Query(" ".join(plain.split()))
