"""From the printed link to a working installation, by plain forms."""

import logging
import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client

from accounts.models import Installation, User
from accounts.services import invitations
from channels.models import Brand
from inbox.models.queue import Queue
from tests import personas
from tests.clients import signed_in

pytestmark = pytest.mark.django_db(transaction=True)
GOOD = {"name": "Ada Nwosu", "email": "ada@northwind.example", "password": "a-good-long-password"}


def link():
    out = StringIO()
    call_command("setup_link", stdout=out)
    return out.getvalue().strip().removeprefix("http://127.0.0.1:8000")


def test_the_whole_way(client):
    address = link()
    kept = client.get(address)
    assert (kept.status_code, kept["Location"]) == (302, "/setup/")
    assert client.get("/setup/").status_code == 200
    done = client.post("/setup/", GOOD)
    assert (done.status_code, done["Location"]) == (302, "/setup/company/")
    company = client.post("/setup/company/", {"company": "Northwind Group", "brand": "Northwind Air"})
    assert company["Location"] == "/setup/desks/"
    desks = client.post("/setup/desks/", {"care": "First line", "pr": "Influencers", "marketing": "Campaigns"})
    assert desks["Location"] == "/setup/channel/"
    assert "/channels/connect/?kind=x" in client.get("/setup/channel/").content.decode()
    assert "/people/invitations/" in client.get("/setup/ready/").content.decode()
    assert Installation.objects.get().company == "Northwind Group"
    assert list(Brand.objects.values_list("slug", flat=True)) == ["northwind-air"]
    assert list(Queue.objects.values_list("name", flat=True)) == ["First line", "Influencers", "Campaigns"]
    assert Client().get(address).status_code == 404
    assert client.get(address).status_code == 404


def test_wrong_input_names_the_field_and_keeps_the_link(client):
    client.get(link())
    for wrong, field in (({"password": "short"}, "password"), ({"email": "nobody"}, "email"), ({"name": ""}, "name")):
        answer = client.post("/setup/", {**GOOD, **wrong})
        assert answer.status_code == 422
        assert f'id="id_{field}-error"' in answer.content.decode()
    assert not User.objects.exists()
    assert client.post("/setup/", GOOD).status_code == 302


def test_without_the_link_there_is_nothing(client):
    assert client.get("/setup/").status_code == 404
    assert client.get("/setup/?token=guessed").status_code == 404
    assert client.post("/setup/", GOOD).status_code == 404
    assert not User.objects.exists()


def test_later_steps_are_the_administrators():
    world = personas.world()
    ana = signed_in(world.ana)
    for page in ("company", "desks", "channel", "ready"):
        assert ana.get(f"/setup/{page}/").status_code == 403
    assert ana.post("/setup/company/", {"company": "X", "brand": "Y"}).status_code == 403


def test_inviting_and_joining():
    world = personas.world()
    ada, newcomer = Client(), Client()
    ada.force_login(world.ada)
    made = ada.post(
        "/people/invitations/",
        {"email": "nia@x.example", "name": "Nia", "role": "agent", "teams": [world.teams.pr.pk], "brands": []},
    )
    assert made.status_code == 200
    address = re.search(r'value="http://127\.0\.0\.1:8000(/join/\?token=[\w-]{43})"', made.content.decode())[1]
    assert "nia@x.example" in ada.get("/people/").content.decode()
    assert newcomer.get(address)["Location"] == "/join/"
    page = newcomer.get("/join/").content.decode()
    assert "Ada Nwosu invited you as nia@x.example" in page
    assert newcomer.post("/join/", {"name": "Nia", "password": "short"}).status_code == 422
    joined = newcomer.post("/join/", {"name": "Nia Okoye", "password": "a-good-long-password"})
    assert joined["Location"] == "/"
    assert "Nia Okoye" in newcomer.get("/you/").content.decode()
    assert Client().get(address).status_code == 404


def test_wrong_invitations_get_422_with_the_field():
    world = personas.world()
    ada = signed_in(world.ada)
    for wrong in ({"email": "ana@socialcare.example"}, {"email": "no"}, {"role": "king"}, {"teams": [99]}):
        answer = ada.post("/people/invitations/", {"email": "new@x.example", "role": "agent", **wrong})
        assert answer.status_code == 422
        assert f'id="id_{next(iter(wrong))}-error"' in answer.content.decode()


def test_a_revoked_link_is_dead():
    world = personas.world()
    row, address = invitations.invite("new@x.example", actor=world.ada)
    ada, newcomer = Client(), Client()
    ada.force_login(world.ada)
    path = address.removeprefix("http://127.0.0.1:8000")
    newcomer.get(path)
    assert ada.post(f"/people/invitations/{row.pk}/revocation/").status_code == 302
    assert newcomer.post("/join/", {"name": "N", "password": "a-good-long-password"}).status_code == 404
    assert not User.objects.filter(email="new@x.example").exists()


def test_secrets_of_links_leave_the_address_at_once_and_are_not_cached(client):
    answer = client.get(link())
    assert "token" not in answer["Location"]
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "same-origin"


def test_the_secret_of_a_link_reaches_no_log_and_no_later_session(client, capfd):
    address = link()
    secret = address.partition("token=")[2]
    logger = logging.getLogger("tests.first_hour")
    client.get(address)
    client.get("/setup/")
    logger.warning("opened %s", address)
    client.post("/setup/", GOOD)
    written = "".join(capfd.readouterr())
    assert "[cut]" in written
    assert secret not in written
    assert secret not in str(dict(client.session.items()))
