"""The rules in force, what they are told about messages, and keeping what they said."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.db.models import OuterRef, Subquery

from inbox.models.queue import Queue
from routing.calendar import Calendar
from routing.models.decision import Decision
from routing.models.hours import HoursVersion, QueueHours
from routing.models.rule import Rule, RuleSet
from routing.rules import actions, conditions, packing
from routing.rules.contracts import Facts, Outcome
from routing.rules.decide import RuleSetView
from routing.rules.shipped import shipped
from routing.rules.wording import Wording, compiled
from routing.services import sla_setup
from routing.services.naming import names
from routing.triage.contracts import LABELS

CARE, PR = "care", "pr"


class NoQueue(RuntimeError):
    """Nobody has set up a queue yet: there is nowhere to put a conversation."""


class Judged(Protocol):
    """One verdict of triage."""

    @property
    def value(self) -> str: ...
    @property
    def confidence(self) -> float: ...


def in_force() -> RuleSetView:
    """The newest version, compiled once for each process; the first call ever stores the rules as shipped.

    Raises: NoQueue where no desk has a first queue.
    """
    return view_of(newest_id())


def newest_id() -> int:
    """The id of the version in force. Raises: NoQueue."""
    newest = RuleSet.objects.order_by("-number").values_list("pk", flat=True).first()
    return newest if newest is not None else _found()


@lru_cache(maxsize=8)
def view_of(rule_set_id: int) -> RuleSetView:
    """One version, ready to be asked; versions never change."""
    rule_set = RuleSet.objects.get(pk=rule_set_id)
    return compiled(wordings(rule_set_id), names(), mode=rule_set.mode, id=rule_set_id)


def wordings(rule_set_id: int) -> list[Wording]:
    """The rules of a version as they are written, in order."""
    return [wording(row) for row in Rule.objects.filter(rule_set=rule_set_id).order_by("position")]


def wording(row: Rule) -> Wording:
    """A stored rule, read."""
    return Wording(
        number=row.number,
        name=row.name,
        when=conditions.parse(row.when),
        do=actions.parse(row.do),
        is_on=row.is_on,
        rest=row.rest,
    )


def write(rule_set: RuleSet, rules: Iterable[Wording]) -> None:
    """The rules of a new version, in one statement."""
    Rule.objects.bulk_create(
        Rule(
            rule_set=rule_set,
            number=one.number,
            position=position,
            name=one.name,
            is_on=one.is_on,
            rest=one.rest,
            when=conditions.dump(one.when),
            do=actions.dump(one.do),
        )
        for position, one in enumerate(rules, 1)
    )


def _found() -> int:
    """Store version 1, as shipped; of two who do so at once one waits and takes what is there."""
    first = Queue.objects.filter(first_of_desk=True).order_by("desk__position", "desk_id")
    by_desk = dict(first.values_list("desk__slug", "pk"))
    if not by_desk:
        raise NoQueue("No desk has a first queue.")
    care = by_desk.get(CARE) or next(iter(by_desk.values()))
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO routing_ruleset (number, mode, what, made_at) VALUES (1, %s, %s, now())
               ON CONFLICT (number) DO NOTHING RETURNING id""",
            [RuleSet.Mode.FIRST, "As shipped"],
        )
        made = cursor.fetchone()
    if made:
        pr = by_desk.get(PR) if by_desk.get(PR) != care else None
        write(RuleSet(pk=made[0]), shipped(care_id=care, pr_id=pr, reach=settings.PR_REACH))
    return int(RuleSet.objects.values_list("pk", flat=True).get(number=1))


