"""Promises and hours as templates/routing wants them: words for stored facts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.wording import said
from inbox.models.conversation import Conversation
from inbox.selectors import conversations
from routing import hours_text
from routing.calendar import Calendar
from routing.models.sla import ClockKind, SlaVersion
from routing.selectors.targets import HoursShown, JobShown, PolicyShown
from routing.services.forecast import Effect, Forecast
from routing.services.hours import Week
from routing.services.targets import Terms, terms_of
from web.lengths import write_minutes

PRIORITIES = Conversation.Priority.choices


def policy_rows(found: Iterable[PolicyShown], *, may_change: bool) -> list[dict[str, Any]]:
    """`policies` for `targets.html`."""
    return [
        {
            "name": one.policy.name,
            "url": reverse("target", args=[one.policy.pk]) if may_change else "",
            "whom": whom(one),
            "promises": promises(one.terms),
            "hours": one.version.hours.name if one.version.hours else _("day and night"),
            "late": late(one.version),
            "warnings": one.warnings,
        }
        for one in found
    ]


EFFECTS = {
    Effect.LATE: gettext_lazy("late at once"),
    Effect.SOONER: gettext_lazy("due sooner"),
    Effect.LATER: gettext_lazy("due later"),
    Effect.BEGUN: gettext_lazy("get a clock"),
}
TONES = {Effect.LATE: "bad", Effect.SOONER: "warn", Effect.LATER: "good", Effect.BEGUN: ""}


def forecast_rows(found: Forecast) -> dict[str, Any]:
    """`forecast` for `target.html`: what would become of the conversations that run now."""
    rows = {row.pk: row for row in conversations.rows_of([one.conversation_id for one in found.examples])}
    return {
        "looked_at": found.looked_at,
        "more": found.more,
        "same": found.looked_at - sum(found.counts.values()),
        "counts": [
            {"label": EFFECTS[effect], "n": n, "tone": TONES[effect] if n else ""} for effect, n in found.counts.items()
        ],
        "examples": [
            {
                "url": f"/inbox/all/{one.conversation_id}/",
                "who": row.profile_name or row.profile_handle or _("Unknown person"),
                "queue": row.queue_name,
                "effect": EFFECTS[one.effect],
                "tone": TONES[one.effect],
                "due_at": one.due_at,
                "would_be_due_at": one.would_be_due_at,
            }
            for one in found.examples
            if (row := rows.get(one.conversation_id)) is not None
        ],
    }


def whom(one: PolicyShown) -> str:
    """Whom a policy is for, in words."""
    policy = one.policy
    if policy.by_rule:
        return _("Where a rule chooses it")
    places = [str(place) for place in (policy.queue, policy.channel) if place is not None]
    return _(" on ").join(places) if places else _("Everything")


def promises(terms: Terms) -> list[dict[str, Any]]:
    """One line per kind: every other priority first, then those that differ."""
    lines = []
    for kind, label in ClockKind.choices:
        minutes = {priority: value for (what, priority), value in terms.targets.items() if what == kind}
        if minutes:
            base = minutes.get(None)
            differing = [f"{words} {write_minutes(minutes[value])}" for value, words in PRIORITIES if value in minutes]
            lines.append(
                {"label": label, "base": write_minutes(base) if base else "–", "differing": ", ".join(differing)}
            )
    return lines


def late(version: SlaVersion) -> str:
    """What happens when it is late."""
    if version.move_to is not None:
        return _("Moves to %s") % version.move_to.name
    if version.on_breach == SlaVersion.OnBreach.RELEASE:
        return _("Back into its queue")
    return _("Stays where it is")


def version_rows(found: Iterable[SlaVersion]) -> list[dict[str, Any]]:
    """What a policy said, newest first."""
    return [
        {
            "number": row.number,
            "by": row.created_by.name if row.created_by else "",
            "at": row.created_at,
            "promises": promises(terms_of(row)),
            "hours": row.hours.name if row.hours else _("day and night"),
        }
        for row in found
    ]


def job_rows(found: Iterable[JobShown]) -> list[dict[str, Any]]:
    """`jobs` for `targets.html`."""
    return [
        {
            "reason": said(one.reason),
            "by": one.by,
            "at": one.created_at,
            "seen": one.seen,
            "total": one.total,
            "changed": one.changed,
            "done": one.finished_at is not None,
        }
        for one in found
    ]


def hours_rows(found: Iterable[HoursShown], *, now: datetime, may_change: bool) -> list[dict[str, Any]]:
    """`hours` for `hours.html`."""
    return [
        {
            "name": one.hours.name,
            "url": reverse("hours-one", args=[one.hours.pk]) if may_change else "",
            "zone": one.week.zone,
            "days": days(one.week),
            "holidays": _coming(one.week, now),
            "open": _calendar(one.week).is_open(now),
            "queues": one.queues,
            "never": not one.week.periods,
        }
        for one in found
    ]


def days(week: Week) -> list[dict[str, str]]:
    """A line per weekday; empty = closed."""
    return [
        {"label": str(label), "text": hours_text.write_day(one for one in week.periods if one.weekday == number)}
        for number, label in WEEKDAYS_ABBR.items()
    ]


def _coming(week: Week, now: datetime) -> list[Any]:
    """The next three holidays."""
    return sorted((one for one in week.holidays if one.on >= now.date()), key=lambda one: one.on)[:3]


def _calendar(week: Week) -> Calendar:
    return Calendar(week.zone, week.periods, frozenset(one.on for one in week.holidays))
