"""Changing people, the organisation, the own account and reading the audit list, by plain forms."""

import csv
import io

import pytest

from accounts.models import AccountEvent, ApiToken, Presence, Team, User
from accounts.services import audit, tokens
from channels.models import Brand
from inbox.models.conversation import Conversation
from inbox.models.people import Contact, Profile
from inbox.models.queue import Queue
from tests.clients import signed_in
from tests.factories import people

pytestmark = pytest.mark.django_db(transaction=True)


def rights(world, **more):
    return {"role": "agent", f"team_{world.teams.care.pk}": "agent", "brands": [world.brands.lumo.pk], **more}


def test_rights_are_changed_in_one_form(world):
    ada = signed_in(world.ada)
    values = rights(world, **{f"team_{world.teams.care.pk}": "supervisor", f"team_{world.teams.pr.pk}": "agent"})
    answer = ada.post(f"/people/{world.ana.pk}/", values)
    assert (answer.status_code, answer["Location"]) == (302, f"/people/{world.ana.pk}/")
    assert dict(world.ana.memberships.values_list("team__slug", "role")) == {"care": "supervisor", "pr": "agent"}
    assert [brand.slug for brand in world.ana.brands.all()] == ["lumo-mobile"]
    page = ada.get(f"/people/{world.ana.pk}/").content.decode()
    assert "Care, PR" in page or "Supervisor" in page


def test_wrong_rights_change_nothing(world):
    ada = signed_in(world.ada)
    for wrong in ({"role": "king"}, {f"team_{world.teams.care.pk}": "administrator"}, {"brands": [999]}):
        assert ada.post(f"/people/{world.ana.pk}/", rights(world, **wrong)).status_code == 422
    refused = ada.post(f"/people/{world.ada.pk}/", rights(world))
    assert refused.status_code == 409
    assert "last administrator" in refused.content.decode()
    assert not AccountEvent.objects.exists()


def test_disabling_and_enabling(world):
    ada = signed_in(world.ada)
    ada.post(f"/people/{world.ana.pk}/suspension/")
    assert not User.objects.get(pk=world.ana.pk).is_active
    assert "Disabled" in ada.get("/people/").content.decode()
    ada.post(f"/people/{world.ana.pk}/suspension/end/")
    assert User.objects.get(pk=world.ana.pk).is_active
    assert ada.post(f"/people/{world.ada.pk}/suspension/").status_code == 409


def test_a_password_link_is_shown_once_to_administrators(world):
    address = f"/people/{world.ana.pk}/password-link/"
    assert "/account/password/reset/key/" in signed_in(world.ada).post(address).content.decode()
    assert signed_in(world.omar).post(address).status_code == 403
    assert signed_in(world.ben).post(address).status_code == 404


def test_teams_queues_and_brands(world):
    ada = signed_in(world.ada)
    assert ada.post("/teams/new/", {"name": "Night shift"}).status_code == 302
    team = Team.objects.get(slug="night-shift")
    assert ada.post("/teams/new/", {"name": "night SHIFT"}).status_code == 422
    queue = {"name": "Baggage", "team": team.pk, "desk": world.desks.care.pk}
    assert ada.post("/queues/new/", queue).status_code == 302
    baggage = Queue.objects.get(slug="baggage")
    assert (baggage.team, baggage.desk) == (team, world.desks.care)
    assert ada.post("/queues/new/", queue).status_code == 422
    ada.post(f"/queues/{baggage.pk}/", {"name": "Bags", "team": world.teams.care.pk})
    baggage.refresh_from_db()
    assert (baggage.name, baggage.slug, baggage.team) == ("Bags", "baggage", world.teams.care)
    assert ada.post("/brands/new/", {"name": "Lumo Mobile"}).status_code == 422
    assert ada.post("/brands/new/", {"name": "北風"}).status_code == 302
    assert Brand.objects.get(name="北風").slug == "brand"
    ada.post(f"/brands/{world.brands.lumo.pk}/", {"name": "Lumo"})
    ada.post(f"/teams/{team.pk}/", {"name": "Nights"})
    assert Brand.objects.get(pk=world.brands.lumo.pk).name == "Lumo"
    assert list(AccountEvent.objects.order_by("id").values_list("kind", flat=True)) == [
        "team.created",
        "queue.created",
        "queue.changed",
        "brand.created",
        "brand.renamed",
        "team.renamed",
    ]
    for page in ("/teams/new/", "/queues/new/", "/brands/new/", f"/teams/{team.pk}/"):
        assert signed_in(world.omar).post(page, {"name": "Mine"}).status_code == 404


def test_search_and_pages_of_people(world):
    for number in range(60):
        people.person(f"Extra{number:02} Colleague")
    ada = signed_in(world.ada)
    seen, address = [], "/people/"
    while address:
        page = ada.get(address)
        seen += [row.pk for row in page.context["people"]]
        address = page.context["next_url"] and f"/people/{page.context['next_url']}"
    assert len(seen) == len(set(seen)) == User.objects.count()
    found = ada.get("/people/", {"q": "extra07"}).context["people"]
    assert [row.name for row in found] == ["Extra07 Colleague"]


