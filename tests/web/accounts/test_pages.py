"""Every page of people, set-up and account opens for whom it should, and for nobody else."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.clients import signed_in
from tests.factories import people

pytestmark = pytest.mark.django_db(transaction=True)
ADMINISTRATORS_ONLY = [
    "/people/invitations/",
    "/audit/",
    "/audit/export.csv",
    "/teams/new/",
    "/queues/new/",
    "/brands/new/",
]
LEADERS = ["/people/"]
EVERYBODY = ["/you/", "/account/2fa/", "/account/password/change/"]
STRANGERS = ["/account/login/", "/account/password/reset/"]


@pytest.mark.parametrize("page", [*EVERYBODY, *LEADERS, *ADMINISTRATORS_ONLY])
def test_strangers_are_sent_to_the_sign_in_page(page, client):
    answer = client.get(page)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/login/?next=")
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("page", STRANGERS)
def test_strangers_may_sign_in(page, client):
    assert client.get(page).status_code == 200


@pytest.mark.parametrize("page", ["/account/signup/", "/account/email/", "/account/password/set/"])
def test_nobody_signs_up_or_changes_an_address(page, client):
    assert client.get(page).status_code == 404


def test_a_search_with_nul_is_a_search(world):
    assert signed_in(world.ada).get("/people/?q=%00ana").status_code == 200


@pytest.mark.parametrize("page", EVERYBODY)
@pytest.mark.parametrize("who", ["ana", "zoe", "omar", "ada"])
def test_everybody_has_an_account(page, who, world):
    answer = signed_in(getattr(world, who)).get(page, follow=True)
    assert answer.status_code == 200


@pytest.mark.parametrize("page", LEADERS)
def test_supervisors_read_and_agents_find_nothing(page, world):
    assert signed_in(world.omar).get(page).status_code == 200
    assert signed_in(world.ada).get(page).status_code == 200
    assert signed_in(world.ana).get(page).status_code == 404


@pytest.mark.parametrize("page", ADMINISTRATORS_ONLY)
def test_what_is_the_administrators_does_not_exist_for_others(page, world):
    assert signed_in(world.ada).get(page).status_code == 200
    for person in (world.omar, world.ana, world.zoe):
        assert signed_in(person).get(page).status_code == 404


def test_a_supervisor_sees_the_own_teams_people_only(world):
    client = signed_in(world.omar)
    page = client.get("/people/").content.decode()
    assert "Ana Sandoval" in page
    assert "Ben Achterberg" not in page
    assert "Invite" not in page
    assert client.get(f"/people/{world.ana.pk}/").status_code == 200
    assert client.get(f"/people/{world.ben.pk}/").status_code == 404
    assert client.post(f"/people/{world.ben.pk}/suspension/").status_code == 404
    assert client.post(f"/people/{world.ana.pk}/suspension/").status_code == 403
    assert client.post(f"/people/{world.ana.pk}/", {"role": "administrator"}).status_code == 403


def test_organisation_pages(world):
    client = signed_in(world.ada)
    for page in (
        f"/teams/{world.teams.care.pk}/",
        f"/queues/{world.queues.pr.pk}/",
        f"/brands/{world.brands.lumo.pk}/",
        f"/people/{world.ben.pk}/",
    ):
        assert client.get(page).status_code == 200, page
    assert client.get("/people/999999/").status_code == 404
    assert client.get("/teams/999999/").status_code == 404


def test_the_list_costs_the_same_however_long(world):
    client = signed_in(world.ada)
    client.get("/people/")
    with CaptureQueriesContext(connection) as few:
        client.get("/people/")
    for number in range(30):
        people.person(f"Person{number} Somebody", teams=[world.teams.care], brands=[world.brands.lumo])
    with CaptureQueriesContext(connection) as many:
        client.get("/people/")
    assert len(many) == len(few)


def test_sign_in_by_form(world, client):
    answer = client.post("/account/login/", {"login": "ana@socialcare.example", "password": people.PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get("/you/").status_code == 200
