"""Promises, hours, clocks and notices as machines send and get them. All lengths in minutes, all times UTC."""

from __future__ import annotations

from datetime import date
from typing import Any

from rest_framework import serializers

from api.serializers.inputs import LARGEST_ID, LONGEST_NAME, Strict
from api.serializers.outputs import Json, PersonShape, Shape
from inbox.models.conversation import Conversation
from routing.calendar import Period
from routing.models.sla import ClockKind, SlaPolicy, SlaVersion
from routing.selectors.clocks import Shown
from routing.selectors.targets import HoursShown, JobShown, PolicyShown
from routing.services.forecast import Effect, Forecast
from routing.services.hours import MOST_HOLIDAYS, MOST_PERIODS, Holiday, Week
from routing.services.targets import LONGEST_MINUTES, LONGEST_REASON, MOST_TOLD, Scope, Terms

LONGEST_ZONE = 60


def _id() -> serializers.IntegerField:
    return serializers.IntegerField(required=False, default=None, allow_null=True, min_value=1, max_value=LARGEST_ID)


class TargetInput(Strict):
    """One promise."""

    kind = serializers.ChoiceField(ClockKind.choices)
    priority = serializers.ChoiceField(
        Conversation.Priority.choices, default=None, allow_null=True, help_text="null = every other priority."
    )
    minutes = serializers.IntegerField(min_value=1, max_value=LONGEST_MINUTES)


class TermsInput(Strict):
    """What a policy says from now on."""

    name = serializers.CharField(max_length=LONGEST_NAME)
    targets = TargetInput(many=True, min_length=1, max_length=15)  # type: ignore[call-arg]
    hours = _id()
    pause_pending = serializers.BooleanField(default=True)
    pause_snoozed = serializers.BooleanField(default=True)
    warn_percent = serializers.IntegerField(default=30, min_value=1, max_value=90)
    on_breach = serializers.ChoiceField(SlaVersion.OnBreach.choices, default="nothing")
    move_to = _id()
    tell_owner = serializers.BooleanField(default=True)
    told = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=LARGEST_ID), default=list, max_length=MOST_TOLD
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        keys = [(one["kind"], one["priority"]) for one in attrs["targets"]]
        if len(keys) != len(set(keys)):
            raise serializers.ValidationError({"targets": "One promise is named twice."})
        return attrs


class PolicyInput(TermsInput):
    """A policy to be."""

    queue = _id()
    channel = _id()
    by_rule = serializers.BooleanField(default=False, help_text="Only where a rule chooses it.")


class ChangeInput(TermsInput):
    """A policy as it is to be."""

    lengthen_because = serializers.CharField(
        max_length=LONGEST_REASON,
        default="",
        allow_blank=True,
        help_text="With a reason, running clocks also get the longer time where the new terms are looser.",
    )


def terms(given: Json) -> Terms:
    """The terms that a body says."""
    return Terms(
        targets={(one["kind"], one["priority"]): one["minutes"] for one in given["targets"]},
        hours_id=given["hours"],
        pause_pending=given["pause_pending"],
        pause_snoozed=given["pause_snoozed"],
        warn_percent=given["warn_percent"],
        on_breach=given["on_breach"],
        move_to_id=given["move_to"],
        tell_owner=given["tell_owner"],
        told_ids=frozenset(given["told"]),
    )


def scope(given: Json) -> Scope:
    """Whom a body says it is for."""
    return Scope(given["queue"], given["channel"], given["by_rule"])


class TargetShape(Shape):
    kind = serializers.ChoiceField(ClockKind.choices)
    priority = serializers.IntegerField(allow_null=True)
    minutes = serializers.IntegerField()


