"""Queues, people and what is asked of them: what machines may send and what they get."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.models import Presence
from api.serializers.inputs import LARGEST_ID, LONGEST_NAME, Strict
from api.serializers.outputs import ConversationDetailShape, Json, NamedShape, PersonShape, Shape, named, person
from inbox.services import ownership
from routing.assignment import HIGHEST, LOWEST, Hindrance
from routing.models.content import ContentAsk
from routing.models.handoff import Handoff
from routing.models.staffing import QueueStaffing, Skill
from routing.selectors.staffing import Person, Stuck, Warned
from routing.services import handoff
from routing.services.escalation import WITHIN_MINUTES

WHY = {
    Hindrance.NOT_MEMBER: "Nobody staffs this queue.",
    Hindrance.NO_BRAND: "Nobody who staffs this queue sees the brand.",
    Hindrance.NO_CAPACITY: "Everybody who could takes nothing at a time: their capacity is 0.",
    Hindrance.LACKS_SKILL: "Nobody who staffs this queue has the skill at this level.",
    Hindrance.OFF_HOURS: "Everybody who could is outside of their working hours.",
    Hindrance.ABSENT: "Everybody who could is busy, away or offline.",
    Hindrance.FULL: "Everybody who could has as many as they take.",
}
KEEPER = {
    Hindrance.OFF_HOURS: "{name} has the other half and is outside of their working hours.",
    Hindrance.ABSENT: "{name} has the other half and is busy, away or offline.",
    Hindrance.FULL: "{name} has the other half and as many conversations as they take.",
}
WARNED = {
    "no_members": "Nobody staffs this queue.",
    "nobody_has": "Nobody who staffs this queue has {about} at this level.",
    "nobody_sees": "Nobody who staffs this queue sees {about}.",
    "nobody_can": "Nobody has all of these skills, and sees the brands, at once.",
    "no_capacity": "Everybody who staffs this queue takes nothing at a time.",
    "never_open": "Its business hours are never open: nothing is ever due by them.",
}


class LevelInput(Strict):
    """A skill at a level: 1 (a little) to 5 (as well as anybody)."""

    skill = serializers.IntegerField(max_value=LARGEST_ID)
    level = serializers.IntegerField(min_value=LOWEST, max_value=HIGHEST)


class PeriodInput(Strict):
    """When somebody works, in their own time zone: minutes since midnight; past midnight `end` is above 1440."""

    weekday = serializers.IntegerField(min_value=0, max_value=6, help_text="0 = Monday.")
    start = serializers.IntegerField(min_value=0, max_value=1439)
    end = serializers.IntegerField(min_value=1, max_value=2879)


class StaffingInput(Strict):
    """How a queue finds its people; everything is replaced."""

    mode = serializers.ChoiceField(QueueStaffing.Mode.choices)
    same_agent_days = serializers.IntegerField(required=False, default=None, allow_null=True, max_value=365)
    language_level = serializers.IntegerField(required=False, default=None, allow_null=True, max_value=HIGHEST)
    skills = LevelInput(many=True, required=False, default=list)
    lane_queue = serializers.IntegerField(required=False, default=None, allow_null=True, max_value=LARGEST_ID)
    lane_followers = serializers.IntegerField(required=False, default=None, allow_null=True, max_value=10**9)
    lane_per_hour = serializers.IntegerField(required=False, default=None, allow_null=True, max_value=10**9)
    lane_minutes = serializers.IntegerField(required=False, default=15, max_value=1440)


class AgentInput(Strict):
    """What somebody takes and can; what is left out stays as it is."""

    capacity = serializers.IntegerField(required=False, default=None, allow_null=True, max_value=200)
    skills = LevelInput(many=True, required=False, default=None, allow_null=True)
    periods = PeriodInput(many=True, required=False, default=None, allow_null=True)


class SkillInput(Strict):
    """A skill, or a language with its ISO 639 code."""

    name = serializers.CharField(max_length=60)
    language = serializers.CharField(required=False, default="", allow_blank=True, max_length=3)


class PresenceInput(Strict):
    """Whether you take work."""

    presence = serializers.ChoiceField(Presence.Status.choices)
    reason = serializers.CharField(required=False, default="", allow_blank=True, max_length=80)
    capacity = serializers.IntegerField(required=False, default=None, allow_null=True, max_value=200)


class EscalationInput(Strict):
    """A hand-over with urgency and a deadline to acknowledge it."""

    queue = serializers.CharField(max_length=LONGEST_NAME, help_text="Slug or id.")
    reason = serializers.CharField(max_length=handoff.LIMITS["reason"])
    summary = serializers.CharField(max_length=handoff.LIMITS["summary"], required=False, default="", allow_blank=True)
    ask = serializers.CharField(max_length=handoff.LIMITS["ask"], required=False, default="", allow_blank=True)
    urgency = serializers.ChoiceField(["urgent", "high"], required=False, default="high")
    within = serializers.IntegerField(
        required=False, default=30, max_value=WITHIN_MINUTES[1], help_text="Minutes to acknowledge it."
    )


class AnswerInput(Strict):
    """What the receivers give back."""

    text = serializers.CharField(max_length=handoff.ANSWER_LIMIT)


class ContentInput(Strict):
    """A question for content."""

    queue = serializers.CharField(max_length=LONGEST_NAME, help_text="Slug or id.")
    ask = serializers.CharField(max_length=handoff.LIMITS["ask"])


class SkipInput(Strict):
    """Why you leave it."""

    reason = serializers.CharField(max_length=ownership.REASON_LIMIT)


class LevelShape(Shape):
    skill = serializers.CharField()
    level = serializers.IntegerField()


class WarningShape(Shape):
    code = serializers.CharField()
    message = serializers.CharField()


class SkillLevelShape(Shape):
    skill = serializers.IntegerField()
    level = serializers.IntegerField()


class StaffingShape(Shape):
    """How a queue finds its people, and what will leave work lying."""

    queue = NamedShape()
    mode = serializers.ChoiceField(QueueStaffing.Mode.choices)
    same_agent_days = serializers.IntegerField(allow_null=True)
    language_level = serializers.IntegerField(allow_null=True)
    skills = SkillLevelShape(many=True)
    lane_queue = serializers.IntegerField(allow_null=True)
    lane_followers = serializers.IntegerField(allow_null=True)
    lane_per_hour = serializers.IntegerField(allow_null=True)
    lane_minutes = serializers.IntegerField()
    warnings = WarningShape(many=True)


class PeriodShape(Shape):
    weekday = serializers.IntegerField()
    start = serializers.IntegerField()
    end = serializers.IntegerField()


class AgentShape(Shape):
    """Somebody with what they take and can."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    presence = serializers.ChoiceField(Presence.Status.choices)
    reason = serializers.CharField()
    on_duty = serializers.BooleanField(help_text="Inside their working hours.")
    capacity = serializers.IntegerField()
    open = serializers.IntegerField(help_text="Open conversations that they own.")
    skills = LevelShape(many=True)
    periods = PeriodShape(many=True)
    skipped = serializers.IntegerField(help_text="In the last 7 days.")


