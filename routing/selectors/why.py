"""Why a conversation is where it is: what triage said, which rules fitted, in the order in which it happened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from routing.models.decision import Decision, RuleEpisode
from routing.models.rule import Rule
from routing.rules.packing import unpack_facts
from routing.rules.sentences import sentence
from routing.services import rules
from routing.services.naming import names
from routing.triage.contracts import LABELS
from routing.triage.language import NAMES

MESSAGES = 20
WORDS = {"sentiment": "mood", "personal_data": "personal details"}


@dataclass(frozen=True, slots=True)
class Reason:
    """One step of the chain.

    Args:
        kind: "verdict", "rule", "waited" or "held" (after a correction it would go elsewhere, and stays).
        label: what was judged, or the name of the rule; `code` is triage's own word for a label.
        sure: 0 to 1, of a verdict.
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


def reasons(conversation_id: int) -> list[Reason]:
    """The chain of its last 20 messages, the newest message first; a fixed number of queries.

    The caller has checked that the conversation may be read.
    """
    rows = Decision.objects.filter(message__conversation=conversation_id).select_related("rule_set")
    decisions = list(rows.order_by("-message__posted_at", "-pk")[:MESSAGES])
    episodes = list(RuleEpisode.objects.filter(conversation=conversation_id).select_related("rule_set").order_by("-pk"))
    called = _names_of(decisions, episodes)
    found = [*_waited(episodes[:MESSAGES], called)]
    queues = names().queues if any(one.held for one in decisions) else {}
    for decision in decisions:
        rules_said = _held(decision, queues) if decision.held else _fitted(decision, called)
        found += [*rules_said, *_judged(decision)]
    return found


Called = dict[tuple[int, int], tuple[str, str]]


def _names_of(decisions: list[Decision], episodes: list[RuleEpisode]) -> Called:
    """(version, rule) → its name and how it read then."""
    sets = {one.rule_set_id for one in decisions} | {one.rule_set_id for one in episodes}
    if not sets:
        return {}
    known = names()
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
        yield Reason("held", "Corrected", "", says, decision.decided_at, decision.message_id)


def _judged(decision: Decision) -> Iterator[Reason]:
    """What triage had said when it was decided: the facts as seen, whatever has been corrected since."""
    facts = unpack_facts(decision.facts, message_id=decision.message_id, conversation_id=0)
    for label in LABELS:
        value = getattr(facts, label)
        if value and value not in ("none", "no"):
            name = NAMES.get(str(value), value) if label == "language" else value
            words = f"{WORDS.get(label, label).capitalize()}: {name}"
            yield Reason(
                "verdict",
                WORDS.get(label, label),
                str(value),
                words,
                decision.decided_at,
                decision.message_id,
                code=label,
                sure=facts.sure.get(label),
            )


def _waited(episodes: list[RuleEpisode], called: Called) -> Iterator[Reason]:
    for one in episodes:
        name, _ = called.get((one.rule_set_id, one.number), ("", ""))
        yield Reason("waited", name, "", one.sentence, one.fired_at, None, one.number, one.rule_set.number)
