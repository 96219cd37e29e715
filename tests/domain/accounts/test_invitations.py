"""Inviting and joining: once, in time, by those who may."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import AccountEvent, Invitation, Role, User
from accounts.services import invitations, people
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.secrets import digest
from tests import personas

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "a-good-long-password"


@pytest.fixture
def world():
    return personas.world()


def invited(world, **fields):
    _, link = invitations.invite("new@socialcare.example", actor=world.ada, **fields)
    return link.partition("?token=")[2]


def test_joining_brings_teams_and_brands(world):
    secret = invited(
        world, role=Role.SUPERVISOR, team_ids=[world.teams.pr.pk], brand_ids=[world.brands.lumo.pk], name="Nia"
    )
    person = invitations.accept(secret, name="Nia Okoye", password=PASSWORD)
    assert person.check_password(PASSWORD)
    assert person.role == Role.AGENT
    assert [(row.team_id, row.role) for row in person.memberships.all()] == [(world.teams.pr.pk, "supervisor")]
    assert [brand.pk for brand in person.brands.all()] == [world.brands.lumo.pk]
    kinds = AccountEvent.objects.order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["invitation.made", "person.brands_changed", "person.joined"]


def test_an_administrator_can_be_invited(world):
    person = invitations.accept(invited(world, role=Role.ADMINISTRATOR), name="Second", password=PASSWORD)
    assert person.is_administrator


def test_only_a_hash_of_the_secret_is_kept(world):
    secret = invited(world)
    row = Invitation.objects.get()
    assert row.secret_hash == digest(secret)
    assert secret not in str(Invitation.objects.values().get())
    assert secret not in str(list(AccountEvent.objects.values()))


@pytest.mark.parametrize("who", ["ana", "omar", "zoe"])
def test_only_administrators_invite(world, who):
    with pytest.raises(Forbidden):
        invitations.invite("new@socialcare.example", actor=getattr(world, who))
    assert not Invitation.objects.exists()


def test_somebody_who_is_here_is_not_invited(world):
    with pytest.raises(Invalid) as refused:
        invitations.invite("ANA@socialcare.example", actor=world.ada)
    assert "email" in refused.value.fields


def test_a_new_invitation_replaces_the_open_one(world):
    old, new = invited(world), invited(world)
    with pytest.raises(NotFound):
        invitations.accept(old, name="New", password=PASSWORD)
    assert invitations.open_invitation(new)


def test_a_link_works_once(world):
    secret = invited(world)
    invitations.accept(secret, name="New", password=PASSWORD)
    with pytest.raises(Conflict):
        invitations.accept(secret, name="New", password=PASSWORD)


def test_two_who_use_one_link_at_the_same_instant_are_one_person(world):
    secret = invited(world)
    outcomes, together = [], Barrier(2)

    def join(name):
        try:
            together.wait()
            outcomes.append(invitations.accept(secret, name=name, password=PASSWORD).name)
        except Conflict as error:
            outcomes.append(error.code)
        finally:
            connection.close()

    threads = [Thread(target=join, args=(name,)) for name in ("First", "Second")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes)[1] == "accepted"
    assert User.objects.get(email="new@socialcare.example").name in outcomes


def test_old_and_revoked_links_are_dead(world):
    secret = invited(world)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(NotFound):
        invitations.accept(secret, name="New", password=PASSWORD)
    again = invited(world)
    invitations.revoke(Invitation.objects.latest("id").pk, actor=world.ada)
    with pytest.raises(NotFound):
        invitations.accept(again, name="New", password=PASSWORD)


def test_an_accepted_invitation_cannot_be_revoked(world):
    invitations.accept(invited(world), name="New", password=PASSWORD)
    with pytest.raises(Conflict):
        invitations.revoke(Invitation.objects.get().pk, actor=world.ada)


@pytest.mark.parametrize("password", ["short", "password1234", "new@socialcare.example", "x" * 300])
def test_weak_passwords_are_refused_and_the_link_stays(world, password):
    secret = invited(world)
    with pytest.raises(Invalid) as refused:
        invitations.accept(secret, name="New", password=password)
    assert "password" in refused.value.fields
    assert invitations.open_invitation(secret)


def test_what_a_disabled_administrator_has_left_open_dies_too(world):
    people.set_role(world.omar.pk, Role.ADMINISTRATOR, actor=world.ada)
    secret = invited(world)
    people.disable(world.ada.pk, actor=world.omar)
    with pytest.raises(NotFound):
        invitations.accept(secret, name="New", password=PASSWORD)