class AgentsShape(Shape):
    results = AgentShape(many=True)


class SkillShape(Shape):
    id = serializers.IntegerField()
    name = serializers.CharField()
    language = serializers.CharField()


class SkillsShape(Shape):
    results = SkillShape(many=True)


class PresenceShape(Shape):
    presence = serializers.ChoiceField(Presence.Status.choices)
    reason = serializers.CharField()
    capacity = serializers.IntegerField()


class NextShape(Shape):
    """What you have claimed by asking for your next; null and why, where there is nothing."""

    conversation = ConversationDetailShape(allow_null=True)
    why = serializers.CharField()


class StuckShape(Shape):
    """Conversations that ask for the same, and that nobody can take."""

    queue = NamedShape()
    brand = serializers.CharField()
    skills = LevelShape(many=True)
    count = serializers.IntegerField()
    waiting_since = serializers.DateTimeField(allow_null=True)
    examples = serializers.ListField(child=serializers.IntegerField(), help_text="Ids, what is due first.")
    code = serializers.CharField()
    why = serializers.CharField()
    lasting = serializers.BooleanField(help_text="Only a change of the settings helps.")
    waits_for = serializers.CharField(
        help_text="Who has the other half of each and cannot take it now; empty = nobody."
    )


class StuckListShape(Shape):
    results = StuckShape(many=True)


class ContentAskShape(Shape):
    """A question for content, and what came back."""

    id = serializers.IntegerField()
    conversation = serializers.IntegerField()
    to_queue = NamedShape()
    asked_by = PersonShape()
    ask = serializers.CharField()
    state = serializers.ChoiceField(ContentAsk.State.choices)
    answer = serializers.CharField(help_text="The content; or why there is none.")
    decided_by = PersonShape(allow_null=True)
    created_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)


class ContentAsksShape(Shape):
    results = ContentAskShape(many=True)


class SummaryShape(Shape):
    summary = serializers.CharField(help_text="The thread in a few lines, to begin a hand-over with.")


def staffing(queue: Any, row: QueueStaffing, skills: dict[int, int], warned: list[Warned]) -> Json:
    return {
        "queue": named(queue),
        "mode": row.mode,
        "same_agent_days": row.same_agent_days,
        "language_level": row.language_level,
        "skills": [{"skill": skill, "level": level} for skill, level in skills.items()],
        "lane_queue": row.lane_queue_id,
        "lane_followers": row.lane_followers,
        "lane_per_hour": row.lane_per_hour,
        "lane_minutes": row.lane_minutes,
        "warnings": [{"code": one.code, "message": WARNED[one.code].format(about=one.about)} for one in warned],
    }


def agent(one: Person) -> Json:
    return {
        "id": one.user.pk,
        "name": one.user.name,
        "presence": one.agent.status,
        "reason": one.reason,
        "on_duty": one.agent.on_duty,
        "capacity": one.agent.capacity,
        "open": one.agent.load,
        "skills": [{"skill": skill, "level": level} for skill, level in one.skills.items()],
        "periods": [{"weekday": day, "start": start, "end": end} for day, start, end in one.periods],
        "skipped": one.skipped,
    }


def skill(row: Skill) -> Json:
    return {"id": row.pk, "name": row.name, "language": row.language}


def stuck(one: Stuck) -> Json:
    return {
        "queue": named(one.queue),
        "brand": one.brand,
        "skills": [{"skill": name, "level": level} for name, level in one.skills.items()],
        "count": one.count,
        "waiting_since": one.waiting_since,
        "examples": list(one.examples),
        "code": str(one.why),
        "why": KEEPER[one.why].format(name=one.waits_for) if one.waits_for else WHY[one.why],
        "lasting": one.lasting,
        "waits_for": one.waits_for,
    }


def content_ask(row: ContentAsk) -> Json:
    return {
        "id": row.pk,
        "conversation": row.conversation_id,
        "to_queue": named(row.to_queue),
        "asked_by": person(row.asked_by),
        "ask": row.ask,
        "state": row.state,
        "answer": row.answer,
        "decided_by": person(row.decided_by),
        "created_at": row.created_at,
        "decided_at": row.decided_at,
    }


URGENCY = {"urgent": Handoff.Urgency.URGENT, "high": Handoff.Urgency.HIGH}
