"""Asking for notices on a device: the page, what a browser posts, and that without a key nothing of it is there."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as current
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Device, Session
from routing.models.attention import Attention
from routing.models.push import Push
from tests.clients import signed_in
from tests.personas import World
from tests.pushed import PretendBrowser, pushing_to

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/you/attention/"
ALL = {"told": ["mention"], "mailed": [], "digest": "off", "digest_hour": "8"}
POSTS = (
    "/you/devices/",
    "/you/devices/renewal/",
    "/you/devices/move/",
    "/you/devices/1/removal/",
    "/you/devices/1/trial/",
)


@pytest.fixture
def key(settings: Any) -> str:
    return pushing_to(settings)


def parts(browser: PretendBrowser) -> dict[str, str]:
    given = browser.subscription
    return {"endpoint": given.endpoint, "p256dh": given.p256dh, "auth": given.auth}


def page_of(client: Client) -> str:
    return client.get(PAGE).content.decode()


def test_without_a_key_nothing_of_it_is_anywhere(world: World) -> None:
    client = signed_in(world.ana)
    page = page_of(client)
    assert not [word for word in ("data-push", "On my devices", "webmanifest") if word in page]
    assert client.get("/service-worker.js").status_code == 404
    assert {client.post(path, parts(PretendBrowser("push.example"))).status_code for path in POSTS} == {404}
    assert client.post(PAGE, {**ALL, "pushed": ["mention"]}).status_code == 302
    assert Attention.objects.get().not_pushed == [], "what was not to be chosen stays as it is"


def test_one_asks_sees_the_device_tries_it_and_removes_it(world: World, key: str) -> None:
    client, browser = signed_in(world.ana), PretendBrowser("push.example")
    page = page_of(client)
    assert f'data-push-key="{key}"' in page
    assert 'data-push-here=""' in page
    asked = client.post("/you/devices/", parts(browser), headers={"User-Agent": "Firefox/1 Linux"}, follow=True)
    page = asked.content.decode()
    assert "You get notices on this device now." in page
    device = Device.objects.get()
    assert device.session_id == client.session.session_key
    assert f'data-push-here="{device.pk}"' in page
    assert "Firefox on Linux" in page
    assert "This device" in page
    assert "no notice yet" in page
    assert browser.path not in page
    assert 'data-push-here=""' in page_of(signed_in(world.ana)), "another browser of hers is not that device"

    tried = client.post(f"/you/devices/{device.pk}/trial/", follow=True)
    assert "A trial notice is on its way." in tried.content.decode()
    assert client.post(f"/you/devices/{device.pk}/trial/").status_code == 409
    assert Push.objects.count() == 1
    assert signed_in(world.omar).post(f"/you/devices/{device.pk}/removal/").status_code == 404
    gone = client.post(f"/you/devices/{device.pk}/removal/", follow=True)
    assert "That device gets no notices any more." in gone.content.decode()
    assert not Device.objects.exists()


def test_what_went_wrong_and_who_is_signed_out_is_said(world: World, key: str) -> None:
    client = signed_in(world.ana)
    client.post("/you/devices/", parts(PretendBrowser("push.example")))
    other = signed_in(world.ana)
    Device.objects.update(failure="503")
    assert "refused it (status 503)" in page_of(other)
    Session.objects.filter(pk=client.session.session_key).update(
        seen_at=timezone.now() - timedelta(seconds=current.SESSION_IDLE_S + 1)
    )
    page = page_of(other)
    assert "Nobody is signed in there" in page
    assert "/trial/" not in page


def test_signing_out_ends_it(world: World, key: str) -> None:
    client = signed_in(world.ana)
    client.post("/you/devices/", parts(PretendBrowser("push.example")))
    client.post("/account/logout/")
    assert not Device.objects.exists()


def test_a_new_password_ends_the_other_devices_and_keeps_this_one(world: World, key: str) -> None:
    world.ana.set_password("a first long password")
    world.ana.save(update_fields=["password"])
    here, there = Client(), signed_in(world.ana)
    login = {"login": world.ana.email, "password": "a first long password"}
    assert here.post("/account/login/", login).status_code == 302
    here.post("/you/devices/", parts(PretendBrowser("push.example", "/push/here")))
    there.post("/you/devices/", parts(PretendBrowser("push.example", "/push/there")))
    new = {"oldpassword": "a first long password", "password1": "quite another word", "password2": "quite another word"}
    assert here.post("/account/password/change/", new).status_code == 302
    [kept] = Device.objects.all()
    assert kept.session_id == here.session.session_key


def test_a_browser_that_is_signed_in_again_is_reached_again(world: World, key: str) -> None:
    browser = PretendBrowser("push.example")
    signed_in(world.ana).post("/you/devices/", parts(browser))
    again = signed_in(world.ana)
    device = Device.objects.get()
    for known in ("", str(device.pk), "x", "9" * 30):
        assert again.post("/you/devices/renewal/", {**parts(browser), "device": known}).status_code == 204
    device.refresh_from_db()
    assert device.session_id == again.session.session_key
    assert signed_in(world.omar).post("/you/devices/renewal/", parts(browser)).status_code == 205
    device.refresh_from_db()
    assert device.user_id == world.ana.pk, "who never asked here is not told here"


def test_a_worker_tells_of_a_new_address_with_the_old_one(world: World, key: str) -> None:
    """It has no token, and needs none: nobody else knows the former address."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.ana)
    former, fresh = PretendBrowser("push.example"), PretendBrowser("push.example", "/push/two")
    signed_in(world.ana).post("/you/devices/", parts(former))
    before = bytes(Device.objects.get().sealed)
    guessed = {**parts(fresh), "formerly": "https://push.example/guess"}
    assert client.post("/you/devices/move/", guessed).status_code == 404
    assert bytes(Device.objects.get().sealed) == before
    known = {**parts(fresh), "formerly": former.subscription.endpoint}
    assert client.post("/you/devices/move/", known).status_code == 204
    assert bytes(Device.objects.get().sealed) != before
    assert client.post("/you/devices/", parts(fresh)).status_code == 403, "everything else asks for the token"
    assert client.post("/you/devices/renewal/", parts(fresh)).status_code == 403


def test_a_wrong_address_is_refused_in_a_sentence(world: World, key: str, settings: Any) -> None:
    settings.PUSH_TO_PRIVATE_ADDRESSES = False
    refused = signed_in(world.ana).post("/you/devices/", {**parts(PretendBrowser("x")), "endpoint": "https://[::1]/"})
    assert refused.status_code == 422
    assert "This is no push service." in refused.content.decode()


def test_the_third_column_is_kept(world: World, key: str) -> None:
    client = signed_in(world.ana)
    assert len(re.findall(r'name="pushed"[^>]* checked', page_of(client))) == 8
    assert client.post(PAGE, {**ALL, "pushed": ["mention", "promise"]}).status_code == 302
    assert len(re.findall(r'name="pushed"[^>]* checked', page_of(client))) == 2


def test_the_worker_stands_at_the_root_and_is_for_everybody(key: str) -> None:
    answer = Client().get("/service-worker.js")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/javascript"
    assert answer["Cache-Control"] == "no-cache"
    assert "worker-src 'self'" in answer["Content-Security-Policy"]


def test_more_devices_cost_no_more(world: World, key: str) -> None:
    client = signed_in(world.ana)

    def cost(first: int, last: int) -> int:
        for number in range(first, last):
            client.post("/you/devices/", parts(PretendBrowser("push.example", f"/push/{number}")))
        client.get(PAGE)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(PAGE).status_code == 200
        return len(queries)

    assert cost(0, 2) == cost(2, 8)
