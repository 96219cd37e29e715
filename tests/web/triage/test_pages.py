"""The pages of triage: who sees them, what a wrong word gets, one key to confirm, and that lists cost the same."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inbox.models.issue import Issue
from routing.models.decision import Decision
from routing.models.triage import Correction, SampleItem, TriageModel
from routing.services import pipeline, samples, taking_in
from tests import personas
from tests.clients import signed_in
from tests.domain.triage.stored import judged, messages

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_verdict_is_shown_with_its_reason_and_put_right(world: personas.World) -> None:
    (row,) = judged(world.channels.northwind_x, "what a wonderful way to lose my bag, thanks for nothing")
    ana = signed_in(world.ana)
    page = ana.get(f"/messages/{row.pk}/triage/").content.decode()
    assert "It says “thanks for nothing”" in page
    said = {"sentiment": "negative", "language": "en", "urgency": "none"}
    answer = ana.post(f"/messages/{row.pk}/triage/", {**said, "kind": "abuse"})
    assert answer.status_code == 302
    assert Correction.objects.get().value == "abuse"
    assert "Corrected" in ana.get(f"/messages/{row.pk}/triage/").content.decode()
    assert ana.post(f"/messages/{row.pk}/triage/", {**said, "kind": "nonsense"}).status_code == 422
    assert signed_in(world.zoe).get(f"/messages/{row.pk}/triage/").status_code == 404


def test_one_click_beside_a_reason_puts_it_right(world: personas.World) -> None:
    (row,) = messages(world.channels.northwind_x, "what a wonderful way to lose my bag")
    pipeline.take_in(taking_in.route)
    ana, reasons = signed_in(world.ana), f"/conversations/{row.conversation_id}/reasons/"
    page = ana.get(reasons).content.decode()
    assert f'action="/messages/{row.pk}/corrections/?list=' in page
    assert '<button class="menu-item" type="submit" name="value" value="now">Now</button>' in page
    answer = ana.post(f"/messages/{row.pk}/corrections/", {"label": "urgency", "value": "now"})
    assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, reasons)
    assert Correction.objects.get().value == "now"
    assert "Corrected: Now" in ana.get(reasons).content.decode()
    for wrong in ({"label": "urgency", "value": "never"}, {"label": "noise", "value": "spam"}, {"label": "kind"}):
        assert ana.post(f"/messages/{row.pk}/corrections/", wrong).status_code == 422
    assert (
        signed_in(world.zoe).post(f"/messages/{row.pk}/corrections/", {"label": "kind", "value": "praise"}).status_code
        == 404
    )


def test_a_rule_is_called_wrong_beside_what_it_did(world: personas.World) -> None:
    (row,) = messages(world.channels.northwind_x, "what a wonderful way to lose my bag")
    pipeline.take_in(taking_in.route)
    ana, reasons = signed_in(world.ana), f"/conversations/{row.conversation_id}/reasons/"
    (rule,) = Decision.objects.get(message=row).rules
    assert "Why is this rule wrong here?" in ana.get(reasons).content.decode()
    address = f"/conversations/{row.conversation_id}/doubts/"
    answer = ana.post(address, {"rule": rule, "reason": "It is a lead"})
    assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, reasons)
    assert "is wrong here: It is a lead" in signed_in(world.ada).get("/notices/").content.decode()
    assert ana.post(address, {"rule": rule, "reason": ""}).status_code == 422
    assert signed_in(world.zoe).post(address, {"rule": rule, "reason": "No"}).status_code == 404


def test_before_triage_has_seen_it(world: personas.World) -> None:
    (row,) = judged(world.channels.northwind_x, "hm")
    row.triage.all().delete()
    assert "Triage has not seen it yet" in signed_in(world.ana).get(f"/messages/{row.pk}/triage/").content.decode()


def test_the_sample_one_message_after_the_other(world: personas.World) -> None:
    judged(world.channels.northwind_x, "my parcel is late, what a shame", "thank you, great driver")
    samples.draw()
    ana = signed_in(world.ana)
    first, second = SampleItem.objects.order_by("id")
    page = ana.get("/sample/").content.decode()
    assert first.message.text in page
    assert ana.post(f"/sample/{first.pk}/decision/", first.said).status_code == 302
    assert ana.post(f"/sample/{second.pk}/decision/", {**second.said, "sentiment": "neutral"}).status_code == 302
    assert set(SampleItem.objects.values_list("state", flat=True)) == {"confirmed", "corrected"}
    assert "Nothing to look at" in ana.get("/sample/").content.decode()
    assert signed_in(world.omar).post(f"/sample/{first.pk}/decision/", first.said).status_code == 409


def test_the_list_of_issues(world: personas.World) -> None:
    ada = signed_in(world.ada)
    assert "No issues yet" in ada.get("/issues/").content.decode()
    assert ada.post("/issues/new/", {"name": "Late parcel", "words": "late, not arrived"}).status_code == 302
    row = Issue.objects.get()
    assert row.words == ["late", "not arrived"]
    assert "There is an issue of that name" in ada.post("/issues/new/", {"name": "late parcel"}).content.decode()
    assert ada.post(f"/issues/{row.pk}/", {"name": "Slow parcel", "words": ""}).status_code == 302
    assert ada.post(f"/issues/{row.pk}/retirement/").status_code == 302
    assert ada.get(f"/issues/{row.pk}/").status_code == 404
    assert signed_in(world.omar).get("/issues/").status_code == 404


def test_going_back_from_a_model(world: personas.World) -> None:
    scores = {"corrections": 300, "sample": 120, "old_score": 0.6, "new_score": 0.7, "lower_bound": 0.02}
    where = {"label": "sentiment", "channel": world.channels.northwind_x}
    row = TriageModel.objects.create(data=b"", state="in_force", **where, **scores)
    ada = signed_in(world.ada)
    assert "Mood of X @" in ada.get("/learnt/").content.decode()
    assert ada.post(f"/learnt/{row.pk}/withdrawal/").status_code == 302
    assert ada.post(f"/learnt/{row.pk}/withdrawal/").status_code == 409
    assert signed_in(world.omar).get("/learnt/").status_code == 404


def test_as_many_queries_for_twice_as_many_rows(world: personas.World) -> None:
    def queries(address: str) -> int:
        browser = signed_in(world.ada)
        browser.get(address)
        with CaptureQueriesContext(connection) as caught:
            assert browser.get(address).status_code == 200
        return len(caught)

    judged(world.channels.northwind_x, *[f"parcel {n}" for n in range(3)])
    Issue.objects.create(slug="a", name="A")
    samples.draw()
    before = [queries("/sample/"), queries("/issues/")]
    judged(world.channels.northwind_x, *[f"parcel {n}" for n in range(3)], first=50)
    Issue.objects.create(slug="b", name="B")
    samples.draw()
    assert [queries("/sample/"), queries("/issues/")] == before


def test_a_post_is_read_out_in_its_own_language(world: personas.World) -> None:
    (row,) = judged(world.channels.northwind_x, "Wo ist mein Koffer? Ich warte seit zwei Stunden auf euch.")
    page = signed_in(world.ana).get(f"/inbox/all/{row.conversation_id}/").content.decode()
    assert '<span class="words" dir="auto" lang="de">Wo ist mein Koffer?' in page
