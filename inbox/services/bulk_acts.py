"""What can be done to many conversations at once, and how each is undone: the same acts as on one.

Higher layers register theirs (handing off, moving) when the application is ready.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import User
from core.clock import database_now
from core.errors import Conflict, Invalid
from core.wording import stored
from inbox.models.conversation import Case, Conversation
from inbox.services import events, lifecycle, ownership, status, tags
from inbox.services.acts import Act

Values = dict[str, Any]
Before = dict[str, Any]
Status = Conversation.Status


@dataclass(frozen=True, slots=True)
class Doing:
    """One act.

    Args:
        clean: checks what the act needs and says it in words; (values as JSON, title).
        do: inside the transaction of `acts.acting`.
        undo: the same, with the conversation as it was before.
    """

    clean: Callable[[Values], tuple[Values, str]]
    do: Callable[[Act, Values], None]
    undo: Callable[[Act, Before, Values], None]


_known: dict[str, Doing] = {}


def register(name: str, doing: Doing) -> None:
    """Register under the name of the act; the last one registered counts."""
    _known[name] = doing


def names() -> list[str]:
    """The acts that there are."""
    return list(_known)


def of(name: str) -> Doing:
    """Raises: Invalid."""
    if name not in _known:
        message = f"“{name}” is nothing that can be done to many: {', '.join(_known)}."
        raise Invalid(message, fields={"act": message})
    return _known[name]


def before(act: Act) -> Before:
    """What an undo may have to put back; JSON."""
    row = act.conversation
    return {
        "owner": row.owner_id,
        "status": row.status,
        "until": ownership.iso(row.snoozed_until),
        "priority": row.priority,
        "queue": row.queue_id,
        "tags": tags.names_of(row),
    }


def required(values: Values, name: str, sentence: str) -> Any:
    """Raises: Invalid where it was left out."""
    if values.get(name) in (None, "", []):
        raise Invalid(sentence, fields={name: sentence})
    return values[name]


def _nothing(title: str) -> Callable[[Values], tuple[Values, str]]:
    return lambda _values: ({}, title)


def owner_again(act: Act, was: Before) -> None:
    """Give it to who had it, or back to the queue. Records: conversation.assigned or conversation.released."""
    if was["owner"] == act.conversation.owner_id:
        return
    if was["owner"] is None:
        ownership.give_back(act, "Undone")
    else:
        ownership.give(act, _person(was["owner"]))


def _person(pk: int) -> User:
    found = User.objects.filter(pk=pk, is_active=True).first()
    if found is None:
        raise Invalid("There is no such agent.", fields={"agent": "There is no such agent."})
    return found


def _clean_assign(values: Values) -> tuple[Values, str]:
    to = _person(required(values, "agent", "Choose who gets them."))
    return {"agent": to.pk}, f"Assign to {to.name}"


def _assign(act: Act, values: Values) -> None:
    to = _person(values["agent"])
    ownership.require_manager(act)
    if act.conversation.owner_id != to.pk:
        ownership.give(act, to)


def _release(act: Act, _values: Values) -> None:
    ownership.require_own(act)
    ownership.give_back(act, "")


def _owner_again(act: Act, was: Before, _values: Values) -> None:
    owner_again(act, was)


def _clean_tags(values: Values) -> tuple[Values, str]:
    clean = {side: sorted({tags.normalised(name) for name in values.get(side) or ()}) for side in ("add", "remove")}
    if not any(clean.values()):
        raise Invalid("Name a tag.", fields={"add": "Name a tag."})
    said = [f"{verb} {', '.join(clean[side])}" for side, verb in (("add", "Tag"), ("remove", "Untag")) if clean[side]]
    return clean, "; ".join(said)


def _tag(act: Act, values: Values) -> None:
    tags.put_on(act, add=values["add"], remove=values["remove"])


def _tags_again(act: Act, was: Before, _values: Values) -> None:
    there = set(tags.names_of(act.conversation))
    tags.put_on(act, add=set(was["tags"]) - there, remove=there - set(was["tags"]))


def _clean_priority(values: Values) -> tuple[Values, str]:
    priority = required(values, "priority", "Choose a priority.")
    if priority not in Conversation.Priority.values:
        raise Invalid("There is no such priority.", fields={"priority": "There is no such priority."})
    return {"priority": priority}, f"Priority {Conversation.Priority(priority).name.lower()}"


def _clean_snooze(values: Values) -> tuple[Values, str]:
    until: datetime = required(values, "until", "Choose until when.")
    lifecycle.require_soon(until, database_now())
    return {"until": until.isoformat()}, "Snooze"


def _status_again(act: Act, was: Before, _values: Values) -> None:
    """Open again, and then as it rested before. Records: conversation.reopened or conversation.woken."""
    lifecycle.open_again(act)
    lifecycle.wake_up(act)
    if was["status"] == Status.SNOOZED:
        lifecycle.put_off(act, datetime.fromisoformat(was["until"]))
    elif was["status"] == Status.PENDING:
        events.touch(act.conversation, *status.rested(act.conversation, Status.PENDING))
    owner_again(act, was)


def _clean_resolve(values: Values) -> tuple[Values, str]:
    disposition = required(values, "disposition", "Choose how it ended.")
    if disposition not in Case.Disposition.values:
        raise Invalid("Choose how it ended.", fields={"disposition": "Choose how it ended."})
    reason = ownership.cleaned_reason(values.get("reason") or "", limit=lifecycle.REASON_LIMIT)
    if disposition == Case.Disposition.WONT_RESPOND and not reason:
        raise Invalid("Say why nobody will respond.", code="reason_needed", fields={"reason": "Say why."})
    label = stored(Case.Disposition(disposition).label)
    return {"disposition": disposition, "reason": reason}, f"Resolve: {label}"


def _resolve(act: Act, values: Values) -> None:
    if act.conversation.status == Status.RESOLVED:
        raise Conflict("It is resolved already.", code="resolved")
    lifecycle.close(act, values["disposition"], values["reason"])


register("claim", Doing(_nothing("Claim"), lambda act, _values: ownership.take(act), _owner_again))
register("assign", Doing(_clean_assign, _assign, _owner_again))
register("release", Doing(_nothing("Release"), _release, _owner_again))
register(
    "tag",
    Doing(_clean_tags, _tag, _tags_again),
)
register(
    "priority",
    Doing(
        _clean_priority,
        lambda act, values: lifecycle.prioritise(act, values["priority"]),
        lambda act, was, _values: lifecycle.prioritise(act, was["priority"]),
    ),
)
register(
    "snooze",
    Doing(
        _clean_snooze,
        lambda act, values: lifecycle.put_off(act, datetime.fromisoformat(values["until"])),
        _status_again,
    ),
)
register("resolve", Doing(_clean_resolve, _resolve, _status_again))
