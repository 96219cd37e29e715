"""Macros as data: what is taken, in which order, and what is refused with its place."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import Invalid
from routing import macro_steps
from routing.macro_steps import Step


def test_what_ends_it_comes_last() -> None:
    steps = macro_steps.parse(
        [{"do": "resolve", "value": "answered"}, {"do": "tag", "tags": ["a", "a"]}, {"do": "claim"}]
    )
    assert steps == (Step("claim"), Step("tag", tags=("a",)), Step("resolve", "answered"))
    assert macro_steps.parse(macro_steps.dump(steps)) == steps


@pytest.mark.parametrize(
    ("data", "field", "says"),
    [
        ([], "steps", "at least one"),
        ("claim", "steps", "at least one"),
        ([{"do": "fly"}], "steps.0", "“fly”"),
        ([{"do": "claim", "value": 1}], "steps.0", "no value"),
        ([{"do": "claim"}, {"do": "claim"}], "steps", "at most once"),
        ([{"do": "snooze", "value": 5}, {"do": "resolve", "value": "spam"}], "steps", "choose one"),
        ([{"do": "snooze", "value": 0}], "steps.0", "minutes"),
        ([{"do": "snooze", "value": True}], "steps.0", "minutes"),
        ([{"do": "priority", "value": 5}], "steps.0", "priority"),
        ([{"do": "tag", "tags": []}], "steps.0", "tags"),
        ([{"do": "priority", "value": 1, "tags": ["x"]}], "steps.0", "Only “tag”"),
        ([{"do": "priority", "value": 1, "reason": "x"}], "steps.0", "reason"),
        ([{"do": "insert", "value": "7"}], "steps.0", "saved reply"),
        ([{"do": "claim", "sql": "x"}], "steps.0", "A step has"),
        ([7], "steps.0", "A step has"),
    ],
)
def test_bad_steps_are_named(data: object, field: str, says: str) -> None:
    with pytest.raises(Invalid) as refusal:
        macro_steps.parse(data)
    assert says in refusal.value.fields[field]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["do", "value", "tags", "x"]), inner),
    max_leaves=8,
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(JSON | st.lists(st.fixed_dictionaries({"do": st.sampled_from(macro_steps.ORDER), "value": JSON, "tags": JSON})))
def test_whatever_is_sent_is_taken_or_refused(data: object) -> None:
    try:
        steps = macro_steps.parse(data)
    except Invalid:
        return
    assert macro_steps.parse(macro_steps.dump(steps)) == steps
