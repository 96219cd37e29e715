"""A rule as a sentence, and what changed between two of them in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from routing.rules.actions import ACTIONS, Action
from routing.rules.conditions import All, Asked, Either, Node, Not, clock
from routing.rules.contracts import Names
from routing.rules.fields import FIELDS

Say = Callable[[str], str]
GONE = "something that is gone"
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
PRIORITIES = {1: "urgent", 2: "high", 3: "normal", 4: "low"}


def sentence(when: All, do: Sequence[Action], names: Names) -> str:
    """ "When a message is on X and is a complaint, put it into PR and tell Ada Nwosu." """
    say = names.say
    asked = joined([clause(part, names) for part in when.parts], say("and"))
    done = joined([act(action, names) for action in do], say("and")) or say("do nothing")
    if not asked:
        return f"{done[0].upper()}{done[1:]}."
    return say("When a message {asked}, {done}.").format(asked=asked, done=done)


def clause(node: Node, names: Names, *, denied: bool = False, nested: bool = False) -> str:
    """One condition, as it goes on after "a message"; a group within a group stands in brackets."""
    if isinstance(node, Asked):
        return _test(node, names, denied)
    if isinstance(node, Not):
        return clause(node.part, names, denied=not denied, nested=nested)
    either = isinstance(node, Either) is not denied
    say, said = names.say, [clause(part, names, denied=denied, nested=True) for part in node.parts]
    inner = joined(said, say("or") if either else say("and")) or say("is anything")
    if len(said) < 2:
        return inner
    return f"({inner})" if nested else say("either {inner}").format(inner=inner) if either else inner


def act(action: Action, names: Names) -> str:
    """One action, as an order."""
    return names.say(ACTIONS[action.do].says).format(value=said(action, names))


def said(action: Action, names: Names) -> str:
    """The value of an action in words."""
    kind = ACTIONS[action.do]
    if kind.names:
        return joined(_named(getattr(names, kind.names), action.value, names.say), names.say("and"))
    if action.do == "priority":
        return names.say(PRIORITIES[action.value[0]])
    if action.do == "snooze":
        return minutes(action.value[0], names.say)
    return joined(_quoted(action.value, names.say), names.say("and"))


def value(test: Asked, names: Names) -> str:
    """The value of a test in words."""
    known, say = FIELDS[test.field], names.say
    if known.kind == "choice":
        return _chosen(test, names)
    if known.kind == "number":
        amount = minutes(test.value[0], say) if test.field == "waiting" else f"{test.value[0]:,}"
        least = test.op == "at_least"
        return (say("at least {amount}") if least else say("fewer than {amount}")).format(amount=amount)
    if known.kind == "hours":
        days, begin, end = test.value
        return _hours(days, begin, end, say)
    if test.op == "pattern":
        return say("something like “{pattern}”").format(pattern=test.value[0])
    return joined(_quoted(test.value, say), say("or") if test.op == "any" else say("and"))


def _chosen(test: Asked, names: Names) -> str:
    known, say = FIELDS[test.field], names.say
    values = getattr(names, known.names) if known.names else {one: say(word) for one, word in known.values.items()}
    words = joined(_named(values, test.value, say), say("or"))
    return say("{words} (at least {sure} sure)").format(words=words, sure=f"{test.sure:.0%}") if test.sure else words


def _quoted(words: Iterable[Any], say: Say) -> list[str]:
    return [say("“{word}”").format(word=word) for word in words]


def minutes(count: int, say: Say = str) -> str:
    """A duration as people say it: 20 min, 1 h 30, 2 days."""
    if count < 60:
        return f"{count} min"
    if count % 1440 == 0:
        return say("1 day") if count == 1440 else say("{n} days").format(n=count // 1440)
    return f"{count // 60} h {count % 60:02}" if count % 60 else f"{count // 60} h"


def joined(words: Iterable[str], by: str) -> str:
    """ "a, b and c"."""
    listed = [word for word in words if word]
    if len(listed) < 2:
        return "".join(listed)
    return f"{', '.join(listed[:-1])} {by} {listed[-1]}"


def short(do: Sequence[Action], names: Names) -> str:
    """What a rule does, for its row in the list: "PR, urgent, tell Nadia"."""
    parts = []
    for action in do:
        plain = action.do in ("queue", "priority")
        parts.append(said(action, names) if plain else act(action, names))
    return ", ".join(parts) or names.say("Nothing yet")


def changes(old: tuple[All, Sequence[Action]], new: tuple[All, Sequence[Action]], names: Names) -> str:
    """What changed from one wording to the next, for the list of versions."""
    before = [*(clause(part, names) for part in old[0].parts), *(act(action, names) for action in old[1])]
    after = [*(clause(part, names) for part in new[0].parts), *(act(action, names) for action in new[1])]
    gone = [one for one in before if one not in after]
    come = [one for one in after if one not in before]
    if len(gone) == len(come) == 1:
        (was,), (becomes,) = gone, come
        return f"changed “{was}” to “{becomes}”"
    words = [f"left out “{one}”" for one in gone] + [f"added “{one}”" for one in come]
    return joined(words, "and")


def _test(test: Asked, names: Names, denied: bool) -> str:
    known = FIELDS[test.field]
    if known.kind == "flag":
        return names.say(known.says if test.value[0] is not denied else known.denies)
    return names.say(known.denies if denied else known.says).format(value=value(test, names))


def _named(known: Mapping[Any, str], values: Iterable[Any], say: Say) -> list[str]:
    return [known.get(one, say(GONE) if not isinstance(one, str) else one) for one in values]


def _hours(days: tuple[int, ...], begin: int, end: int, say: Say) -> str:
    span = say("from {begin} to {end}").format(begin=clock(begin), end=clock(end))
    if len(days) == 7:
        return span
    if days == (0, 1, 2, 3, 4):
        return say("Mon to Fri {span}").format(span=span)
    return f"{joined([say(DAYS[day]) for day in days], say('and'))} {span}"
