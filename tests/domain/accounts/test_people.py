"""Changing colleagues: rights, the last administrator, being shut out."""

from threading import Barrier, Thread

import pytest
from django.db import connection

from accounts.models import AccountEvent, Presence, Role, User
from accounts.services import installation, people, presence
from channels.services import access
from core.errors import Conflict, Forbidden, Invalid, NotFound
from tests import personas

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world():
    return personas.world()


def kinds():
    return list(AccountEvent.objects.order_by("id").values_list("kind", flat=True))


@pytest.mark.parametrize("who", ["ana", "omar", "zoe"])
def test_only_administrators_change_people(world, who):
    actor = getattr(world, who)
    for change in (
        lambda: people.set_role(world.zoe.pk, Role.ADMINISTRATOR, actor=actor),
        lambda: people.set_teams(world.zoe.pk, {world.teams.pr.pk: Role.AGENT}, actor=actor),
        lambda: people.disable(world.ben.pk, actor=actor),
        lambda: people.enable(world.ben.pk, actor=actor),
        lambda: access.set_brands(world.zoe.pk, [world.brands.lumo.pk], actor=actor),
        lambda: installation.set_mfa_policy("everybody", actor=actor),
    ):
        with pytest.raises(Forbidden):
            change()
    assert kinds() == []


def test_a_stale_object_has_no_old_rights(world):
    people.set_role(world.omar.pk, Role.ADMINISTRATOR, actor=world.ada)
    still_administrator = User.objects.get(pk=world.ada.pk)
    people.set_role(world.ada.pk, Role.AGENT, actor=User.objects.get(pk=world.omar.pk))
    with pytest.raises(Forbidden):
        people.disable(world.ana.pk, actor=still_administrator)


def test_teams_are_exactly_those_named_and_told_once(world):
    wanted = {world.teams.pr.pk: Role.COMMUNITY_MANAGER, world.teams.care.pk: Role.SUPERVISOR}
    people.set_teams(world.ana.pk, wanted, actor=world.ada)
    people.set_teams(world.ana.pk, wanted, actor=world.ada)
    assert dict(world.ana.memberships.values_list("team_id", "role")) == wanted
    assert AccountEvent.objects.get().data == {"added": ["PR"], "removed": [], "changed": ["Care: supervisor"]}
    people.set_teams(world.ana.pk, {}, actor=world.ada)
    assert not world.ana.memberships.exists()


def test_unknown_teams_roles_and_people_are_refused(world):
    with pytest.raises(Invalid):
        people.set_teams(world.ana.pk, {999_999: Role.AGENT}, actor=world.ada)
    with pytest.raises(Invalid):
        people.set_teams(world.ana.pk, {world.teams.pr.pk: Role.ADMINISTRATOR}, actor=world.ada)
    with pytest.raises(Invalid):
        people.set_role(world.ana.pk, Role.SUPERVISOR, actor=world.ada)
    with pytest.raises(NotFound):
        people.set_role(999_999, Role.AGENT, actor=world.ada)
    with pytest.raises(Invalid):
        access.set_brands(world.ana.pk, [999_999], actor=world.ada)


def test_brands_are_exactly_those_named(world):
    access.set_brands(world.ana.pk, [world.brands.lumo.pk], actor=world.ada)
    assert [brand.slug for brand in world.ana.brands.all()] == ["lumo-mobile"]
    assert AccountEvent.objects.get().data == {"added": [], "removed": ["Northwind Air"]}


def test_the_last_administrator_stays(world):
    with pytest.raises(Conflict):
        people.disable(world.ada.pk, actor=world.ada)
    with pytest.raises(Conflict):
        people.set_role(world.ada.pk, Role.AGENT, actor=world.ada)


def test_two_administrators_cannot_demote_each_other(world):
    people.set_role(world.omar.pk, Role.ADMINISTRATOR, actor=world.ada)
    together, outcomes = Barrier(2), []

    def demote(victim, actor):
        try:
            together.wait()
            people.set_role(victim.pk, Role.AGENT, actor=actor)
            outcomes.append("done")
        except (Conflict, Forbidden):
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [Thread(target=demote, args=pair) for pair in ((world.ada, world.omar), (world.omar, world.ada))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "refused"]
    assert User.objects.filter(role=Role.ADMINISTRATOR).count() == 1


def test_disabling_and_enabling(world):
    presence.set_status(world.ana, Presence.Status.AVAILABLE)
    people.disable(world.ana.pk, actor=world.ada)
    people.disable(world.ana.pk, actor=world.ada)
    ana = User.objects.select_related("presence").get(pk=world.ana.pk)
    assert not ana.is_active
    assert ana.presence.status == "offline"
    people.enable(world.ana.pk, actor=world.ada)
    assert kinds() == ["person.disabled", "person.enabled"]
    assert world.ana.memberships.count() == 1


def test_a_machine_is_no_administrator(world):
    machine = people.create_integration("crm@socialcare.example", name="CRM", actor=world.ada)
    assert not machine.has_usable_password()
    with pytest.raises(Invalid):
        people.set_role(machine.pk, Role.ADMINISTRATOR, actor=world.ada)


def test_profile(world):
    people.update_profile(world.ana, name="Ana S.", time_zone="Europe/Madrid", theme="dark", single_keys=False)
    ana = User.objects.get(pk=world.ana.pk)
    assert (ana.name, ana.time_zone, ana.theme, ana.single_keys) == ("Ana S.", "Europe/Madrid", "dark", False)
    assert AccountEvent.objects.get().data == {"fields": "name, time_zone, theme, single_keys"}


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", " "), ("time_zone", "Mars/Olympus"), ("language", "xx"), ("theme", "pink"), ("role", "administrator")],
)
def test_a_wrong_profile_is_refused(world, field, value):
    with pytest.raises(Invalid) as refused:
        people.update_profile(world.ana, **{field: value})
    assert field in refused.value.fields or field == "role"
    assert User.objects.get(pk=world.ana.pk).role == Role.AGENT


def test_presence_is_what_the_person_says(world):
    presence.set_status(world.ana, "busy", capacity=3)
    assert Presence.objects.get(user=world.ana).capacity == 3
    for wrong in ({"status": "asleep"}, {"status": "busy", "capacity": 5000}):
        with pytest.raises(Invalid):
            presence.set_status(world.ana, wrong["status"], capacity=wrong.get("capacity"))
