"""The conditions of a rule as the builder shows them: lines, tests as words that can be changed, and groups."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.wording import said
from routing.rules.conditions import All, Asked, Either, Node, Not, clock
from routing.rules.contracts import Names
from routing.rules.fields import FIELDS, JUDGED, OPS
from routing.rules.sentences import DAYS, value
from web.forms_rules import choices

OP_WORDS = {
    "at_least": gettext_lazy("at least"),
    "below": gettext_lazy("fewer than"),
    "any": gettext_lazy("any of"),
    "all": gettext_lazy("all of"),
    "pattern": gettext_lazy("a pattern (RE2)"),
}


def lines(when: All, names: Names, funnel: Sequence[int], total: int) -> Iterator[dict[str, Any]]:
    """One line for each part of the outermost "all": the word before it, what it says, how many messages are left.

    Args:
        funnel: messages left after each line; total: of how many.
    """
    for place, part in enumerate(when.parts):
        node = _node(part, str(place), names)
        lead = _("When") if place == 0 else _("and")
        but_not = _("When not") if place == 0 else _("but not")
        left = funnel[place] if place < len(funnel) else None
        yield {
            "word": but_not if node["denied"] else lead,
            "node": node,
            "left": left,
            "share": round(100 * left / total, 1) if left is not None and total else 0,
        }


def _node(part: Node, at: str, names: Names) -> dict[str, Any]:
    """A test (`tokens` has one) or a group of `parts`; a group of plain tests with "or" is told in `tokens` as well."""
    inner, denied = _bare(part)
    found: dict[str, Any] = {"at": at, "id": at.replace(".", "-"), "denied": denied, "tokens": [], "parts": []}
    if isinstance(inner, Asked):
        return {**found, "tokens": [_token(inner, at, names, denied)]}
    parts = [(f"{at}.{place}", each) for place, each in enumerate(inner.parts)]
    either = isinstance(inner, Either)
    if either:
        plain = [_token(each, each_at, names, False) for each_at, each in parts if isinstance(each, Asked)]
        found["tokens"] = plain if len(plain) == len(parts) else []
    return {**found, "either": either, "parts": [_node(each, each_at, names) for each_at, each in parts]}


def _bare(part: Node) -> tuple[Asked | All | Either, bool]:
    """What stands inside however many "not", and whether it is denied."""
    denied = False
    while isinstance(part, Not):
        part, denied = part.part, not denied
    return part, denied


def _token(test: Asked, at: str, names: Names, denied: bool) -> dict[str, Any]:
    """One test as words around the value that can be changed."""
    known = FIELDS[test.field]
    if known.kind == "flag":
        before, words, after = "", said(known.says if test.value[0] else known.denies), ""
    else:
        before, _sep, after = said(known.says).partition("{value}")
        words = value(test, names)
    return {
        "at": at,
        "id": at.replace(".", "-"),
        "denied": denied,
        "before": before.strip(),
        "words": words,
        "after": after.strip(),
        "field": known,
        "kind": known.kind,
        "ops": [{"value": op, "label": OP_WORDS.get(op, op), "on": op == test.op} for op in OPS[known.kind]],
        "input": _input(test),
        "choices": [
            {"value": key, "label": label, "on": key in test.value}
            for key, label in (choices(known, names) if known.kind == "choice" else [])
        ],
        "says": said(known.says),
        "denies": said(known.denies),
        "judged": known.name in JUDGED,
        "sure": round(test.sure * 100) if test.sure else "",
    }


def _input(test: Asked) -> Any:
    kind = FIELDS[test.field].kind
    if kind == "hours":
        days, begin, end = test.value
        named = [{"value": n, "label": said(label), "on": n in days} for n, label in enumerate(DAYS)]
        return {"days": named, "from": clock(begin), "to": clock(end % 1440)}
    if kind == "words":
        return test.value[0] if test.op == "pattern" else ", ".join(test.value)
    return test.value[0] if kind in ("number", "flag") else ""
