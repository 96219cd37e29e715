"""Nobody absent keeps a conversation that needs us again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from inbox.models.conversation import Conversation
from inbox.services import lifecycle, ownership
from tests.domain.assignment.staff import here, owners, waits
from tests.domain.lifecycle.looking import kinds_of
from tests.personas import World

pytestmark = pytest.mark.django_db(transaction=True)


def owned(world: World, by: User) -> Conversation:
    row = waits(world)
    ownership.claim(row.pk, actor=by)
    return row


@pytest.mark.parametrize(("status", "kept"), [("available", True), ("busy", True), ("away", False), ("offline", False)])
def test_what_is_reopened_goes_back_to_its_queue_when_its_owner_is_away(world: World, status: str, kept: bool) -> None:
    row = owned(world, world.ana)
    lifecycle.resolve(row.pk, actor=world.ana, disposition="expired")
    here(world.ana, status=status)
    lifecycle.reopen(row.pk, actor=world.omar)
    assert owners(row) == ["Ana Sandoval" if kept else None]
    assert (kinds_of(row)[-1] == "conversation.released") is not kept


def test_who_opens_it_again_is_there_and_keeps_it(world: World) -> None:
    row = owned(world, world.ana)
    lifecycle.resolve(row.pk, actor=world.ana, disposition="expired")
    here(world.ana, status="away")
    lifecycle.reopen(row.pk, actor=world.ana)
    assert owners(row) == ["Ana Sandoval"]


def test_a_snooze_that_ends_finds_nobody_who_is_away(world: World) -> None:
    kept, left = owned(world, world.omar), owned(world, world.ana)
    here(world.ana, status="offline")
    for row, by in ((kept, world.omar), (left, world.ana)):
        lifecycle.snooze(row.pk, actor=by, until=timezone.now() + timedelta(hours=1))
    Conversation.objects.update(snoozed_until=timezone.now() - timedelta(seconds=1))
    assert lifecycle.wake_due() == 2
    assert owners(kept, left) == ["Omar Haddad", None]
