"""Lists of people outside that rules may ask for: VIP, advocates, blocked, and what else is set up."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from accounts.models import User
from accounts.policies import require_administrator
from accounts.services import audit
from core.errors import Conflict, Invalid, NotFound
from inbox.models.conversation import Conversation
from inbox.models.people import Profile
from inbox.policies import access_of
from routing.models.author_list import AuthorList, ListedAuthor

NAME_LENGTH = 60
FIRST = ("VIP", "Advocates", "Blocked")


def create(name: str, *, actor: User) -> AuthorList:
    """A list without anybody on it. Records: author_list.changed. Raises: Forbidden, Invalid, Conflict."""
    name = " ".join(name.replace("\0", "").split())
    if not 0 < len(name) <= NAME_LENGTH:
        message = f"Use 1 to {NAME_LENGTH} characters."
        raise Invalid("Name the list.", fields={"name": message})
    try:
        with transaction.atomic(durable=True):
            require_administrator(actor)
            made = AuthorList.objects.create(name=name)
            audit.record("author_list.changed", actor=actor, data={"list": name, "what": "made"})
    except IntegrityError:
        raise Conflict("There is a list of that name.", code="name_taken") from None
    return made


def put(list_id: int, *, network: str, handle: str, actor: User) -> ListedAuthor:
    """Put somebody on a list whom we know by this handle, among whom the actor may read.

    Records: author_list.changed. Raises: Forbidden, NotFound, Invalid. Idempotent.
    """
    handle = handle.strip().lstrip("@")
    with transaction.atomic(durable=True):
        require_administrator(actor)
        row = _list(list_id)
        readable = Conversation.objects.visible_to(access_of(actor))
        known = Profile.objects.filter(network=network, handle__iexact=handle, conversations__in=readable)
        profile = known.order_by("-updated_at", "-pk").first() if handle else None
        if profile is None:
            message = f"Nobody called @{handle} has written to us there."
            raise Invalid(message, fields={"handle": message})
        listed, fresh = ListedAuthor.objects.get_or_create(
            author_list=row, profile=profile, defaults={"added_by": actor}
        )
        if fresh:
            audit.record("author_list.changed", actor=actor, data={"list": row.name, "what": "somebody added"})
    return listed


def take_off(list_id: int, profile_id: int, *, actor: User) -> None:
    """Take somebody off a list. Records: author_list.changed. Raises: Forbidden, NotFound. Idempotent."""
    with transaction.atomic(durable=True):
        require_administrator(actor)
        row = _list(list_id)
        gone, _ = ListedAuthor.objects.filter(author_list=row, profile=profile_id).delete()
        if gone:
            audit.record("author_list.changed", actor=actor, data={"list": row.name, "what": "somebody taken off"})


def _list(list_id: int) -> AuthorList:
    row = AuthorList.objects.select_for_update(no_key=True).filter(pk=list_id).first()
    if row is None:
        raise NotFound("There is no such list.")
    return row