class PolicyShape(Shape):
    """A policy as it is in force."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    version = serializers.IntegerField()
    queue = serializers.IntegerField(allow_null=True)
    channel = serializers.IntegerField(allow_null=True)
    by_rule = serializers.BooleanField()
    targets = TargetShape(many=True)
    hours = serializers.IntegerField(allow_null=True, help_text="null = calendar time.")
    pause_pending = serializers.BooleanField()
    pause_snoozed = serializers.BooleanField()
    warn_percent = serializers.IntegerField()
    on_breach = serializers.ChoiceField(SlaVersion.OnBreach.choices)
    move_to = serializers.IntegerField(allow_null=True)
    tell_owner = serializers.BooleanField()
    told = PersonShape(many=True)
    warnings = serializers.ListField(child=serializers.CharField(), help_text="What will not work, in sentences.")


class PoliciesShape(Shape):
    results = PolicyShape(many=True)


def policy(one: PolicyShown) -> Json:
    row, version = one.policy, one.version
    lines = sorted(one.terms.targets.items(), key=lambda line: (line[0][0], line[0][1] or 9))
    return {
        **_place(row),
        "version": version.number,
        "targets": [{"kind": kind, "priority": priority, "minutes": n} for (kind, priority), n in lines],
        "hours": version.hours_id,
        "pause_pending": version.pause_pending,
        "pause_snoozed": version.pause_snoozed,
        "warn_percent": version.warn_percent,
        "on_breach": version.on_breach,
        "move_to": version.move_to_id,
        "tell_owner": version.tell_owner,
        "told": [{"id": person.pk, "name": person.name} for person in version.told.all()],
        "warnings": list(one.warnings),
    }


def _place(row: SlaPolicy) -> Json:
    return {
        "id": row.pk,
        "name": row.name,
        "queue": row.queue_id,
        "channel": row.channel_id,
        "by_rule": row.by_rule,
    }


class ForecastExampleShape(Shape):
    conversation = serializers.IntegerField()
    effect = serializers.ChoiceField([effect.value for effect in Effect])
    due_at = serializers.DateTimeField(allow_null=True, help_text="As it is.")
    would_be_due_at = serializers.DateTimeField(allow_null=True)


class ForecastShape(Shape):
    """What a policy would do to the clocks that run now. Each conversation is counted once."""

    looked_at = serializers.IntegerField(help_text="Unresolved conversations where the policy holds, at most 5,000.")
    more = serializers.BooleanField(help_text="There are others beyond these.")
    late = serializers.IntegerField(help_text="Would be late at once.")
    sooner = serializers.IntegerField()
    later = serializers.IntegerField()
    begun = serializers.IntegerField(help_text="Would get a clock that they do not have.")
    examples = ForecastExampleShape(many=True, help_text="At most ten, what would be late first.")


def forecast(found: Forecast) -> Json:
    return {
        "looked_at": found.looked_at,
        "more": found.more,
        **{effect.value: n for effect, n in found.counts.items()},
        "examples": [
            {
                "conversation": one.conversation_id,
                "effect": one.effect.value,
                "due_at": one.due_at,
                "would_be_due_at": one.would_be_due_at,
            }
            for one in found.examples
        ],
    }


class OpeningInput(Strict):
    """A stretch of a weekday by the local clock."""

    weekday = serializers.IntegerField(min_value=0, max_value=6, help_text="0 = Monday.")
    start = serializers.IntegerField(min_value=0, max_value=1439, help_text="Minutes since midnight.")
    end = serializers.IntegerField(min_value=1, max_value=2879, help_text="Past midnight above 1440.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs["start"] < attrs["end"] <= attrs["start"] + 1440:
            raise serializers.ValidationError({"end": "After the start, at most 24 hours."})
        return attrs


class HolidayInput(Strict):
    on = serializers.DateField()
    name = serializers.CharField(max_length=80, default="", allow_blank=True)


class HoursInput(Strict):
    """Hours; without periods the house never opens."""

    name = serializers.CharField(max_length=LONGEST_NAME)
    zone = serializers.CharField(max_length=LONGEST_ZONE, help_text="IANA name, such as Europe/Vienna.")
    periods = OpeningInput(many=True, max_length=MOST_PERIODS)  # type: ignore[call-arg]
    holidays = HolidayInput(  # type: ignore[call-arg]
        many=True, required=False, default=list, max_length=MOST_HOLIDAYS
    )


def week(given: Json) -> Week:
    """The week that a body says."""
    periods = tuple(Period(one["weekday"], one["start"], one["end"]) for one in given["periods"])
    return Week(given["zone"], periods, tuple(Holiday(one["on"], one["name"]) for one in given["holidays"]))


class OpeningShape(Shape):
    weekday = serializers.IntegerField()
    start = serializers.IntegerField()
    end = serializers.IntegerField()


class HolidayShape(Shape):
    on = serializers.DateField()
    name = serializers.CharField()


class HoursShape(Shape):
    """Hours as they are in force."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    version = serializers.IntegerField()
    zone = serializers.CharField()
    periods = OpeningShape(many=True)
    holidays = HolidayShape(many=True)
    queues = serializers.ListField(child=serializers.CharField(), help_text="Names of the queues that keep them.")


class AllHoursShape(Shape):
    results = HoursShape(many=True)


def hours(one: HoursShown) -> Json:
    return {
        "id": one.hours.pk,
        "name": one.hours.name,
        "version": one.version.number,
        "zone": one.week.zone,
        "periods": [{"weekday": p.weekday, "start": p.start, "end": p.end} for p in one.week.periods],
        "holidays": [{"on": _day(h.on), "name": h.name} for h in one.week.holidays],
        "queues": list(one.queues),
    }


def _day(on: date) -> str:
    return on.isoformat()


class QueueHoursInput(Strict):
    """Which hours a queue keeps."""

    hours = serializers.IntegerField(
        allow_null=True, min_value=1, max_value=LARGEST_ID, help_text="null = always open."
    )


class JobShape(Shape):
    """Running clocks that are reckoned anew."""

    id = serializers.IntegerField()
    reason = serializers.CharField()
    by = serializers.CharField()
    created_at = serializers.DateTimeField()
    seen = serializers.IntegerField()
    total = serializers.IntegerField(allow_null=True, help_text="Of how many; null = it has not begun.")
    changed = serializers.IntegerField()
    finished_at = serializers.DateTimeField(allow_null=True)


class JobsShape(Shape):
    results = JobShape(many=True)


def job(one: JobShown) -> Json:
    return {
        "id": one.pk,
        "reason": one.reason,
        "by": one.by,
        "created_at": one.created_at,
        "seen": one.seen,
        "total": one.total,
        "changed": one.changed,
        "finished_at": one.finished_at,
    }


class ClockShape(Shape):
    """One promise in one case. `due_at` is null while it is paused."""

    kind = serializers.ChoiceField(ClockKind.choices)
    policy = serializers.CharField()
    target_s = serializers.IntegerField(help_text="Seconds, in the time of its policy.")
    started_at = serializers.DateTimeField(help_text="The network's time of what the contact wrote.")
    ingested_at = serializers.DateTimeField(allow_null=True, help_text="When we got to know of it.")
    due_at = serializers.DateTimeField(allow_null=True)
    at_risk_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    met_at = serializers.DateTimeField(allow_null=True)
    breached_at = serializers.DateTimeField(allow_null=True)


class ClocksShape(Shape):
    results = ClockShape(many=True)


def clock(one: Shown) -> Json:
    return {
        "kind": one.kind,
        "policy": one.policy,
        "target_s": one.seconds,
        "started_at": one.started_at,
        "ingested_at": one.ingested_at,
        "due_at": one.due_at,
        "at_risk_at": one.warn_at,
        "ended_at": one.ended_at,
        "met_at": one.met_at,
        "breached_at": one.breached_at,
    }
