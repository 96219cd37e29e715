"""Queues, people, what is next, and what desks ask of each other, in the browser."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Presence
from inbox.models.conversation import Conversation
from routing.models.content import ContentAsk
from routing.models.handoff import Handoff
from routing.models.staffing import ConversationSkill, QueueStaffing, Skill, Skip, WorkingPeriod
from routing.services import asks, escalation, handoff, lane
from tests.clients import signed_in
from tests.domain.assignment.staff import pushing, waits
from tests.factories import talk
from tests.personas import World

pytestmark = pytest.mark.django_db(transaction=True)
HTMX = {"HX-Request": "true"}


def test_next_takes_the_best_and_opens_it(world: World) -> None:
    late, first = waits(world, 5), waits(world, due_in=3)
    answer = signed_in(world.ana).post("/next/")
    assert answer["Location"] == f"/inbox/care/{first.pk}/"
    assert Conversation.objects.get(pk=first.pk).owner == world.ana
    signed_in(world.ana).post("/next/")
    assert Conversation.objects.get(pk=late.pk).owner == world.ana
    answer = signed_in(world.ana).post("/next/", follow=True)
    assert "Nothing waits for you." in answer.content.decode()


def test_skipping_needs_a_reason(world: World) -> None:
    row, browser = waits(world), signed_in(world.ana)
    browser.post("/next/")
    assert browser.post(f"/conversations/{row.pk}/skip/", headers=HTMX).status_code == 422
    assert browser.post(f"/conversations/{row.pk}/skip/", {"reason": "Not mine."}, headers=HTMX).status_code == 200
    assert Skip.objects.get().reason == "Not mine."


def test_an_escalation_from_form_to_answer(world: World) -> None:
    row = waits(world)
    url = f"/conversations/{row.pk}/escalations/"
    given = {"queue": world.queues.pr.pk, "urgency": 1, "within": 15, "reason": "Press."}
    assert signed_in(world.ana).post(url, {**given, "within": 0}, headers=HTMX).status_code == 422
    assert signed_in(world.ana).post(url, given, headers=HTMX).status_code == 200
    asked = Handoff.objects.get()
    page = signed_in(world.ben).get(f"/inbox/all/{row.pk}/").content.decode()
    assert "Ana Sandoval escalates this to PR" in page
    assert "Acknowledge" in page
    assert signed_in(world.ben).post(f"/handoffs/{asked.pk}/acknowledgement/", headers=HTMX).status_code == 200
    assert signed_in(world.ben).post(f"/handoffs/{asked.pk}/answer/", {"text": "Say sorry."}).status_code == 302
    page = signed_in(world.ana).get(f"/inbox/all/{row.pk}/").content.decode()
    assert "Say sorry." in page
    assert "data-insert" in page


def test_the_asks_show_what_is_overdue_first(world: World) -> None:
    rows = [waits(world) for _ in range(3)]
    handoff.ask(rows[0].pk, to=world.queues.pr, actor=world.ana, reason="Yours.")
    for row in rows[1:]:
        escalation.escalate(row.pk, to=world.queues.pr, actor=world.ana, within=15, urgency=1, reason="Press.")
    ben = signed_in(world.ben)
    assert "Overdue" not in ben.get("/inbox/asks/").content.decode()
    Handoff.objects.filter(conversation=rows[2]).update(respond_by=timezone.now() - timedelta(minutes=1))
    page = ben.get("/inbox/asks/").content.decode()
    assert page.count("Overdue") == 1
    assert re.findall(r'id="row-(\d+)"', page) == [str(rows[n].pk) for n in (2, 1, 0)]
    assert "Overdue" in ben.get(f"/inbox/all/rows/{rows[2].pk}/").content.decode()
    escalation.acknowledge(Handoff.objects.get(conversation=rows[2]).pk, actor=world.ben)
    assert "Overdue" not in ben.get("/inbox/asks/").content.decode()


def test_who_has_the_first_refusal_gives_it_back(world: World) -> None:
    QueueStaffing.objects.create(
        queue=world.queues.care, lane_queue=world.queues.pr, lane_followers=1000, lane_minutes=15
    )
    row = waits(world, profile=talk.profile(followers=50_000))
    assert lane.look() == 1
    url = f"/inbox/all/{row.pk}/"
    assert "Give back to" not in signed_in(world.ada).get(url).content.decode()
    page = signed_in(world.ben).get(url).content.decode()
    assert "PR has the first refusal" in page
    assert "Give back to Care" in page
    assert signed_in(world.ben).post(f"/conversations/{row.pk}/lane/", follow=True).status_code == 200
    assert Conversation.objects.get(pk=row.pk).queue == world.queues.care
    page = signed_in(world.ana).get(url).content.decode()
    assert "The first refusal of PR is over: Ben Achterberg handed it back" in page
    assert "Give back to" not in page
    assert signed_in(world.ben).post(f"/conversations/{row.pk}/lane/", headers=HTMX).status_code in (404, 409)


def test_content_is_asked_for_given_and_shown(world: World) -> None:
    row = waits(world)
    url = f"/conversations/{row.pk}/content/"
    answer = signed_in(world.ana).post(url, {"queue": world.queues.marketing.pk, "ask": "A picture."}, headers=HTMX)
    assert answer.status_code == 200
    asked = ContentAsk.objects.get()
    assert b"A picture." in signed_in(world.mia).get(f"/inbox/all/{row.pk}/").content
    assert str(row.pk).encode() in signed_in(world.mia).get("/inbox/asks/").content
    assert signed_in(world.mia).post(f"/content/{asked.pk}/answer/", {"text": " "}, headers=HTMX).status_code == 422
    assert signed_in(world.mia).post(f"/content/{asked.pk}/answer/", {"text": "Here."}, headers=HTMX).status_code == 200
    page = signed_in(world.ana).get(f"/inbox/all/{row.pk}/").content.decode()
    assert "From Mia Castell, Marketing" in page
    assert signed_in(world.zoe).post(f"/content/{asked.pk}/answer/", {"text": "x"}).status_code == 404


def test_content_is_declined_and_taken_back(world: World) -> None:
    row = waits(world)
    first = asks.ask(row.pk, to=world.queues.marketing, actor=world.ana, ask="A picture.")
    assert signed_in(world.mia).post(f"/content/{first.pk}/refusal/", {"reason": "No."}).status_code == 302
    second = asks.ask(row.pk, to=world.queues.marketing, actor=world.ana, ask="Another.")
    assert signed_in(world.ana).post(f"/content/{second.pk}/withdrawal/").status_code == 302
    assert set(ContentAsk.objects.values_list("state", flat=True)) == {"declined", "withdrawn"}


def test_the_summary_begins_the_form(world: World) -> None:
    row = waits(world)
    words = signed_in(world.ana).get(f"/conversations/{row.pk}/summary/").content.decode()
    assert "Tess Moran" in words
    assert "My bag did not arrive." in words
    assert signed_in(world.ben).get(f"/conversations/{row.pk}/summary/").status_code == 404


def test_escalations_stand_first_among_the_asks(world: World) -> None:
    plain, urgent = waits(world), waits(world)
    handoff.ask(plain.pk, to=world.queues.pr, actor=world.ana, reason="Yours.")
    escalation.escalate(urgent.pk, to=world.queues.pr, actor=world.ana, reason="Now.")
    page = signed_in(world.ben).get("/inbox/asks/").content.decode()
    assert page.index(f'id="row-{urgent.pk}"') < page.index(f'id="row-{plain.pk}"')


def test_supervisors_see_how_work_finds_people(world: World) -> None:
    pushing(world.queues.care)
    skill = Skill.objects.create(name="Elvish", slug="elvish")
    ConversationSkill.objects.create(conversation=waits(world), skill=skill, level=2)
    page = signed_in(world.omar).get("/assignment/").content.decode()
    assert "Nobody who staffs this queue has the skill at this level." in page
    assert "Elvish 2" in page
    assert "Ben Achterberg" not in page
    assert "No queue has asked another for anything." in page
    handoff.ask(waits(world).pk, to=world.queues.pr, actor=world.ana, reason="Yours.")
    hops = signed_in(world.omar).get("/assignment/").content.decode().partition('id="hops-h"')[2]
    assert re.search(r"<td>Care</td><td>PR</td><td>Hand-over</td><td class=\"num\">1</td>", hops)
    for person, status in ((world.ana, 404), (world.zoe, 404), (world.ada, 200)):
        assert signed_in(person).get("/assignment/").status_code == status


def test_a_queue_is_staffed_by_form(world: World) -> None:
    skill = Skill.objects.create(name="German", slug="german", language="de")
    url = f"/queues/{world.queues.care.pk}/staffing/"
    given = {"mode": "least_loaded", "lane_minutes": 15, f"skill_{skill.pk}": "3", "same_agent_days": 7}
    assert signed_in(world.omar).post(url, {**given, "mode": "guess"}).status_code == 422
    refused = signed_in(world.omar).post(url, {**given, "lane_queue": world.queues.pr.pk})
    assert refused.status_code == 422
    assert "Say from how many followers" in refused.content.decode()
    assert signed_in(world.omar).post(url, given).status_code == 302
    assert QueueStaffing.objects.get().mode == "least_loaded"
    assert "Nobody here has German at this level." in signed_in(world.omar).get(url).content.decode()
    assert signed_in(world.ben).get(url).status_code == 404
    assert signed_in(world.ana).get(url).status_code == 403


def test_a_person_is_staffed_by_form(world: World) -> None:
    skill = Skill.objects.create(name="German", slug="german")
    url = f"/people/{world.ana.pk}/staffing/"
    given = {"capacity": 5, "day_0": "09:00–12:00, 13:00-17:30", "day_4": "22:00–06:00", f"skill_{skill.pk}": "4"}
    refused = signed_in(world.omar).post(url, {**given, "day_1": "nine to five"})
    assert refused.status_code == 422
    assert "Write hours as" in refused.content.decode()
    assert signed_in(world.omar).post(url, given).status_code == 302
    assert Presence.objects.get(user=world.ana).capacity == 5
    periods = list(WorkingPeriod.objects.values_list("weekday", "starts", "ends"))
    assert periods == [(0, 540, 720), (0, 780, 1050), (4, 1320, 1800)]
    page = signed_in(world.omar).get(url).content.decode()
    assert "09:00–12:00, 13:00–17:30" in page
    assert "22:00–06:00" in page
    assert signed_in(world.omar).get(f"/people/{world.ben.pk}/staffing/").status_code == 404


def test_skills_are_the_administrators(world: World) -> None:
    assert signed_in(world.omar).post("/skills/", {"name": "German"}).status_code == 403
    assert signed_in(world.ada).post("/skills/", {"name": "German", "language": "de"}).status_code == 302
    assert signed_in(world.ada).post("/skills/", {"name": "german"}).status_code == 422
    row = Skill.objects.get()
    assert signed_in(world.omar).post(f"/skills/{row.pk}/removal/").status_code == 403
    assert signed_in(world.ada).post(f"/skills/{row.pk}/removal/").status_code == 302


def test_why_one_is_away_is_said(world: World) -> None:
    signed_in(world.ana).post("/you/presence/", {"presence": "away", "reason": "Dentist"})
    assert Presence.objects.get(user=world.ana).reason == "Dentist"
    assert "Away: Dentist" in signed_in(world.omar).get("/assignment/").content.decode()
    signed_in(world.ana).post("/you/presence/", {"presence": "available", "reason": "Back"})
    assert Presence.objects.get(user=world.ana).reason == ""


def test_the_page_costs_the_same_however_much_is_there(world: World) -> None:
    browser = signed_in(world.ada)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert browser.get("/assignment/").status_code == 200
        return len(captured)

    pushing(world.queues.care)
    waits(world)
    queries()
    few = queries()
    skill = Skill.objects.create(name="Elvish", slug="elvish")
    for level in range(1, 6):
        ConversationSkill.objects.create(conversation=waits(world), skill=skill, level=level)
    assert queries() == few
