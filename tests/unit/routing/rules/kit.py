"""Rules and facts for tests: written as the JSON that people send."""

from typing import Any

from hypothesis import strategies as st

from routing.rules import actions, conditions
from routing.rules.contracts import Facts, Names
from routing.rules.decide import RuleSetView, RuleView, rule_set_view, rule_view
from routing.rules.sentences import sentence

CARE, PR, MARKETING = 1, 2, 3
NAMES = Names(
    networks={"x": "X", "facebook": "Facebook"},
    channels={10: "@northwindair on X", 11: "Northwind Air on Facebook", 20: "@lumomobile on X"},
    brands={100: "Northwind Air", 200: "Lumo Mobile"},
    queues={CARE: "Care", PR: "PR", MARKETING: "Marketing"},
    people={7: "Ada Nwosu", 8: "Ben Achterberg"},
    lists={1: "VIP", 2: "Press"},
    webhooks={1: "Pager"},
    policies={1: "an answer in 15 min"},
    issues={"delay": "Delays"},
    skills={"French": "French"},
    channel_brand={10: 100, 11: 100, 20: 200},
    channel_network={10: "x", 11: "facebook", 20: "x"},
)


def facts(**known: Any) -> Facts:
    base = {"message_id": 1, "conversation_id": 1, "channel_id": 10, "network": "x", "brand_id": 100, "queue_id": CARE}
    return Facts(**{**base, **known})


def ask(field: str, value: Any, op: str = "is", **more: Any) -> dict[str, Any]:
    return {"field": field, "op": op, "value": value, **more}


def rule(number: int, *asked: dict[str, Any], do: dict[str, Any] | None = None, **more: Any) -> RuleView:
    """A rule over an "all" group of these conditions; `do` by name of the action."""
    when = conditions.parse({"all": list(asked)})
    doing = {"queue": PR} if do is None else do
    acts = actions.parse([{"do": name, "value": value} for name, value in doing.items()])
    words = {"name": f"Rule {number}", "sentence": sentence(when, acts, NAMES), **more}
    return rule_view(number=number, when=when, do=acts, **words)


def rest(number: int = 99) -> RuleView:
    return rule(number, do={"queue": CARE}, name="Everything else", rest=True)


def rule_set(*rules: RuleView, mode: str = "first") -> RuleSetView:
    return rule_set_view([*rules, rest()], mode=mode, id=1)


_TESTS = st.one_of(
    st.builds(lambda v: ask("sentiment", v), st.lists(st.sampled_from(["negative", "neutral"]), min_size=1)),
    st.builds(lambda v: ask("queue", v), st.lists(st.sampled_from([CARE, PR, MARKETING]), min_size=1)),
    st.builds(lambda v: ask("status", v), st.lists(st.sampled_from(["open", "pending"]), min_size=1)),
    st.builds(lambda v: ask("kind", v, sure=0.5), st.lists(st.sampled_from(["complaint", "praise"]), min_size=1)),
    st.builds(
        lambda n, op: ask("followers", n, op), st.integers(1, 5), st.sampled_from(["at_least", "below"])
    ),
    st.builds(lambda n, op: ask("previous", n, op), st.integers(1, 3), st.sampled_from(["at_least", "below"])),
    st.builds(lambda v: ask("verified", v), st.booleans()),
    st.builds(lambda v: ask("open_hours", v), st.booleans()),
    st.builds(lambda v: ask("list", v), st.lists(st.sampled_from([1, 2]), min_size=1)),
    st.builds(lambda v: ask("visibility", v), st.lists(st.sampled_from(["public", "private"]), min_size=1)),
    st.builds(
        lambda v, op: ask("words", v, op),
        st.lists(st.sampled_from(["bag", "lost bag", "refund"]), min_size=1),
        st.sampled_from(["any", "all"]),
    ),
    st.builds(
        lambda days, a, b: ask("hours", {"days": days, "from": f"{a:02}:00", "to": f"{b:02}:00"}, "within"),
        st.lists(st.integers(0, 2), min_size=1),
        st.integers(0, 11),
        st.integers(12, 24),
    ),
)  # fmt: skip


def _groups(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(
        st.builds(lambda parts: {"all": parts}, st.lists(inner, max_size=3)),
        st.builds(lambda parts: {"any": parts}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda part: {"not": part}, inner),
    )


def _trees(deep: int) -> st.SearchStrategy[Any]:
    """As deep as asked for and no deeper: nothing is drawn to be thrown away."""
    return st.one_of(_TESTS, _groups(_trees(deep - 1))) if deep else _TESTS


TREES = _trees(2).map(lambda tree: {"all": [tree]})

FACTS = st.builds(
    facts,
    sentiment=st.sampled_from(["", "negative", "neutral", "positive"]),
    queue_id=st.sampled_from([CARE, PR, MARKETING]),
    status=st.sampled_from(["open", "pending", "snoozed", "resolved"]),
    kind=st.sampled_from(["", "complaint", "praise"]),
    sure=st.sampled_from([{}, {"kind": 0.4}, {"kind": 0.9}]),
    followers=st.one_of(st.none(), st.integers(0, 6)),
    previous=st.integers(0, 4),
    verified=st.booleans(),
    open_hours=st.sampled_from([None, True, False]),
    lists=st.sampled_from([(), (1,), (2,), (1, 2)]),
    private=st.booleans(),
    text=st.sampled_from(["", "my bag", "a LOST bag", "lost, bag and refund!", "Refund"]),
    weekday=st.integers(0, 6),
    minute=st.integers(0, 1439),
    new=st.booleans(),
)
