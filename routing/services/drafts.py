"""Rules that are being written. A draft does nothing until it is turned on; the back-test looks at it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.models import Max
from django.db.models.functions import Now

from accounts.models import User
from accounts.policies import require_administrator
from core.contention import retried
from core.errors import Conflict, Invalid, NotFound
from routing.models.rule import Rule, RuleDraft
from routing.rules import actions, conditions
from routing.rules.wording import Wording
from routing.services import rules

NAME_LENGTH = 80
# First number of our two-number advisory locks; drafts get their numbers one after the other.
LOCK = 7_203


@retried
def start(*, actor: User, name: str = "New rule", like: int | None = None) -> RuleDraft:
    """A new rule to write, with a number of its own; `like` = begin with a copy of that rule.

    Raises: Forbidden, Invalid, NotFound.
    """
    with _writing(actor):
        copied = _in_force(like) if like is not None else None
        return RuleDraft.objects.create(
            number=_next_number(),
            name=_name(name),
            when=conditions.dump(copied.when) if copied else {"all": []},
            do=actions.dump(copied.do) if copied else [],
            saved_by=actor,
        )


@retried
def save(
    number: int, *, actor: User, name: str | None = None, when: Any = None, do: Any = None, seen: int | None = None
) -> RuleDraft:
    """Write on: what is given replaces what was there. The first word on a rule in force makes its draft.

    Args:
        when: conditions as `routing.rules.conditions` reads them; `do`: actions likewise. None = as they are.
        seen: revision of the draft that the actor saw; None = whatever it is now.

    Raises: Forbidden, NotFound, Invalid, Conflict (`stale`).
    """
    new_when = conditions.dump(conditions.parse(when)) if when is not None else None
    new_do = actions.dump(actions.parse(do)) if do is not None else None
    with _writing(actor):
        draft = RuleDraft.objects.select_for_update(no_key=True).filter(number=number).first() or _of_rule(
            number, actor
        )
        if seen not in (None, draft.revision):
            current = {"revision": draft.revision, "by": draft.saved_by.name}
            raise Conflict(f"{draft.saved_by.name} has changed this draft.", code="stale", current=current)
        draft.name = _name(name) if name is not None else draft.name
        draft.when = draft.when if new_when is None else new_when
        draft.do = draft.do if new_do is None else new_do
        draft.saved_by, draft.saved_at = actor, Now()
        draft.revision += 1
        draft.save(update_fields=["name", "when", "do", "revision", "saved_by", "saved_at"])
        draft.refresh_from_db(fields=["saved_at"])
        return draft


@retried
def discard(number: int, *, actor: User) -> None:
    """Throw the draft away; the rule in force stays as it is. Raises: Forbidden. Idempotent."""
    with _writing(actor):
        RuleDraft.objects.filter(number=number).delete()


@contextmanager
def _writing(actor: User) -> Iterator[None]:
    with transaction.atomic(durable=True):
        require_administrator(actor)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [LOCK])
        yield


def _of_rule(number: int, actor: User) -> RuleDraft:
    """A draft with the wording in force."""
    rule = _in_force(number)
    if rule.rest:
        when: dict[str, Any] = {"all": []}
    else:
        when = conditions.dump(rule.when)
    return RuleDraft.objects.create(
        number=number, name=rule.name, when=when, do=actions.dump(rule.do), revision=0, saved_by=actor
    )


def _in_force(number: int | None) -> Wording:
    for one in rules.wordings(rules.newest_id()):
        if one.number == number:
            return one
    raise NotFound("There is no such rule.")


def _next_number() -> int:
    used = [Rule.objects.aggregate(n=Max("number"))["n"], RuleDraft.objects.aggregate(n=Max("number"))["n"]]
    rules.newest_id()  # the numbers of the rules as shipped are taken, too
    return max([n for n in used if n] + [2]) + 1


def _name(name: str) -> str:
    name = " ".join(name.replace("\0", "").split())
    if not 0 < len(name) <= NAME_LENGTH:
        message = f"A rule’s name has 1 to {NAME_LENGTH} characters."
        raise Invalid(message, fields={"name": message})
    return name
