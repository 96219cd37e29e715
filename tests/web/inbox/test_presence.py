"""Who is here, who writes, what is begun and who is on shift: shown to colleagues, and never in the way."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Presence
from core import live
from inbox.models.conversation import Conversation
from inbox.models.message import Message
from tests import personas
from tests.clients import signed_in
from tests.factories.pages import START, account, connected, person, post, store
from web import presence

pytestmark = pytest.mark.django_db(transaction=True)
HTMX = {"HX-Request": "true"}


@pytest.fixture
def world() -> personas.World:
    world = personas.world()
    for channel in (world.channels.northwind_x, world.channels.lumo_x):
        connected(channel)
    channel = world.channels.northwind_x
    store(channel, post("n0", by=person("n0"), text="bag", mentions=(channel.external_id,)))
    live.client().delete(*(live.client().keys("here:*") or ["here:0"]))
    return world


def _talk() -> Conversation:
    return Conversation.objects.select_related("queue", "brand").get(profile__external_id="n0")


def test_who_replies_is_seen_by_the_others_only(world: personas.World) -> None:
    ana, omar, pk = signed_in(world.ana), signed_in(world.omar), _talk().pk
    assert ana.post(f"/conversations/{pk}/presence/", {"doing": "replying"}).status_code == 204
    line = omar.get(f"/inbox/care/{pk}/presence/", headers=HTMX).content
    assert b"Ana</b> is replying" in line
    assert b"Ana is replying" in omar.get("/inbox/care/").content
    assert b"Ana" in omar.get(f"/inbox/care/{pk}/head/", headers=HTMX).content
    assert b"is replying" not in ana.get(f"/inbox/care/{pk}/").content


def test_who_looks_is_a_face_and_who_leaves_is_gone(world: personas.World) -> None:
    ana, omar, pk = signed_in(world.ana), signed_in(world.omar), _talk().pk
    ana.post(f"/conversations/{pk}/presence/", {"doing": "looking"})
    assert b"Also here: Ana" in omar.get(f"/inbox/care/{pk}/").content
    assert b"Here now: Ana" in omar.get("/inbox/care/").content, "the list shows it, too"
    ana.post(f"/conversations/{pk}/presence/", {"doing": ""})
    assert b"Also here" not in omar.get(f"/inbox/care/{pk}/").content


def test_only_news_is_told(world: personas.World) -> None:
    talk = _talk()
    with live.client().pubsub(ignore_subscribe_messages=True) as ear:
        ear.subscribe(f"live:presence:{talk.pk}")
        ear.get_message(timeout=2)
        for doing in ("looking", "looking", "replying"):
            presence.say(talk, world.ana, doing)
        heard = [ear.get_message(timeout=1) for _ in range(3)]
    assert [message is not None for message in heard] == [True, True, False]


def test_what_is_wrong_is_refused(world: personas.World) -> None:
    pk = _talk().pk
    assert signed_in(world.ana).post(f"/conversations/{pk}/presence/", {"doing": "dancing"}).status_code == 422
    assert signed_in(world.ben).post(f"/conversations/{pk}/presence/", {"doing": "looking"}).status_code == 404
    assert signed_in(world.ben).get(f"/inbox/all/{pk}/presence/").status_code == 404


def test_without_redis_nothing_is_shown_and_nothing_breaks(world: personas.World, settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    live.client.cache_clear()
    try:
        ana, pk = signed_in(world.ana), _talk().pk
        assert ana.post(f"/conversations/{pk}/presence/", {"doing": "replying"}).status_code == 204
        assert ana.get(f"/inbox/care/{pk}/").status_code == 200
    finally:
        live.client.cache_clear()


def test_what_is_not_ours_in_redis_is_nobody(world: personas.World) -> None:
    pk = _talk().pk
    live.client().hset(
        f"here:{pk}", mapping={"7": b"{", "8": b'{"name": 1}', "x": b'{"at": 1e12, "name": "", "doing": ""}'}
    )
    assert presence.here([pk], but=world.ana) == {pk: []}


def test_drafts_are_ones_own(world: personas.World) -> None:
    ana, omar, pk = signed_in(world.ana), signed_in(world.omar), _talk().pk
    assert b"No drafts" in ana.get("/inbox/drafts/").content
    assert ana.post(f"/conversations/{pk}/drafts/", {"text": "Dear", "visibility": "public"}).status_code == 204
    assert f'id="row-{pk}"'.encode() in ana.get("/inbox/drafts/").content
    assert f'id="row-{pk}"'.encode() not in omar.get("/inbox/drafts/").content


def test_a_draft_in_what_one_reads_no_longer_is_absent(world: personas.World) -> None:
    ana, pk = signed_in(world.ana), _talk().pk
    ana.post(f"/conversations/{pk}/drafts/", {"text": "Dear", "visibility": "public"})
    Conversation.objects.update(queue=world.queues.pr)
    assert b"No drafts" in ana.get("/inbox/drafts/").content


def test_who_is_on_shift_in_ones_own_teams(world: personas.World) -> None:
    for user, status in ((world.ana, "available"), (world.omar, "busy"), (world.ben, "available")):
        Presence.objects.update_or_create(user=user, defaults={"status": status})
    assert b"2 on shift" in signed_in(world.ana).get("/inbox/care/").content
    assert b"on shift" not in signed_in(world.zoe).get("/inbox/all/").content


def test_the_same_post_at_another_brand_is_said(world: personas.World) -> None:
    lumo, northwind = world.channels.lumo_x, world.channels.northwind_x
    store(lumo, post("n0", by=person("n0"), text="bag", mentions=(lumo.external_id,)))
    ana, pk = signed_in(world.ana), Conversation.objects.get(channel=northwind).pk
    assert b"also at Lumo Mobile" in ana.get(f"/inbox/care/{pk}/").content
    store(lumo, post("a0", by=account(lumo), text="done", in_reply_to="n0", root="n0", minute=5))
    assert Message.objects.get(external_id="a0").direction == "out"
    assert b"also at Lumo Mobile, answered 09:05" in ana.get(f"/inbox/care/{pk}/stream/", headers=HTMX).content


def test_what_waits_above_an_answer_says_why(world: personas.World) -> None:
    ana, talk = signed_in(world.ana), _talk()
    stream = f"/inbox/care/{talk.pk}/stream/"
    Conversation.objects.update(answered_at=START + timedelta(minutes=5), answer_seen_at=START)
    assert b"Came after the answer below was written" in ana.get(stream, headers=HTMX).content
    Conversation.objects.update(answer_seen_at=timezone.now())
    assert b"Came after the answer below" not in ana.get(stream, headers=HTMX).content


def test_what_came_while_the_list_stood_open_is_shown_on_top(world: personas.World) -> None:
    channel = world.channels.northwind_x
    names = (channel.external_id,)
    store(channel, *(post(f"m{i}", by=person(f"m{i}"), minute=i + 1, mentions=names) for i in range(60)))
    store(channel, post("big", by=person("big", followers=900_000), mentions=names))
    newest = Conversation.objects.get(profile__external_id="m59").pk
    big = Conversation.objects.get(profile__external_id="big").pk
    ana = signed_in(world.ana)
    assert f'id="row-{newest}"'.encode() not in ana.get("/inbox/care/").content
    page = ana.get(f"/inbox/care/?new={newest},{big},999999,x,").content
    assert page.index(f'id="row-{newest}"'.encode()) < page.index(f'id="row-{_talk().pk}"'.encode())
    assert f'id="row-{big}"'.encode() not in page
    assert f"new={newest}".encode() in page
