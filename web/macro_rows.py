"""Macros as templates/replies wants them: what each does, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core.wording import said
from inbox.models.conversation import Case, Conversation
from inbox.policies import Access
from routing import macro_steps
from routing.macro_steps import Step
from routing.models.macro import Macro
from routing.selectors import macros as selector
from routing.services.macro_runs import Preview, Tried
from web.reply_rows import shared_with

ICONS = {
    macro_steps.CLAIM: "hand",
    macro_steps.PRIORITY: "flag",
    macro_steps.TAG: "tag",
    macro_steps.INSERT: "text-quote",
    macro_steps.HAND_OFF: "corner-up-right",
    macro_steps.SNOOZE: "alarm-clock",
    macro_steps.RESOLVE: "check",
}


def lines(rows: Sequence[Macro], access: Access) -> list[dict[str, Any]]:
    """The lines of the list; two queries for what all of them name."""
    names = selector.names_in(list(rows), access)
    return [_line(row, names) for row in rows]


def _line(row: Macro, names: Mapping[tuple[str, int], str]) -> dict[str, Any]:
    steps = macro_steps.parse(row.steps)
    return {
        "pk": row.pk,
        "name": row.name,
        "url": reverse("macro", args=[row.pk]),
        "restore_url": reverse("macro-restoration", args=[row.pk]) if row.archived_at else "",
        "with": shared_with(row),
        "only": [row.brand.name] if row.brand else [],
        "steps": [sentence(step, names.get((step.do, step.number), "")) for step in steps],
    }


def preview(found: Preview) -> dict[str, Any]:
    """“This will …”: each step with what stands in its way."""
    return {
        "pk": found.macro.pk,
        "name": found.macro.name,
        "can_run": found.can_run,
        "revision": found.revision,
        "steps": [_tried(one) for one in found.steps],
    }


def _tried(one: Tried) -> dict[str, Any]:
    words = sentence(one.step, one.name)
    return {"icon": ICONS[one.step.do], "words": words, "problem": said(one.problem), "changes": one.changes}


def sentence(step: Step, name: str) -> str:
    """What a step does; `name`: of the saved reply or the queue, "" where it is gone."""
    named = name or _("what is gone")
    match step.do:
        case macro_steps.CLAIM:
            return _("Claim it for you")
        case macro_steps.PRIORITY:
            return _("Set the priority to %s") % str(Conversation.Priority(step.number).label).lower()
        case macro_steps.TAG:
            return _("Tag it %s") % ", ".join(step.tags)
        case macro_steps.INSERT:
            return _("Put “%s” into your answer") % named
        case macro_steps.HAND_OFF:
            return _("Ask %(queue)s to take it: %(reason)s") % {"queue": named, "reason": step.reason}
        case macro_steps.SNOOZE:
            return _("Snooze it for %s") % _span(step.number)
    return _("Resolve it as %s") % str(Case.Disposition(str(step.value)).label).lower()


def _span(minutes: int) -> str:
    if minutes % 1440 == 0:
        return _("a day") if minutes == 1440 else _("%s days") % (minutes // 1440)
    if minutes % 60 == 0:
        return _("an hour") if minutes == 60 else _("%s hours") % (minutes // 60)
    return _("%s minutes") % minutes
