"""Saved views: made, changed, shared, deleted and brought back by the people to whom they belong."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from accounts.models import Membership, Team, User
from accounts.selectors import supervises
from accounts.services import audit
from core.errors import Invalid, NotFound
from inbox import query
from inbox.models.view import SavedView
from inbox.policies import require
from inbox.selectors.conversations import Sort

AT_MOST = 50
NAME_LENGTH, QUERY_LENGTH = 60, 200
Audience = SavedView.Audience


def create(
    name: str, *, actor: User, text: str, sort: str = "", audience: str = Audience.PRIVATE, team: int | None = None
) -> SavedView:
    """Keep a search under a name.

    Args:
        text: as one types it; an operator that means nothing is refused.
        team: id of one of the actor's teams, for the audience `team`.

    Records: view.created. Raises: Forbidden, Invalid.
    """
    values = {"name": _name(name), "query": _query(text), "sort": _sort(sort)}
    with transaction.atomic(durable=True):
        # Who makes many at once waits for themselves: the limit holds.
        User.objects.select_for_update(no_key=True).get(pk=actor.pk)
        if SavedView.objects.filter(owner=actor, deleted_at=None).count() >= AT_MOST:
            raise Invalid(f"You have {AT_MOST} views; delete one first.", fields={"name": "There are enough."})
        view = SavedView.objects.create(owner=actor, **values, **_shared(audience, team, actor))
        _record("view.created", view, actor)
    return view


def change(
    pk: int,
    *,
    actor: User,
    name: str,
    text: str,
    sort: str = "",
    audience: str = Audience.PRIVATE,
    team: int | None = None,
) -> SavedView:
    """Rename it, change what it searches for, share it.

    Records: view.changed. Raises: Forbidden, NotFound, Invalid. Idempotent: what is so already is not written.
    """
    values = {"name": _name(name), "query": _query(text), "sort": _sort(sort)}
    with transaction.atomic(durable=True):
        view = _locked(pk, actor)
        values |= _shared(audience, team, actor, before=view)
        changed = [field for field, value in values.items() if getattr(view, field) != value]
        for field in changed:
            setattr(view, field, values[field])
        if changed:
            view.save(update_fields=changed)
            _record("view.changed", view, actor)
    return view


def delete(pk: int, *, actor: User) -> SavedView:
    """Take it out of everybody's lists; `restore` brings it back.

    Records: view.deleted. Raises: Forbidden, NotFound. Idempotent.
    """
    with transaction.atomic(durable=True):
        view = _locked(pk, actor)
        if view.deleted_at is None:
            SavedView.objects.filter(pk=pk).update(deleted_at=Now())
            _record("view.deleted", view, actor)
    return view


def restore(pk: int, *, actor: User) -> SavedView:
    """Undo `delete`. Records: view.restored. Raises: Forbidden, NotFound. Idempotent."""
    with transaction.atomic(durable=True):
        view = _locked(pk, actor)
        if view.deleted_at is not None:
            SavedView.objects.filter(pk=pk).update(deleted_at=None)
            _record("view.restored", view, actor)
    return view


def _locked(pk: int, actor: User) -> SavedView:
    """A view that the actor sees, provided that it is theirs; administrators change what is shared with all."""
    view = SavedView.objects.select_for_update(no_key=True, of=("self",)).filter(pk=pk).first()
    if view is None or not is_seen(view, actor):
        raise NotFound("There is no such view.")
    theirs = view.owner_id == actor.pk or (actor.is_administrator and view.audience == Audience.ALL)
    require(theirs, "Only the person whose view it is may change it.")
    return view


def is_seen(view: SavedView, actor: User) -> bool:
    """Whether somebody finds the view among theirs, deleted or not."""
    if view.owner_id == actor.pk or view.audience == Audience.ALL:
        return True
    return view.team_id is not None and _is_member(view.team_id, actor)


def _is_member(team_id: int, actor: User) -> bool:
    return Membership.objects.filter(team_id=team_id, user=actor).exists()


def _shared(audience: str, team: int | None, actor: User, before: SavedView | None = None) -> dict[str, Any]:
    """With whom it is shared. Raises: Forbidden, Invalid."""
    if audience not in Audience.values:
        raise _wrong("audience", "Choose who sees it: only you, your team or everybody.")
    if audience == Audience.ALL and (before is None or before.audience != Audience.ALL):
        require(supervises(actor), "Supervisors and administrators share views with everybody.")
    if audience != Audience.TEAM:
        return {"audience": audience, "team": None}
    found = Team.objects.filter(pk=team or 0).first()
    if found is None or not _is_member(found.pk, actor):
        raise _wrong("team", "Choose one of your teams.")
    return {"audience": audience, "team": found}


def _name(name: str) -> str:
    clean = " ".join(name.replace("\0", " ").split())
    if not 0 < len(clean) <= NAME_LENGTH:
        raise _wrong("name", f"A name has 1 to {NAME_LENGTH} characters.")
    return clean


def _query(text: str) -> str:
    found = query.parse(text)
    if found.problems:
        raise _wrong("query", found.problems[0])
    if len(found.written) > QUERY_LENGTH:
        raise _wrong("query", f"At most {QUERY_LENGTH} characters.")
    return found.written


def _sort(sort: str) -> str:
    if sort not in list(Sort):
        raise _wrong("sort", "Choose due, waiting, reach or newest.")
    return sort


def _wrong(field: str, sentence: str) -> Invalid:
    return Invalid(sentence, fields={field: sentence})


def _record(kind: str, view: SavedView, actor: User) -> None:
    audit.record(kind, actor=actor, data={"view": view.name, "audience": view.audience})
