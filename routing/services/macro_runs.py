"""Running a macro: what it would do, doing all of it or nothing, and taking it back.

The preview is the run itself, taken back: what it says is what happens.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction

from accounts.models import User
from core.contention import retried
from core.errors import Conflict, Forbidden, NotFound, SocialCareError
from inbox.models.queue import Queue
from inbox.selectors import saved_replies
from inbox.selectors.conversations import get_visible_conversation
from inbox.services import drafts, events, lifecycle, ownership, tags
from inbox.services.acts import Act, acting, owner_seen
from routing import macro_steps
from routing.macro_steps import Step
from routing.models.handoff import Handoff
from routing.models.macro import Macro, MacroRun
from routing.services import handoff

UNDO_FOR = timedelta(minutes=10)
Undo = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Tried:
    """One step as it would go.

    Args:
        problem: why it cannot be done, or "".
        changes: False = it is so already.
    """

    step: Step
    name: str
    problem: str
    changes: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """What a macro would do here; `revision`: of the conversation that was looked at."""

    macro: Macro
    steps: tuple[Tried, ...]
    revision: int

    @property
    def can_run(self) -> bool:
        return not any(one.problem for one in self.steps)


@retried
def preview(conversation_id: int, macro_id: int, *, actor: User) -> Preview:
    """What it would do, step by step, and what of it cannot be done. Records nothing: all of it is taken back.

    Raises: NotFound.
    """
    with acting(conversation_id, actor) as act:
        macro, revision = _usable(macro_id, act), act.conversation.revision
        tried = tuple(_tried(act, step) for step in macro_steps.parse(macro.steps))
        transaction.set_rollback(True)
    return Preview(macro, tried, revision)


@retried
def run(conversation_id: int, macro_id: int, *, actor: User, client_token: str, seen: int | None = None) -> MacroRun:
    """Do all of it, or nothing.

    Args:
        seen: revision of the conversation that the preview showed; None = whatever it is now.

    Records: macro.run, and what its acts record. Raises: NotFound, Forbidden, Invalid, Conflict: as the first act
    that cannot be done says it, or `stale`. Idempotent: by (conversation, person, client_token).
    """
    with acting(conversation_id, actor) as act:
        earlier = MacroRun.objects.filter(conversation=conversation_id, actor=actor, client_token=client_token).first()
        if earlier is not None:
            return _same(earlier, macro_id)
        macro = _usable(macro_id, act)
        owner_seen(act.conversation, seen)
        undo = [back for step in macro_steps.parse(macro.steps) if (back := DO[step.do](act, step))]
        made = MacroRun.objects.create(
            macro=macro,
            conversation=act.conversation,
            actor=actor,
            client_token=client_token,
            undo=undo,
            revision=act.conversation.revision,
        )
        data = {"macro": macro.name, "macro_id": macro.pk, "run_id": made.pk}
        events.record("macro.run", act.conversation, actor=actor, data=data)
    return made


@retried
def undo(run_id: int, *, actor: User) -> MacroRun:
    """Take back what it did, for ten minutes and while nothing else has changed.

    Records: macro.undone, and what taking back records. Raises: NotFound, Forbidden, Conflict (`too_late`, `stale`).
    Idempotent.
    """
    found = MacroRun.objects.filter(pk=run_id, actor=actor).select_related("macro").first()
    if found is None:
        raise NotFound("There is no such run.")
    with acting(found.conversation_id, actor) as act:
        found.refresh_from_db()
        if found.undone_at is not None:
            return found
        if act.now > found.ran_at + UNDO_FOR:
            raise Conflict("It is too late: a macro can be undone for ten minutes.", code="too_late")
        owner_seen(act.conversation, found.revision)
        for back in reversed(found.undo):
            UNDO[back["do"]](act, back)
        found.undone_at = act.now
        found.save(update_fields=["undone_at"])
        data = {"macro": found.macro.name, "macro_id": found.macro_id, "run_id": found.pk}
        events.record("macro.undone", act.conversation, actor=actor, data=data)
    return found


def _usable(macro_id: int, act: Act) -> Macro:
    macro = Macro.objects.visible_to(act.access).in_use().filter(pk=macro_id).first()
    if macro is None or macro.brand_id not in (None, act.conversation.brand_id):
        raise NotFound("There is no such macro.")
    return macro


def _same(earlier: MacroRun, macro_id: int) -> MacroRun:
    if earlier.macro_id != macro_id:
        raise Conflict("This key was used for another macro.", code="idempotency_mismatch")
    return earlier


def _tried(act: Act, step: Step) -> Tried:
    name = _name(act, step)
    try:
        with transaction.atomic():
            changes = DO[step.do](act, step) is not None
    except SocialCareError as error:
        act.conversation.refresh_from_db()
        return Tried(step, name, error.message, changes=False)
    return Tried(step, name, "", changes)


def _name(act: Act, step: Step) -> str:
    """What people call what a step names."""
    if step.do == macro_steps.HAND_OFF:
        return Queue.objects.filter(pk=step.number).values_list("name", flat=True).first() or ""
    if step.do != macro_steps.INSERT:
        return ""
    try:
        return _filled(act, step).name
    except NotFound:
        return ""


# --- each act, and what takes it back (None = it was so already)


def _claim(act: Act, _step: Step) -> Undo | None:
    before = act.conversation.owner_id
    ownership.take(act)
    return {"do": macro_steps.CLAIM} if before != act.actor.pk else None


def _release(act: Act, _back: Undo) -> None:
    ownership.give_back(act, "")


def _prioritise(act: Act, step: Step) -> Undo | None:
    old = act.conversation.priority
    lifecycle.prioritise(act, step.number)
    return {"do": macro_steps.PRIORITY, "old": old} if old != step.value else None


def _as_it_was(act: Act, back: Undo) -> None:
    lifecycle.prioritise(act, back["old"])


def _tag(act: Act, step: Step) -> Undo | None:
    added = tags.put_on(act, add=step.tags)
    return {"do": macro_steps.TAG, "added": added} if added else None


def _untag(act: Act, back: Undo) -> None:
    tags.put_on(act, remove=back["added"])


def _insert(act: Act, step: Step) -> Undo:
    if not act.access.can_act(act.conversation):
        raise Forbidden(ownership.NOT_YOURS)
    said = _filled(act, step)
    mode = "private" if act.conversation.is_private else "public"
    drafts.append(act.conversation, actor=act.actor, mode=mode, text=said.text, saved=said.pk)
    return {"do": macro_steps.INSERT, "mode": mode, "length": len(said.text), "hash": _hash(said.text)}


def _take_out(act: Act, back: Undo) -> None:
    """Only while it still stands at the end as it was put there; what somebody wrote on is theirs."""
    written = drafts.text_of(act.conversation, actor=act.actor, mode=back["mode"])
    if _hash(written[-back["length"] :]) == back["hash"]:
        drafts.shorten(act.conversation, actor=act.actor, mode=back["mode"], by=back["length"])


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _filled(act: Act, step: Step) -> saved_replies.Offered:
    whole = get_visible_conversation(act.actor, act.conversation.pk, access=act.access)
    return saved_replies.filled(whole, act.actor, act.access, step.number)


def _hand_off(act: Act, step: Step) -> Undo:
    to = Queue.objects.filter(pk=step.number).first()
    if to is None:
        raise NotFound("There is no such queue.")
    made = handoff.ask_locked(act, to, handoff.cleaned(reason=step.reason, summary="", ask=""))
    return {"do": macro_steps.HAND_OFF, "handoff": made.pk}


def _withdraw(act: Act, back: Undo) -> None:
    handoff.withdraw_locked(Handoff.objects.select_for_update(no_key=True).get(pk=back["handoff"]), act)
    events.touch(act.conversation)


def _snooze(act: Act, step: Step) -> Undo:
    lifecycle.put_off(act, act.now + timedelta(minutes=step.number))
    return {"do": macro_steps.SNOOZE}


def _wake(act: Act, _back: Undo) -> None:
    lifecycle.wake_up(act)


def _resolve(act: Act, step: Step) -> Undo | None:
    before = act.conversation.revision
    lifecycle.close(act, str(step.value), step.reason)
    return {"do": macro_steps.RESOLVE} if act.conversation.revision != before else None


def _reopen(act: Act, _back: Undo) -> None:
    lifecycle.open_again(act)


DO: dict[str, Callable[[Act, Step], Undo | None]] = {
    macro_steps.CLAIM: _claim,
    macro_steps.PRIORITY: _prioritise,
    macro_steps.TAG: _tag,
    macro_steps.INSERT: _insert,
    macro_steps.HAND_OFF: _hand_off,
    macro_steps.SNOOZE: _snooze,
    macro_steps.RESOLVE: _resolve,
}
UNDO: dict[str, Callable[[Act, Undo], None]] = {
    macro_steps.CLAIM: _release,
    macro_steps.PRIORITY: _as_it_was,
    macro_steps.TAG: _untag,
    macro_steps.INSERT: _take_out,
    macro_steps.HAND_OFF: _withdraw,
    macro_steps.SNOOZE: _wake,
    macro_steps.RESOLVE: _reopen,
}