# Earlier conversations count from the network's time of their first message, so that the order in which
# messages were read changes nothing. `new` = the rules have said nothing about this conversation yet.
_FACTS = """
SELECT m.id, m.conversation_id, m.channel_id, ch.kind, c.brand_id, c.queue_id, m.visibility = 'private', c.status,
  c.priority, c.owner_id IS NOT NULL, p.followers, p.verified, m.text, m.posted_at,
  NOT EXISTS (SELECT 1 FROM inbox_message e JOIN routing_decision d ON d.message_id = e.id
    WHERE e.conversation_id = m.conversation_id AND e.id <> m.id),
  (SELECT count(*) FROM inbox_conversation o JOIN inbox_case k ON k.conversation_id = o.id AND k.number = 1
    WHERE o.profile_id = c.profile_id AND o.brand_id = c.brand_id AND o.id <> c.id
      AND k.first_inbound_at < m.posted_at),
  ARRAY(SELECT l.author_list_id FROM routing_listedauthor l WHERE l.profile_id = c.profile_id ORDER BY 1)
FROM inbox_message m
JOIN inbox_conversation c ON c.id = m.conversation_id
JOIN channels_channel ch ON ch.id = m.channel_id
JOIN inbox_profile p ON p.id = c.profile_id
WHERE m.id = ANY(%s) AND m.direction = 'in'
ORDER BY m.posted_at, m.id
"""


def facts_of(message_ids: Collection[int], verdicts: Mapping[int, Any]) -> dict[int, Facts]:
    """What the rules are told about these messages, the oldest first; two queries.

    Args:
        verdicts: by message; each has a `Judged` for each label of triage. Absent = not assessed.

    What is in no conversation, and what we wrote ourselves, has no facts.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, [list(message_ids)])
        rows = cursor.fetchall()
    begun: set[int] = set()
    found = {}
    calendars = _calendars()
    for row in rows:
        found[row[0]] = _facts(row, verdicts.get(row[0]), calendars.get(row[5]), first=row[1] not in begun)
        begun.add(row[1])
    return found


def _calendars() -> dict[int, Calendar]:
    """The hours of each queue that has some; without them no rule can ask for business hours."""
    newest = HoursVersion.objects.filter(hours=OuterRef("hours")).order_by("-number").values("pk")[:1]
    rows = QueueHours.objects.annotate(version=Subquery(newest)).values_list("queue_id", "version")
    known = {queue_id: sla_setup.calendar_of(version) for queue_id, version in rows}
    return {queue_id: calendar for queue_id, calendar in known.items() if calendar is not None}


def _facts(row: tuple[Any, ...], judged: Any, calendar: Calendar | None, *, first: bool) -> Facts:
    """The time is that of the queue where the conversation stands; UTC where it has no hours."""
    local = row[13].astimezone(ZoneInfo(calendar.zone if calendar else settings.TIME_ZONE))
    said: dict[str, Judged] = {label: getattr(judged, label) for label in LABELS} if judged is not None else {}
    values: dict[str, Any] = {label: one.value for label, one in said.items()}
    return Facts(
        message_id=row[0],
        conversation_id=row[1],
        channel_id=row[2],
        network=row[3],
        brand_id=row[4],
        queue_id=row[5],
        private=row[6],
        status=row[7],
        priority=row[8],
        owned=row[9],
        followers=row[10],
        verified=row[11],
        text=row[12],
        new=row[14] and first,
        previous=row[15],
        lists=tuple(row[16]),
        weekday=local.weekday(),
        minute=local.hour * 60 + local.minute,
        open_hours=calendar.is_open(row[13]) if calendar else None,
        sure={label: round(one.confidence, 2) for label, one in said.items() if one.value},
        **values,
    )


def record(decided: Iterable[tuple[Facts, Outcome]], *, rule_set_id: int, again: int = 0, held: str = "") -> None:
    """Keep what the rules said, in the open transaction and in one statement.

    Args:
        again: after how many corrections of the message; held: why nothing of it is done (`Decision.Held`).

    Idempotent: by (message, version, corrections).
    """
    Decision.objects.bulk_create(
        (
            Decision(
                message_id=facts.message_id,
                rule_set_id=rule_set_id,
                rules=list(outcome.rules),
                facts=packing.pack_facts(facts),
                outcome=packing.pack_outcome(outcome),
                again=again,
                held=held,
            )
            for facts, outcome in decided
        ),
        ignore_conflicts=True,
    )
