"""Why a conversation is where it is: what triage said, which rules fitted, in the order in which it happened."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from core.wording import said
from routing.models.decision import Decision, RuleEpisode
from routing.models.rule import Rule
from routing.models.triage import Correction
from routing.rules.packing import unpack_facts
from routing.rules.sentences import sentence
from routing.services import labels, rules
from routing.services.labels import titled
from routing.services.naming import names_for_reading
from routing.triage.contracts import CORRECTABLE, LABELS

MESSAGES = 20
PROPER = ("language", "issue")
"""Labels whose values have names of their own; the others read like words in a sentence."""
WORDS = {"sentiment": "mood", "personal_data": "personal details"}


@dataclass(frozen=True, slots=True)
class Reason:
    """One step of the chain.

    Args:
        kind: "verdict", "rule", "waited" or "held" (after a correction it would go elsewhere, and stays).
        label: what was judged, or the name of the rule; `code` is triage's own word for a label.
        sure: 0 to 1, of a verdict.
        corrected: what a person has said since is right, where that is something else.
        choices: what else a verdict could be, each value with its name; empty where nobody corrects it.
    """

    kind: str
    label: str
    value: str
    sentence: str
    at: datetime
    message_id: int | None = None
    rule: int | None = None
    version: int | None = None
    code: str = ""
    sure: float | None = None
    corrected: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)


def reasons(conversation_id: int) -> list[Reason]:
    """The chain of its last 20 messages, the newest message first; a fixed number of queries.

    The caller has checked that the conversation may be read.
    """
    rows = Decision.objects.filter(message__conversation=conversation_id).select_related("rule_set")
    decisions = list(rows.order_by("-message__posted_at", "-pk")[:MESSAGES])
    episodes = list(RuleEpisode.objects.filter(conversation=conversation_id).select_related("rule_set").order_by("-pk"))
    called = _names_of(decisions, episodes)
    found = [*_waited(episodes[:MESSAGES], called)]
    queues = names_for_reading().queues if any(one.held for one in decisions) else {}
    known, right = labels.choices(), _corrected(decisions)
    newest = {one.message_id: one.pk for one in reversed(decisions)}
    for decision in decisions:
        rules_said = _held(decision, queues) if decision.held else _fitted(decision, called)
        offers = known if newest[decision.message_id] == decision.pk else {}
        found += [*rules_said, *_judged(decision, known, right, offers)]
    return found


Known = Mapping[str, Mapping[str, str]]
Right = dict[tuple[int, str], str]


def _corrected(decisions: Iterable[Decision]) -> Right:
    """(message, label) → what a person said is right."""
    rows = Correction.objects.filter(message__in=[one.message_id for one in decisions])
    return {(message, label): value for message, label, value in rows.values_list("message", "label", "value")}


Called = dict[tuple[int, int], tuple[str, str]]


def _names_of(decisions: list[Decision], episodes: list[RuleEpisode]) -> Called:
    """(version, rule) → its name and how it read then."""
    sets = {one.rule_set_id for one in decisions} | {one.rule_set_id for one in episodes}
    if not sets:
        return {}
    known = names_for_reading()
    wordings = {row.pk: (row, rules.wording(row)) for row in Rule.objects.filter(rule_set__in=sets)}
    return {
        (row.rule_set_id, row.number): (row.name, sentence(one.when, one.do, known)) for row, one in wordings.values()
    }


def _fitted(decision: Decision, called: Called) -> Iterator[Reason]:
    for number in decision.rules:
        name, words = called.get((decision.rule_set_id, number), ("", ""))
        yield Reason(
            "rule", name, "", words, decision.decided_at, decision.message_id, number, decision.rule_set.number
        )


def _held(decision: Decision, queues: Mapping[int, str]) -> Iterator[Reason]:
    """Where it would go by what was put right, where that is another queue than the one in which it stood."""
    wanted = decision.outcome.get("q")
    if wanted in queues and wanted != decision.facts.get("q"):
        says = f"By what was put right it would now go to {queues[wanted]}; it stays: {decision.get_held_display()}."
        yield Reason("held", said("Corrected"), "", said(says), decision.decided_at, decision.message_id)


def _judged(decision: Decision, known: Known, corrected: Right, offers: Known) -> Iterator[Reason]:
    """What triage had said when it was decided: the facts as seen, and beside it what has been put right since.

    Args:
        offers: what is offered as right, by label; nothing where a later decision about the message does.
    """
    facts = unpack_facts(decision.facts, message_id=decision.message_id, conversation_id=0)
    for label in LABELS:
        value, names_of = str(getattr(facts, label) or ""), known.get(label, {})
        if not value or (value in ("none", "no") and label not in CORRECTABLE):
            continue
        right = corrected.get((decision.message_id, label), value)
        yield Reason(
            "verdict",
            said(WORDS.get(label, label)),
            value,
            f"{titled(WORDS.get(label, label))}: {names_of.get(value, value) if label in PROPER else said(value)}",
            decision.decided_at,
            decision.message_id,
            code=label,
            sure=facts.sure.get(label),
            corrected=names_of.get(right, right) if right != value else "",
            choices={code: name for code, name in offers.get(label, {}).items() if code != right},
        )


def _waited(episodes: list[RuleEpisode], called: Called) -> Iterator[Reason]:
    for one in episodes:
        name, _ = called.get((one.rule_set_id, one.number), ("", ""))
        yield Reason("waited", name, "", said(one.sentence), one.fired_at, None, one.number, one.rule_set.number)
