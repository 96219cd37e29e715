"""Queues, people and what nobody can take, as templates/routing want them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.selectors import workers_for
from core.clock import database_now
from inbox.models.conversation import Conversation
from inbox.policies import Access
from routing.assignment import Hindrance
from routing.models.content import ContentAsk
from routing.models.handoff import Handoff
from routing.models.staffing import Lane
from routing.selectors import content, hops
from routing.selectors import staffing as selectors
from routing.selectors.staffing import Person, Stuck, Warned
from routing.services import roster
from web.context import DOTS
from web.forms_desks import DAYS, written_hours

AT_MOST = 200


def why_words(why: Hindrance) -> str:
    """Why nobody can take it."""
    return {
        Hindrance.NOT_MEMBER: _("Nobody staffs this queue."),
        Hindrance.NO_BRAND: _("Nobody who staffs this queue sees the brand."),
        Hindrance.NO_CAPACITY: _("Everybody who could takes nothing at a time."),
        Hindrance.LACKS_SKILL: _("Nobody who staffs this queue has the skill at this level."),
        Hindrance.OFF_HOURS: _("Everybody who could is outside of their working hours."),
        Hindrance.ABSENT: _("Everybody who could is busy, away or offline."),
        Hindrance.FULL: _("Everybody who could has as many as they take."),
    }[why]


def keeper_words(why: Hindrance, name: str) -> str:
    """Why somebody cannot take what belongs to something of theirs."""
    return {
        Hindrance.OFF_HOURS: _("%(name)s has the other half and is outside of their working hours."),
        Hindrance.ABSENT: _("%(name)s has the other half and is busy, away or offline."),
        Hindrance.FULL: _("%(name)s has the other half and as many conversations as they take."),
    }[why] % {"name": name}


def warning_words(one: Warned) -> str:
    """What is wrong with how a queue is staffed."""
    words = {
        "no_members": _("Nobody staffs this queue."),
        "nobody_has": _("Nobody here has %(about)s at this level."),
        "nobody_sees": _("Nobody here sees %(about)s."),
        "nobody_can": _("Nobody has all of these skills, and sees the brands, at once."),
        "no_capacity": _("Everybody here takes nothing at a time."),
        "never_open": _("Its business hours are never open: nothing is ever due by them."),
    }
    return words[one.code] % {"about": one.about}


def stuck_rows(access: Access) -> list[dict[str, Any]]:
    """What nobody can take."""
    return [_stuck(one) for one in selectors.stuck(access)]


def _stuck(one: Stuck) -> dict[str, Any]:
    return {
        "queue": one.queue.name,
        "desk": {"slug": one.queue.desk.slug, "name": one.queue.desk.name},
        "brand": one.brand,
        "skills": ", ".join(f"{name} {level}" for name, level in one.skills.items()),
        "count": one.count,
        "since": one.waiting_since,
        "why": keeper_words(one.why, one.waits_for) if one.waits_for else why_words(one.why),
        "lasting": one.lasting,
        "url": f"/inbox/{one.queue.slug}/{one.examples[0]}/",
        "settings_url": reverse("queue-staffing", args=[one.queue.pk]),
    }


def queue_rows(access: Access) -> list[dict[str, Any]]:
    """The queues that somebody runs, with their mode and their warnings; a fixed number of queries."""
    runs = access.all_queue_ids if access.is_administrator else access.supervised_queue_ids
    found = roster.staffed(runs, now=database_now())
    known = selectors.known()
    return [
        {
            "name": one.queue.name,
            "desk": {"slug": one.queue.desk.slug, "name": one.queue.desk.name},
            "mode": str(one.settings.get_mode_display()),
            "pushes": one.settings.pushes,
            "skills": ", ".join(f"{known.skills[pk]} {level}" for pk, level in one.skills.items()),
            "people": len(one.agents),
            "free": sum(max(0, a.capacity - a.load) for a in one.agents if a.status == "available" and a.on_duty),
            "warnings": [warning_words(w) for w in selectors.warnings_of(one, known)],
            "url": reverse("queue-staffing", args=[one.queue.pk]),
        }
        for one in found.values()
    ]


def people_rows(viewer: User) -> list[dict[str, Any]]:
    """The people whose teams somebody supervises."""
    rows = workers_for(viewer).filter(is_integration=False)
    return [_person(one) for one in selectors.people(list(rows[:AT_MOST]))]


def _person(one: Person) -> dict[str, Any]:
    presence = getattr(one.user, "presence", None)
    label = str(presence.get_status_display()) if presence else _("Offline")
    return {
        "name": one.user.name,
        "presence": DOTS[one.agent.status],
        "presence_label": f"{label}: {one.reason}" if one.reason else label,
        "open": one.agent.load,
        "capacity": one.agent.capacity,
        "full": one.agent.load >= one.agent.capacity,
        "skills": ", ".join(f"{name} {level}" for name, level in one.skills.items()),
        "hours": _hours(one.periods),
        "on_duty": one.agent.on_duty,
        "skipped": one.skipped,
        "url": reverse("person-staffing", args=[one.user.pk]),
    }


def hop_rows(access: Access) -> list[dict[str, Any]]:
    """What desks asked of each other in four weeks."""
    names = {**dict(Handoff.Kind.choices), "content": _("Content")}
    return [{**asdict(one), "name": names[one.kind]} for one in hops.hops(access)]


def _hours(periods: tuple[tuple[int, int, int], ...]) -> str:
    """“Mo–Fr 09:00–17:00” would be shorter; a line per stretch of equal days is enough."""
    by_day = {day: written_hours([(s, e) for d, s, e in periods if d == day]) for day in range(7)}
    stretches: list[list[int]] = []
    for day in range(7):
        if stretches and by_day[day] == by_day[stretches[-1][-1]]:
            stretches[-1].append(day)
        else:
            stretches.append([day])
    return "; ".join(f"{_days(days)} {by_day[days[0]]}" for days in stretches if by_day[days[0]])


def _days(days: list[int]) -> str:
    first, last = str(DAYS[days[0]])[:2], str(DAYS[days[-1]])[:2]
    return first if days[0] == days[-1] else f"{first}–{last}"


def form_days(periods: tuple[tuple[int, int, int], ...]) -> dict[str, str]:
    """What the form shows for each weekday."""
    return {f"day_{day}": written_hours([(s, e) for d, s, e in periods if d == day]) for day in range(7)}


def escalation(found: Handoff) -> dict[str, Any]:
    """What an ask shows beyond a plain hand-over."""
    if found.kind != Handoff.Kind.ESCALATION or found.respond_by is None:
        return {"escalated": False}
    return {
        "escalated": True,
        "urgency": Handoff.Urgency(found.urgency).label if found.urgency else "",
        "respond_by": found.respond_by,
        "acknowledged": found.acknowledged_by.name if found.acknowledged_by else "",
        "overdue": found.is_overdue(database_now()),
    }


def lane(found: Lane | None, conversation: Conversation, access: Access) -> dict[str, Any] | None:
    """The first refusal that a queue has of it, and whether this person may give it back."""
    if found is None:
        return None
    mine_or_free = conversation.owner_id in (None, access.user_id)
    return {
        "url": f"/conversations/{conversation.pk}/lane/",
        "home": found.home_queue.name,
        "to": found.lane_queue.name,
        "why": found.why,
        "until": found.until,
        "taken": conversation.owner_id is not None,
        "mine_to_return": access.staffs(conversation) and mine_or_free,
    }


def content_asks(asks: list[ContentAsk], conversation: Conversation, access: Access) -> list[dict[str, Any]]:
    """Open asks for content: one's own to take back, or one's to answer."""
    return [
        {
            "pk": row.pk,
            "url": f"/content/{row.pk}/",
            "by": row.asked_by.name,
            "to_queue": row.to_queue.name,
            "ask": row.ask,
            "at": row.created_at,
            "mine_to_answer": row.to_queue_id in access.member_queue_ids,
            "mine_to_withdraw": row.asked_by_id == access.user_id or access.can_manage(conversation),
        }
        for row in asks
        if row.state == row.State.OPEN
    ]


def content_blocks(asks: list[ContentAsk], handoffs: list[Handoff]) -> list[dict[str, Any]]:
    """What colleagues gave for a conversation."""
    return [
        {"text": one.text, "by": one.by, "queue": one.queue, "at": one.at, "pk": number}
        for number, one in enumerate(content.blocks(asks, handoffs))
    ]
