"""Filling in saved replies: once, harmlessly, and nothing missing goes unseen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox import reply_variables as variables

HANNE = {"first name": "Hanne", "name": "Hanne Ostby", "handle": "@hanneostby", "agent": "Ana", "brand": "Northwind"}


def test_values_stand_where_the_variables_were() -> None:
    said = variables.fill("Hi {first name}, this is {Agent} of { brand }.", HANNE)
    assert said == variables.Filled("Hi Hanne, this is Ana of Northwind.")


def test_what_is_missing_leaves_a_mark_that_is_found() -> None:
    said = variables.fill("Case {case}, {first name}, case {case}", {"first name": "Hanne"})
    assert said == variables.Filled("Case ⟦case⟧, Hanne, case ⟦case⟧", ("case",))
    assert variables.unfilled(said.text) == ["⟦case⟧"]
    assert variables.unfilled("Hi {first name}, {not ours}") == ["{first name}"]


def test_words_in_braces_that_are_no_variables_are_named_once() -> None:
    assert variables.unknown("{first name} {firstname} {brand} {} {firstname} {it’s}") == ["firstname", "it’s"]


@pytest.mark.parametrize("name", ["{agent name}", "⟦case⟧{case}", "a\nb\0c", "x" * 500])
def test_a_hostile_name_is_one_harmless_line(name: str) -> None:
    said = variables.fill("Hi {name}!", {"name": name, "agent name": "Ana Sandoval", "case": "1-1"})
    assert "Sandoval" not in said.text
    assert "⟦case⟧" not in said.text
    assert "\n" not in said.text
    assert len(said.text) <= variables.LONGEST_VALUE + 4


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Hanne Ostby", "Hanne"), ("Jean-Luc P", "Jean-Luc"), ("O’Neil", "O’Neil"), ("ليلى حداد", "ليلى"),
        ("🔥 deals", ""), ("24/7 news", ""), ("X Æ A-12", ""), ("", ""), ("user_9931", ""),
    ],
)  # fmt: skip
def test_a_first_name_is_a_name_or_nothing(name: str, first: str) -> None:
    assert variables.first_name(name) == first


def test_what_was_said_to_one_is_made_ready_for_another() -> None:
    told = (
        "@tess_m Sorry Tess! Write to tess@example.org, ref NW7Q2K or 0151 2345, "
        "or see https://example.org/help/12345. Within 3 days, Tess Moran."
    )
    said = variables.for_somebody_else(told, name="Tess Moran", handle="tess_m", values=HANNE)
    assert said.text == (
        "@hanneostby Sorry Hanne! Write to ⟦number⟧, ref ⟦number⟧ or ⟦number⟧, "
        "or see https://example.org/help/12345. Within 3 days, Hanne Ostby."
    )


@given(st.text(max_size=300), st.dictionaries(st.sampled_from(sorted(variables.VARIABLES)), st.text(max_size=60)))
def test_whatever_is_missing_is_never_overlooked(text: str, values: dict[str, str]) -> None:
    said = variables.fill(text, values)
    assert all(variables.MARK.format(name) in variables.unfilled(said.text) for name in said.missing)


@given(st.text(alphabet="AZ09-@. {}⟦⟧", max_size=2000), st.text(max_size=20))
def test_any_answer_of_any_person_is_taken(text: str, name: str) -> None:
    variables.for_somebody_else(text, name=name, handle=name, values={})
