"""Queues with people for the tests of assignment."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import Presence, User
from inbox.models.conversation import Conversation, ConversationLink
from inbox.models.queue import Queue
from routing.models.staffing import QueueStaffing
from tests.factories import people, talk
from tests.personas import World


def here(person: User, *, capacity: int = 12, status: str = "available") -> User:
    """Somebody who takes work."""
    Presence.objects.update_or_create(user=person, defaults={"status": status, "capacity": capacity})
    return person


def pushing(queue: Queue, mode: str = "least_loaded", **fields: object) -> QueueStaffing:
    return QueueStaffing.objects.update_or_create(queue=queue, defaults={"mode": mode, **fields})[0]


def colleague(world: World, name: str, **fields: object) -> User:
    """One more in Care who sees Northwind, and is there."""
    person = people.person(name, teams=[world.teams.care], brands=[world.brands.northwind])
    return here(person, **fields)  # type: ignore[arg-type]


def waits(world: World, minutes: float = 0, *, due_in: float | None = None, **fields: object) -> Conversation:
    """A conversation in Care that has waited for so many minutes."""
    now = timezone.now()
    values: dict[str, object] = {"waiting_since": now - timedelta(minutes=minutes), **fields}
    if due_in is not None:
        values["due_at"] = now + timedelta(minutes=due_in)
    return talk.conversation(world.channels.northwind_x, world.queues.care, **values)


def moved(world: World, public: Conversation, minutes: float = 0, **fields: object) -> Conversation:
    """The private exchange that it moved to; waits too."""
    return joined(world, public, waits(world, minutes, profile=public.profile, **fields))


def joined(world: World, public: Conversation, row: Conversation) -> Conversation:
    """Make one conversation the private exchange that another moved to."""
    Conversation.objects.filter(pk=row.pk).update(thread=None, thread_key=f"dm:{row.pk}")
    row.refresh_from_db()
    ConversationLink.objects.create(public=public, private=row, created_by=world.ana)
    return row


def owners(*conversations: Conversation) -> list[str | None]:
    found = dict(Conversation.objects.filter(pk__in=[c.pk for c in conversations]).values_list("pk", "owner__name"))
    return [found[one.pk] for one in conversations]
