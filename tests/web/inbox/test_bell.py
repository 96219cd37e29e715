"""The bell, what draws the eye and the ear, and the page on which one says what one wants."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Presence
from accounts.services import presence
from core import live
from inbox.models.conversation import Conversation
from inbox.services import ownership
from routing.models.attention import Attention
from routing.models.notice import Notice
from routing.services import attention, notices
from routing.services.attention import Wishes
from tests.clients import signed_in
from tests.factories import talk
from tests.personas import World

pytestmark = pytest.mark.django_db(transaction=True)
LIVE = {"HX-Request": "true", "X-Live": "refetch"}
ALL = {"told": ["mention", "assignment"], "mailed": [], "digest": "off", "digest_hour": "8"}


@pytest.fixture
def waiting(world: World) -> Conversation:
    return talk.conversation(world.channels.northwind_x, world.queues.care)


def bell(person) -> dict[str, str]:
    """What the bell of somebody says, by attribute."""
    page = signed_in(person).get("/notices/bell/", headers=LIVE).content.decode()
    assert page.startswith('<a class="rail-item has-tip" id="bell"')
    return dict(re.findall(r'data-([\w-]+)(?:="([^"]*)")?', page.partition(">")[0]))


def tell(person, conversation: Conversation) -> None:
    notices.tell([person.pk], "note.mentioned", conversation.pk, {"person": "Tess", "by": "Ben"})


def test_it_counts_what_is_not_read_and_what_waits_for_me(world: World, waiting: Conversation) -> None:
    tell(world.ana, waiting)
    assert (bell(world.ana)["attention"], bell(world.ana)["unread"]) == ("1", "1")
    ownership.claim(waiting.pk, actor=world.ana)
    said = bell(world.ana)
    assert (said["attention"], said["unread"]) == ("2", "1")
    assert said["newest"] == str(Notice.objects.get().pk)
    assert 'id="bell"' in signed_in(world.ana).get("/you/").content.decode()


def test_every_page_listens_to_one_s_own_topic(world: World) -> None:
    browser = signed_in(world.ana)
    assert f'data-live-stream="/live/?topics=user:{world.ana.pk}"' in browser.get("/you/").content.decode()
    assert re.search(
        rf'data-live-stream="/live/\?topics=lane[^"]*user:{world.ana.pk}', browser.get("/inbox/care/").content.decode()
    )


def test_opening_the_conversation_reads_what_was_told_of_it(world: World, waiting: Conversation) -> None:
    tell(world.ana, waiting)
    other = talk.conversation(world.channels.northwind_x, world.queues.care)
    tell(world.ana, other)
    browser, url = signed_in(world.ana), f"/conversations/{waiting.pk}/presence/"
    assert browser.post(url, {"doing": "looking"})["X-Notices"] == "read"
    assert "X-Notices" not in browser.post(url, {"doing": "looking"})
    assert bell(world.ana)["unread"] == "1"
    assert Notice.objects.get(conversation=other).read_at is None
    live.client().delete(f"here:{waiting.pk}")


def test_in_peace_nothing_draws_the_eye_or_the_ear_and_the_list_says_it_all_the_same(
    world: World, waiting: Conversation
) -> None:
    tell(world.ana, waiting)
    attention.save(Wishes(["mention"], [], sound=True), actor=world.ana)
    said = bell(world.ana)
    assert ("sound" in said, said["attention"], "changes-in" in said) == (True, "1", False)
    for status in (Presence.Status.AWAY, Presence.Status.BUSY):
        presence.set_status(world.ana, status)
        said = bell(world.ana)
        assert ("sound" in said, said["attention"], said["unread"]) == (False, "0", "1")
    presence.set_status(world.ana, Presence.Status.AVAILABLE)
    assert "sound" in bell(world.ana)
    now = timezone.now()
    begins, ends = (now - timedelta(hours=2)).time(), (now + timedelta(hours=2)).time()
    attention.save(Wishes(["mention"], [], sound=True, quiet_from=begins, quiet_until=ends), actor=world.ana)
    said = bell(world.ana)
    assert ("sound" in said, said["attention"], said["unread"]) == (False, "0", "1")
    assert 7100 < int(said["changes-in"]) <= 7201


def test_sounds_are_off_until_one_wants_them(world: World) -> None:
    assert "sound" not in bell(world.ana)


def test_what_one_wants_is_kept_and_wrong_words_are_named(world: World) -> None:
    browser = signed_in(world.ana)
    page = browser.get("/you/attention/").content.decode()
    assert "Letters cannot be sent yet" in page
    given = {**ALL, "quiet_from": "22:00", "quiet_until": "07:00", "sound": "on"}
    assert browser.post("/you/attention/", given).status_code == 302
    row = Attention.objects.get(user=world.ana)
    assert (row.sound, str(row.quiet_from)) == (True, "22:00:00")
    assert row.not_told == ["answer", "ask", "escalation", "followed", "promise", "rule"]
    page = browser.get("/you/attention/").content.decode()
    assert 'value="22:00"' in page
    refused = browser.post("/you/attention/", {**given, "quiet_until": ""})
    assert refused.status_code == 422
    assert "Quiet hours need a beginning and an end." in refused.content.decode()
    assert browser.post("/you/attention/", {**given, "quiet_until": "25:00"}).status_code == 422


def test_a_page_costs_the_same_however_much_was_told(world: World, waiting: Conversation) -> None:
    browser = signed_in(world.ana)

    def cost(n: int) -> int:
        for _ in range(n):
            tell(world.ana, waiting)
        browser.get("/notices/")
        with CaptureQueriesContext(connection) as queries:
            assert browser.get("/notices/").status_code == 200
        return len(queries)

    assert cost(1) == cost(10)
