"""Macros are written, changed and archived as saved replies are."""

from __future__ import annotations

from typing import Any

from accounts.models import User
from core.contention import retried
from core.errors import Invalid
from inbox.models.conversation import Case
from inbox.models.queue import Queue
from inbox.models.reply import SavedReply
from inbox.policies import Access, access_of
from inbox.services import sharing, tags
from inbox.services.sharing import Sharing
from routing import macro_steps
from routing.macro_steps import Step
from routing.models.macro import Macro
from routing.services.handoff import LIMITS

WHAT = "macro"


@retried
def create(name: str, steps: Any, shared: Sharing, *, actor: User) -> Macro:
    """Write a macro. Records: macro.created. Raises: Invalid with the field, Forbidden."""
    name, parsed = sharing.named(name), macro_steps.parse(steps)
    with sharing.writing(WHAT):
        access = access_of(actor)
        _check(parsed, access)
        columns = {"name": name, "steps": macro_steps.dump(parsed), **sharing.fields_of(shared, actor, access)}
        row = Macro.objects.create(**columns, changed_by=actor)
        sharing.tell("macro.created", row, actor)
    return row


@retried
def change(pk: int, name: str, steps: Any, shared: Sharing, *, actor: User, seen: int | None = None) -> Macro:
    """Let it do something else; where it ran stays as it is.

    Args:
        seen: revision that the actor saw; None = whatever it is now.

    Records: macro.changed. Raises: NotFound, Forbidden, Invalid with the field, Conflict (`stale`).
    """
    name, parsed = sharing.named(name), macro_steps.parse(steps)
    with sharing.writing(WHAT):
        row, access = sharing.locked(Macro.objects.all(), pk, actor, WHAT, seen=seen)
        _check(parsed, access)
        old = row.name
        columns = {"name": name, "steps": macro_steps.dump(parsed), **sharing.fields_of(shared, actor, access)}
        sharing.rewrite(row, actor, columns)
        sharing.tell("macro.changed", row, actor, old=old)
    return row


@retried
def archive(pk: int, *, actor: User) -> Macro:
    """Offer it to nobody any more. Records: macro.archived. Raises: NotFound, Forbidden. Idempotent."""
    return _file_away(pk, actor, "macro.archived", archived=True)


@retried
def restore(pk: int, *, actor: User) -> Macro:
    """Take it out of the archive. Records: macro.restored. Raises: NotFound, Forbidden, Invalid. Idempotent."""
    return _file_away(pk, actor, "macro.restored", archived=False)


def _file_away(pk: int, actor: User, kind: str, *, archived: bool) -> Macro:
    with sharing.writing(WHAT):
        row, _ = sharing.locked(Macro.objects.all(), pk, actor, WHAT)
        if sharing.file_away(row, actor, archived=archived):
            sharing.tell(kind, row, actor)
    return row


def _check(steps: tuple[Step, ...], access: Access) -> None:
    """Whether what the steps name is there. Raises: Invalid with the step."""
    for place, step in enumerate(steps):
        if problem := _problem(step, access):
            raise Invalid(problem, fields={f"steps.{place}": problem})


def _problem(step: Step, access: Access) -> str:
    match step.do:
        case macro_steps.INSERT:
            there = SavedReply.objects.visible_to(access).in_use().filter(pk=step.number).exists()
            return "" if there else "There is no such saved reply."
        case macro_steps.HAND_OFF:
            if not step.reason or len(step.reason) > LIMITS["reason"]:
                return "Say why it is handed off." if not step.reason else f"At most {LIMITS['reason']} characters."
            return "" if Queue.objects.filter(pk=step.number).exists() else "There is no such queue."
        case macro_steps.RESOLVE:
            if step.value not in Case.Disposition.values:
                return "Choose how it ended."
            needs = step.value == Case.Disposition.WONT_RESPOND and not step.reason
            return "Say why nobody will respond." if needs else ""
        case macro_steps.TAG:
            for tag in step.tags:
                tags.normalised(tag)
    return ""
