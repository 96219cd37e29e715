"""Saved replies and macros are shared alike: with whom, who may write them, who wins when two change the same one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from accounts.models import Team, User
from accounts.services import audit
from core.errors import Conflict, Invalid, NotFound
from inbox.models.shared import Kept, Shared
from inbox.policies import Access, access_of, require
from inbox.querysets import KeptQuerySet

NAME_LENGTH = 80
NOT_YOURS = "Only supervisors write what everybody uses, and only its people what a team uses."

K = TypeVar("K", bound=Kept)


@dataclass(frozen=True, slots=True)
class Sharing:
    """With whom, and under which brand. `team_id` where it is shared with a team; `brand_id` None = all brands."""

    shared: str = Shared.With.ME
    team_id: int | None = None
    brand_id: int | None = None


@contextmanager
def writing(what: str) -> Iterator[None]:
    """One transaction; a name that is taken meanwhile is refused like one that was taken before. Raises: Invalid."""
    try:
        with transaction.atomic(durable=True):
            yield
    except IntegrityError as error:
        if "_name_once" not in str(error):
            raise
        message = f"There is a {what} of that name."
        raise Invalid(message, fields={"name": message}) from error


def fields_of(sharing: Sharing, actor: User, access: Access) -> dict[str, Any]:
    """The columns that say so. Raises: Invalid with the field; Forbidden."""
    require(bool(access.brand_ids), "You see no brand yet, so there is nothing to write for.")
    if sharing.shared not in Shared.With.values:
        raise Invalid("Choose with whom it is shared.", fields={"shared": "Choose everybody, team or me."})
    if sharing.brand_id is not None and sharing.brand_id not in access.brand_ids:
        raise Invalid("There is no such brand.", fields={"brand": "There is no such brand."})
    team_id = sharing.team_id if sharing.shared == Shared.With.TEAM else None
    owner_id = actor.pk if sharing.shared == Shared.With.ME else None
    if sharing.shared == Shared.With.TEAM:
        _require_team(team_id, access)
    require(access.keeps(sharing.shared, team_id=team_id, owner_id=owner_id), NOT_YOURS)
    return {"shared": sharing.shared, "team_id": team_id, "owner_id": owner_id, "brand_id": sharing.brand_id}


def _require_team(team_id: int | None, access: Access) -> None:
    there = team_id is not None and Team.objects.filter(pk=team_id).exists()
    known = there and (access.is_administrator or team_id in access.team_ids)
    if not known:
        message = "There is no such team." if team_id else "Choose the team."
        raise Invalid(message, fields={"team": message})


def locked(
    rows: KeptQuerySet[K], pk: int, actor: User, what: str, *, seen: int | None = None, refusal: str = NOT_YOURS
) -> tuple[K, Access]:
    """The row under its lock, for somebody who may write it, as they saw it.

    Args:
        seen: revision that the actor saw; None = whatever it is now.
        refusal: the sentence for whoever sees it and may not write it.

    Raises: NotFound for what is absent or not theirs to see; Forbidden; Conflict (`stale`) that says who was first.
    """
    access = access_of(actor)
    row = rows.visible_to(access).select_for_update(no_key=True, of=("self",)).filter(pk=pk).first()
    if row is None:
        raise NotFound(f"There is no such {what}.")
    require(row.is_kept_by(access), refusal)
    if seen not in (None, row.revision):
        current = {"revision": row.revision, "by": row.changed_by.name, "at": row.changed_at.isoformat()}
        raise Conflict(f"{row.changed_by.name} has changed it since.", code="stale", current=current)
    return row, access


def rewrite(row: Kept, actor: User, columns: dict[str, Any]) -> None:
    """Put these values in the place of the old ones."""
    for name, value in columns.items():
        setattr(row, name, value)
    save(row, actor, *columns)


def save(row: Kept, actor: User, *names: str) -> None:
    """Write these columns, who did it and when, and raise the revision."""
    row.revision += 1
    row.changed_by, row.changed_at = actor, Now()
    row.save(update_fields=[*names, "revision", "changed_by", "changed_at"])
    row.refresh_from_db(fields=["changed_at", "archived_at"])


def file_away(row: Kept, actor: User, *, archived: bool) -> bool:
    """Into the archive, or out of it; whether that changed anything."""
    if (row.archived_at is not None) == archived:
        return False
    row.archived_at = Now() if archived else None
    save(row, actor, "archived_at")
    return True


def tell(kind: str, row: Shared, actor: User, *, old: str = "") -> None:
    """Put it on the audit list; of what is one's own without its name."""
    name = "of their own" if row.shared == Shared.With.ME else row.name
    data = {"name": name, "with": row.shared, **({"old": old} if old and name == row.name else {})}
    audit.record(kind, actor=actor, data=data)


def named(name: str) -> str:
    """A name on one line. Raises: Invalid."""
    name = " ".join(name.replace("\0", "").split())
    if not 0 < len(name) <= NAME_LENGTH:
        message = f"A name has 1 to {NAME_LENGTH} characters."
        raise Invalid(message, fields={"name": message})
    return name
