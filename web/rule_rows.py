"""What the pages of rules show: the builder's lines and tokens, the list, the versions and the back-test."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.wording import said
from inbox.models.message import Message
from routing.models.decision import Backtest, BacktestOpinion
from routing.models.rule import RuleSet
from routing.rules import conditions
from routing.rules.actions import ACTIONS, Action
from routing.rules.checks import Finding
from routing.rules.contracts import Names
from routing.rules.fields import FIELDS
from routing.rules.sentences import DAYS, PRIORITIES, minutes, sentence, short
from routing.rules.sentences import said as value_of
from routing.rules.wording import Wording
from routing.selectors.rules import Overview, Shown, drafted
from routing.services.backtest import DAYS as SPANS
from web import condition_rows

LEADS = "how the line of an action begins"
CHART_HEIGHT = 74.0
FLOW_HEIGHT = 80.0


def list_row(
    shown: Shown, names: Names, desks: dict[int, str], current: int | None, findings: Sequence[Finding]
) -> dict[str, Any]:
    """One rule in the list, with what is wrong with it."""
    wording = drafted(shown)
    queue = next((one.value[0] for one in wording.do if one.do == "queue"), None)
    state = "draft" if shown.draft else "off" if not wording.is_on else "on"
    return {
        "number": wording.number,
        "name": wording.name,
        "short": short(wording.do, names),
        "desk": desks.get(queue or 0, ""),
        "state": state,
        "a_week": shown.a_week,
        "locked": wording.rest,
        "movable": shown.position is not None and not wording.rest,
        "current": wording.number == current,
        "findings": [said(one.sentence) for one in findings],
    }


def detail(shown: Shown, names: Names, funnel: Sequence[int] = (), total: int = 0) -> dict[str, Any]:
    """The rule in the builder.

    Args:
        funnel: messages left after each condition, from the last back-test of this very wording.
    """
    wording = drafted(shown)
    return {
        "number": wording.number,
        "name": wording.name,
        "rest": wording.rest,
        "is_on": wording.is_on,
        "is_new": shown.position is None,
        "draft": shown.draft,
        "lines": list(condition_rows.lines(wording.when, names, funnel, total)),
        "acts": [_act(one, at, names) for at, one in enumerate(wording.do)],
        "sentence": sentence(wording.when, wording.do, names),
        "fields": [{"name": one.name, "label": said(one.label)} for one in FIELDS.values()],
        "kinds": [
            {"name": one.name, "label": said(one.label)}
            for one in ACTIONS.values()
            if one.name not in {action.do for action in wording.do}
        ],
        "has_funnel": bool(funnel),
    }


def _act(action: Action, at: int, names: Names) -> dict[str, Any]:
    kind = ACTIONS[action.do]
    says = said(kind.says)
    before, _sep, after = says.partition("{value}")
    offered = list(getattr(names, kind.names).items()) if kind.names else []
    if action.do == "priority":
        offered = [(value, said(words)) for value, words in PRIORITIES.items()]
    lead, before = pgettext(LEADS, kind.leads), before.strip()
    starts = lead.lower()
    return {
        "at": at,
        "do": action.do,
        "lead": lead,
        "before": before.removeprefix(starts).strip() if before.startswith(starts) else before,
        "words": value_of(action, names) if "{value}" in says else _("from now on"),
        "after": after.strip(),
        "label": said(kind.label),
        "many": kind.many,
        "choices": [{"value": key, "label": label, "on": key in action.value} for key, label in offered],
        "input": ", ".join(map(str, action.value)),
    }


def version_row(row: RuleSet, newest: int) -> dict[str, Any]:
    """One version in the list."""
    return {
        "number": row.number,
        "who": row.made_by.short_name if row.made_by else "",
        "what": said(row.what),
        "at": row.made_at,
        "now": row.number == newest,
    }


def backtest_panel(
    job: Backtest | None,
    examples: Sequence[Message],
    opinions: Sequence[BacktestOpinion],
    names: Names,
    desks: dict[int, str],
) -> dict[str, Any]:
    """The back-test beside the rule."""
    spans = [{"value": days, "label": minutes(days * 1440, said)} for days in SPANS]
    if job is None:
        return {"job": None, "spans": spans}
    shown: dict[str, Any] = {"job": job, "spans": spans, "percent": round(100 * job.done / max(job.total, 1))}
    shown["running"] = job.state in (Backtest.State.QUEUED, Backtest.State.RUNNING)
    if job.state == Backtest.State.DONE and job.result:
        shown |= _told(job, names, desks)
        votes = {one.message_id: one.right for one in opinions}
        shown["examples"] = [_example(one, votes.get(one.pk)) for one in examples]
        shown["right"] = sum(votes.values())
        shown["wrong"] = len(votes) - shown["right"]
    return shown


def _told(job: Backtest, names: Names, desks: dict[int, str]) -> dict[str, Any]:
    result = job.result
    span = minutes(job.days * 1440, said)
    seconds = (job.finished_at - job.started_at).total_seconds() if job.finished_at and job.started_at else 0
    return {
        "result": result,
        "span": span,
        "seconds": round(seconds, 1),
        "bars": _bars(job),
        "flows": _flows(result["flows"], names, desks),
        "also": result["also"],
        "effects": [_effect(one, result, names, job.days) for one in result["service"]],
        "loads": [_load(one, names) for one in result["load"]],
    }


def _bars(job: Backtest) -> list[dict[str, Any]]:
    """One bar a day, the highest one darker."""
    first = (job.asked_at - timedelta(days=job.days - 1)).date()
    days = [first + timedelta(days=n) for n in range(job.days)]
    extra = sorted(date.fromisoformat(day) for day in job.result["days"] if date.fromisoformat(day) not in days)
    days = [*extra, *days][-31:]
    counts = [job.result["days"].get(day.isoformat(), 0) for day in days]
    most, width = max(counts, default=0) or 1, 100 / len(days)
    return [
        {
            "n": n,
            "x": round(width * (at + 0.22), 2),
            "mid": round(width * (at + 0.5), 2),
            "width": round(width * 0.56, 2),
            "height": round(CHART_HEIGHT * n / most, 1),
            "y": round(98 - CHART_HEIGHT * n / most, 1),
            "text_y": round(93 - CHART_HEIGHT * n / most, 1),
            "label": _day_label(day, at, len(days)),
            "strong": n == most and n > 0,
        }
        for at, (day, n) in enumerate(zip(days, counts, strict=True))
    ]


def _day_label(day: date, at: int, count: int) -> str:
    if count <= 7:
        return said(DAYS[day.weekday()])
    return f"{day.day}.{day.month}." if at % 7 == 0 else ""


def _flows(flows: Sequence[dict[str, Any]], names: Names, desks: dict[int, str]) -> list[dict[str, Any]]:
    most = max((one["n"] for one in flows), default=0) or 1
    return [
        {
            "from": names.queues.get(one["from"], _("a queue that is gone")),
            "to": names.queues.get(one["to"], _("a queue that is gone")),
            "from_desk": desks.get(one["from"], ""),
            "to_desk": desks.get(one["to"], ""),
            "n": one["n"],
            "share": round(100 * one["n"] / most, 1),
        }
        for one in flows[:8]
    ]


def _effect(one: dict[str, Any], result: dict[str, Any], names: Names, days: int) -> dict[str, Any]:
    """What it would have meant for one queue, in a sentence."""
    queue = names.queues.get(one["queue"], _("A queue that is gone"))
    came = sum(flow["n"] for flow in result["flows"] if flow["to"] == one["queue"])
    went = sum(flow["n"] for flow in result["flows"] if flow["from"] == one["queue"])
    more = (came - went) / days
    return {
        "title": _effect_title(more) % {"queue": queue, "n": f"{abs(more):.1f}".removesuffix(".0")},
        "text": _effect_text(one, more),
        "bad": _is_worse(one),
    }


def _effect_title(more: float) -> str:
    if more > 0:
        return _("%(queue)s gets %(n)s more a day.")
    return _("%(queue)s gets %(n)s fewer a day.") if more < 0 else _("%(queue)s gets as many as before.")


def _effect_text(one: dict[str, Any], more: float) -> str:
    if one["pace"] is None:
        return _("Nobody answered there in this time, so nothing can be said about targets.")
    before, after = one["before"], one["after"]
    work = minutes(max(round(abs(more) * 60 / one["pace"]), 1), said)
    words = [_("That is about %(work)s of work.") % {"work": work}] if more else []
    if not before["promised"] and not after["promised"]:
        return " ".join([*words, _("No response is promised there, so nothing can be late.")])
    shares = {"before": _share(before), "after": _share(after)}
    words.append(_("Answered as promised: %(before)s before, %(after)s with the rule.") % shares)
    if after["latest"] > before["latest"] and after["latest_day"]:
        day = said(DAYS[datetime.fromtimestamp(after["latest_day"], tz=localtime().tzinfo).weekday()])
        words.append(_("%(day)s would have run %(late)s late.") % {"day": day, "late": minutes(after["latest"], said)})
    return " ".join(words)


def _share(served: dict[str, Any]) -> str:
    return f"{served['met'] / served['promised']:.0%}" if served["promised"] else _("nothing to keep")


def _is_worse(one: dict[str, Any]) -> bool:
    before, after = one["before"], one["after"]
    if not before or not after or not after["promised"]:
        return False
    return not before["promised"] or after["met"] / after["promised"] < before["met"] / before["promised"] - 0.005


def _load(one: dict[str, Any], names: Names) -> dict[str, Any]:
    most = max([*one["before"], *one["after"]], default=0) or 1
    hours = [
        {
            "hour": hour,
            "x": round(100 / 24 * (hour + 0.15), 2),
            "before": round(40 * one["before"][hour] / most, 1),
            "after": round(40 * one["after"][hour] / most, 1),
            "before_y": round(44 - 40 * one["before"][hour] / most, 1),
            "after_y": round(44 - 40 * one["after"][hour] / most, 1),
            "before_n": one["before"][hour],
            "after_n": one["after"][hour],
        }
        for hour in range(24)
    ]
    return {"queue": names.queues.get(one["queue"], _("a queue that is gone")), "hours": hours}


def _example(message: Message, right: bool | None) -> dict[str, Any]:
    """`votes`: each thumb with what pressing it says; the one that is pressed takes it back."""
    author = message.profile
    thumbs = ((True, "thumbs-up", _("Looks right")), (False, "thumbs-down", _("Looks wrong")))
    return {
        "pk": message.pk,
        "votes": [
            {"icon": icon, "label": label, "on": right is says, "says": "" if right is says else int(says)}
            for says, icon, label in thumbs
        ],
        "text": message.text,
        "author": author.label if author else "",
        "followers": author.followers if author else None,
        "url": reverse("conversation", args=[message.conversation.queue.slug, message.conversation_id])
        if message.conversation
        else "",
    }


def funnel_of(job: Backtest | None, wording: Wording) -> tuple[Sequence[int], int]:
    """Messages left after each condition, and of how many; nothing where another wording was tested."""
    if job is None or not job.result or job.when != conditions.dump(wording.when):
        return (), 0
    return job.result["funnel"], job.result["messages"]


def title_of(overview: Overview) -> dict[str, Any]:
    """The head of the list."""
    return {"count": len(overview.rules), "mode": overview.version.mode, "version": overview.version.number}