def test_own_profile(world):
    ana = signed_in(world.ana)
    values = {"name": "Ana S.", "time_zone": "Asia/Kolkata", "language": "en", "theme": "dark"}
    assert ana.post("/you/", values)["Location"] == "/you/"
    user = User.objects.get(pk=world.ana.pk)
    assert (user.name, user.time_zone, user.theme, user.single_keys) == ("Ana S.", "Asia/Kolkata", "dark", False)
    page = ana.get("/you/").content.decode()
    assert 'data-theme="dark"' in page
    assert 'data-zone="Asia/Kolkata"' in page
    wrong = ana.post("/you/", {**values, "time_zone": "Mars", "role": "administrator"})
    assert wrong.status_code == 422
    assert not User.objects.get(pk=world.ana.pk).is_administrator


def test_theme_and_presence(world, client):
    ana = signed_in(world.ana)
    assert ana.post("/you/theme/", {"theme": "dark"}, headers={"HX-Request": "true"}).status_code == 204
    assert ana.post("/you/theme/", {"theme": "pink"}).status_code == 422
    ana.post("/you/presence/", {"presence": "busy"})
    assert Presence.objects.get(user=world.ana).status == "busy"
    assert ana.post("/you/presence/", {"presence": "asleep"}).status_code == 422
    assert 'data-presence="busy"' in ana.get("/you/").content.decode()
    client.post("/you/theme/", {"theme": "dark"})
    assert 'data-theme="dark"' in client.get("/account/login/").content.decode()


def test_own_tokens(world):
    ana = signed_in(world.ana)
    made = ana.post("/you/tokens/", {"name": "CRM"})
    row = ApiToken.objects.get()
    assert made.context["new_token"].startswith(row.prefix)
    assert made.context["new_token"] not in ana.get("/you/").content.decode()
    assert ana.post("/you/tokens/", {"name": ""}).status_code == 422
    assert signed_in(world.ben).post(f"/tokens/{row.pk}/revocation/").status_code == 404
    ana.post(f"/tokens/{row.pk}/revocation/")
    assert tokens.find(made.context["new_token"]) is None
    theirs = signed_in(world.ada).post(f"/people/{world.ana.pk}/tokens/", {"name": "By Ada"})
    assert tokens.find(theirs.context["new_token"]).user == world.ana
    assert signed_in(world.omar).post(f"/people/{world.ana.pk}/tokens/", {"name": "x"}).status_code == 403


def test_the_audit_list_and_its_export(world):
    people.person("=cmd|' /C calc'!A0 Evil", email="evil@x.example")
    evil = User.objects.get(email="evil@x.example")
    audit.record("person.disabled", actor=world.ada, subject=evil, data={"sessions": 2})
    audit.record("sign_in.failed", data={"method": "password"})
    ada = signed_in(world.ada)
    assert "Somebody failed to sign in as an unknown address" in ada.get("/audit/").content.decode()
    assert len(ada.get("/audit/", {"person": evil.pk}).context["entries"]) == 1
    assert len(ada.get("/audit/", {"kind": "sign_in.failed"}).context["entries"]) == 1
    assert ada.get("/audit/", {"kind": "nonsense"}).status_code == 422
    assert ada.get("/audit/", {"before": "x"}).status_code == 422
    answer = ada.get("/audit/export.csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert answer["Content-Disposition"].startswith('attachment; filename="audit-')
    assert rows[0] == ["Time", "Kind", "By", "About", "What happened"]
    assert rows[3][3] == "'=cmd|' /C calc'!A0 Evil"
    assert rows[1][1] == "export.made"
    assert AccountEvent.objects.filter(kind="export.made", actor=world.ada).count() == 1


def test_pages_of_the_audit_list(world):
    for number in range(120):
        audit.record("team.created", actor=world.ada, data={"team": f"Team {number}"})
    ada = signed_in(world.ada)
    seen, address = 0, "/audit/?kind=team.created"
    while address:
        page = ada.get(address)
        seen += len(page.context["entries"])
        address = page.context["next_url"]
    assert seen == 120


def conversation(world, number, *, queue, brand, channel, **fields):
    profile = Profile.objects.create(contact=Contact.objects.create(), network="x", external_id=str(number))
    return Conversation.objects.create(
        channel=channel, brand=brand, thread_key=f"post:{number}", profile=profile, queue=queue, **fields
    )


def test_the_rail_counts_what_waits_for_me(world):
    where = {"queue": world.queues.care, "brand": world.brands.lumo, "channel": world.channels.lumo_x}
    since = world.channels.lumo_x.connected_at
    for number in range(3):
        conversation(world, number, **where, waiting_since=since)
    conversation(world, 3, **where, waiting_since=since, owner=world.ana)
    conversation(world, 4, **where, waiting_since=since, owner=world.omar)
    conversation(world, 5, **where, status="pending")
    conversation(world, 6, **{**where, "queue": world.queues.pr}, waiting_since=since)
    counts = {
        name: signed_in(getattr(world, name)).get("/you/").context["shell"].areas[0].count
        for name in ("ana", "ben", "zoe", "ada")
    }
    assert counts == {"ana": 4, "ben": 1, "zoe": 0, "ada": 0}
