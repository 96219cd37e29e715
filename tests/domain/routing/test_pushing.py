"""Notices on devices: once, sealed, to who may know it, and to nobody who is in peace, signed out or elsewhere."""

import socket
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as current
from django.contrib.sessions.backends.base import SessionBase
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AccountEvent, Device, Presence, Session, User
from accounts.services import devices as people_devices
from accounts.services import people as people_services
from accounts.services import presence, sessions, tokens
from accounts.services.devices import MOST, SignIn
from accounts.session_store import SessionStore
from channels import vault
from channels.models import BrandAccess
from channels.services import rotation
from channels.webpush import Subscription
from core.clock import database_now
from core.errors import Conflict, Invalid, NotFound
from inbox.models.conversation import Conversation
from routing.models.notice import Notice
from routing.models.push import Push
from routing.selectors.devices import devices_of
from routing.services import attention, devices, notices, pushing
from routing.services.attention import Wishes
from tests.clients import signed_in
from tests.factories import talk
from tests.personas import World
from tests.pushed import CONTACT, PretendBrowser, asked, claims_of, pushing_to
from tests.racing import race
from tests.receiving import Receiver, receiving

pytestmark = pytest.mark.django_db(transaction=True)
EVERYTHING = ("mention", "assignment", "promise", "rule", "ask", "escalation", "answer", "followed")
WORDS = {"person": "Tess Moran", "by": "Ben Achterberg"}


@pytest.fixture
def service() -> Iterator[Receiver]:
    with receiving() as server:
        server.status = 201
        yield server


@pytest.fixture(autouse=True)
def key(settings: Any) -> str:
    return pushing_to(settings)


@pytest.fixture
def phone(world: World, service: Receiver) -> PretendBrowser:
    return asked(world.ana, service)[1]


def tell(person: User, conversation: Conversation, kind: str = "note.mentioned") -> None:
    notices.tell([person.pk], kind, conversation.pk, WORDS if kind == "note.mentioned" else {"person": "Tess Moran"})


def push() -> int:
    """What is pushed once the grace is over."""
    pushing.spread()
    Push.objects.filter(state="queued").update(due_at=database_now() - timedelta(seconds=1))
    return pushing.push_due()


def why() -> list[tuple[str, str]]:
    return list(Push.objects.order_by("pk").values_list("state", "why"))


def test_it_says_what_where_and_nothing_of_the_contact(
    world: World, waiting: Conversation, phone: PretendBrowser, service: Receiver, key: str
) -> None:
    tell(world.ana, waiting)
    assert push() == 1
    [(headers, body, path)] = service.got
    assert path == phone.path
    assert phone.read(body) == {
        "title": "Ben Achterberg named you in a note.",
        "body": "Care, Northwind Air",
        "path": f"/inbox/all/{waiting.pk}/",
        "tag": f"conversation-{waiting.pk}",
        "lang": "en",
    }
    assert (headers["Content-Encoding"], headers["Urgency"]) == ("aes128gcm", "high")
    assert headers["Topic"] == f"conversation-{waiting.pk}"
    assert 3500 < int(headers["TTL"]) <= 3600
    assert headers["Authorization"].endswith(f"k={key}")
    claims = claims_of(headers["Authorization"])
    assert (claims["aud"], claims["sub"]) == (f"http://{service.host}", CONTACT)
    assert "Cookie" not in headers
    assert why() == [("sent", "")]
    [shown] = devices_of(world.ana)
    assert shown.pushed_at is not None
    assert shown.failure == ""


def test_nothing_of_the_message_or_the_contact_is_in_any_notice(
    world: World, waiting: Conversation, phone: PretendBrowser, service: Receiver
) -> None:
    """Every kind that there is, with payloads full of what must stay inside."""
    inside = {"person": "Tess Moran", "by": "Ben", "to": "PR", "rule": "bag rule", "reason": "bag lost", "promise": "x"}
    inside |= {"sentence": "a lost bag", "due": "2026-11-22T12:00:00+00:00"}
    for kind in notices.KINDS:
        notices.tell([world.ana.pk], kind.code, waiting.pk, {key: inside[key] for key in kind.payload})
    total = sum(1 for _ in notices.KINDS)
    assert push() == total
    said = " ".join(str(phone.read(body)) for _, body, _ in service.got)
    assert "Care, Northwind Air" in said
    assert not [word for word in ("Tess", "Moran", "bag", "lost") if word in said]


def test_it_waits_for_who_is_just_looking(world: World, waiting: Conversation, phone: PretendBrowser) -> None:
    tell(world.ana, waiting)
    assert pushing.push_due() == 0, "seconds of grace"
    notices.read(world.ana, conversation_id=waiting.pk)
    assert push() == 0
    assert why() == [("held_back", "read")]


def test_two_workers_push_it_once(
    world: World, waiting: Conversation, phone: PretendBrowser, service: Receiver
) -> None:
    tell(world.ana, waiting)
    assert sorted(race(pushing.spread, pushing.spread)) == [0, 1]
    Push.objects.update(due_at=database_now())
    assert sorted(race(*[pushing.push_due] * 4)) == [0, 0, 0, 1]
    assert len(service.got) == 1
    assert push() == 0


def test_what_a_worker_had_in_hand_when_it_died_is_not_pushed_twice(
    world: World, waiting: Conversation, phone: PretendBrowser, service: Receiver
) -> None:
    tell(world.ana, waiting)
    pushing.spread()
    Push.objects.update(due_at=database_now())
    assert len(pushing.claim()) == 1  # and no more is heard of that worker
    assert pushing.push_due() == 0
    Push.objects.update(due_at=database_now())
    assert pushing.push_due() == 0
    assert why() == [("failed", "cut_off")]
    assert service.got == []
    assert notices.Notice.objects.get().read_at is None, "it stands in the list"


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(
    world: World, waiting: Conversation, phone: PretendBrowser, service: Receiver, status: int
) -> None:
    service.status = status
    tell(world.ana, waiting)
    assert push() == 0
    assert not Device.objects.exists()
    assert AccountEvent.objects.get(kind="device.gone").subject_id == world.ana.pk


@pytest.mark.parametrize("status", [429, 500, 503])
def test_what_may_work_later_is_tried_again_and_given_up_in_the_end(
    world: World, waiting: Conversation, phone: PretendBrowser, service: Receiver, status: int
) -> None:
    service.status = status
    tell(world.ana, waiting)
    waits = []
    for _ in range(4):
        assert push() == 0
        row = Push.objects.get()
        waits.append(round((row.due_at - database_now()).total_seconds(), -1))
    assert why() == [("queued", str(status))]
    assert waits == [30, 60, 120, 240]
    assert push() == 0
    assert why() == [("failed", str(status))]
    assert push() == 0
    assert len(service.got) == 5
    assert str(status) in devices_of(world.ana)[0].failure


def test_it_comes_when_the_push_service_is_well_again(
    world: World, waiting: Conversation, phone: PretendBrowser, service: Receiver
) -> None:
    service.status = 503
    tell(world.ana, waiting)
    push()
    service.status = 201
    assert push() == 1
    assert why() == [("sent", "")]
    assert devices_of(world.ana)[0].failure == ""


def test_it_waits_as_long_as_the_push_service_asks(
    world: World, waiting: Conversation, phone: PretendBrowser, service: Receiver
) -> None:
    service.status, service.headers = 429, {"Retry-After": "600"}
    tell(world.ana, waiting)
    push()
    wait = Push.objects.get().due_at - database_now()
    assert timedelta(minutes=9) < wait <= timedelta(minutes=10)


@pytest.mark.parametrize("status", [400, 401, 403, 413])
def test_a_refusal_is_not_tried_again(
    world: World, waiting: Conversation, phone: PretendBrowser, service: Receiver, status: int
) -> None:
    service.status = status
    tell(world.ana, waiting)
    assert push() == 0
    assert why() == [("failed", str(status))]
    assert devices_of(world.ana)[0].failure == f"The push service refused it (status {status})."


def test_a_redirect_is_not_followed(
    world: World, waiting: Conversation, phone: PretendBrowser, service: Receiver
) -> None:
    service.status, service.location = 307, f"http://{service.host}/elsewhere"
    tell(world.ana, waiting)
    assert push() == 0
    assert why() == [("failed", "307")]
    assert [path for _, _, path in service.got] == [phone.path]


def test_one_that_hangs_is_cut_off_and_holds_up_no_other(
    world: World, waiting: Conversation, service: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may have arrived, so that it is not sent again; what waits behind it is tried later."""
    with receiving() as hangs:
        hangs.speaks.clear()
        asked(world.ana, hangs, "/push/a")
        asked(world.ana, hangs, "/push/b")
        asked(world.ana, service)
        tell(world.ana, waiting)
        assert push() == 1
        assert len(service.got) == 1
        assert len(hangs.got) == 1
    assert sorted(why()) == [("failed", "no_answer"), ("queued", ""), ("sent", "")]


def test_an_address_that_cannot_be_called_stops_nobody_else(
    world: World, waiting: Conversation, phone: PretendBrowser, service: Receiver
) -> None:
    keys, session = PretendBrowser("push.example").subscription, signed_in(world.ana).session.session_key
    nowhere = Subscription("https://*.push.example/one", keys.p256dh, keys.auth)
    devices.add(nowhere, SignIn(session), actor=world.ana)  # where somebody tries Socialcare out it is let in
    tell(world.ana, waiting)
    assert push() == 1
    assert sorted(why()) == [("failed", "unreachable"), ("sent", "")]


def test_one_that_has_moved_while_it_was_called_is_not_forgotten(
    world: World, waiting: Conversation, phone: PretendBrowser, service: Receiver
) -> None:
    tell(world.ana, waiting)
    pushing.spread()
    Push.objects.update(due_at=database_now() - timedelta(seconds=1))
    [claimed] = pushing.claim()
    fresh = PretendBrowser(service.host, "/push/two").subscription
    session = signed_in(world.ana).session.session_key
    devices.move(fresh, SignIn(session), formerly=phone.subscription.endpoint, actor=world.ana)
    assert people_devices.gone({claimed.device_id: claimed.device.fingerprint}) == 0
    assert devices.opened(Device.objects.get()) == fresh
    assert not AccountEvent.objects.filter(kind="device.gone").exists()


def test_a_process_of_the_release_before_signs_out_what_it_does_not_know(
    world: World, waiting: Conversation, phone: PretendBrowser
) -> None:
    tell(world.ana, waiting)
    pushing.spread()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_session WHERE user_id = %s", [world.ana.pk])
    assert not Device.objects.exists()
    assert not Push.objects.exists()


@pytest.mark.parametrize("host", ["localhost", "ip6-localhost"])
def test_a_name_that_leads_to_this_machine_is_not_called(
    world: World, waiting: Conversation, settings: Any, host: str
) -> None:
    """What counts is the address that is called: "localhost" stands for any name that leads inside."""
    settings.PUSH_TO_PRIVATE_ADDRESSES = False
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        inside = PretendBrowser("push.example").subscription
        port = listener.getsockname()[1]
        settings.PUSH_TO_PRIVATE_ADDRESSES = True
        endpoint = f"https://{host}:{port}/push"
        session = signed_in(world.ana).session.session_key
        devices.add(Subscription(endpoint, inside.p256dh, inside.auth), SignIn(session), actor=world.ana)
        settings.PUSH_TO_PRIVATE_ADDRESSES = False
        tell(world.ana, waiting)
        assert push() == 0
        with pytest.raises(TimeoutError):
            listener.accept()
    assert why() == [("queued", "unreachable")]


@pytest.mark.parametrize(
    "endpoint",
    [
        "",
        "http://push.example.com/one",
        "ftp://push.example.com/one",
        "https://127.0.0.1/one",
        "https://[::1]/one",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://user:secret@push.example.com/",
        "https://push.example.com/#x",
        "https://push.example.com:8443/one",
        "https://*.push.example.com/one",
        "https://.push.example.com/one",
        f"https://{'x' * 64}.example.com/one",
        "https://push.example.com\\@inside/",
        "https://push.example.com/\r\nHost: inside",
        "javascript:alert(1)",
        "https://push.example.com/" + "x" * 2000,
    ],
)
def test_only_plain_https_addresses_are_taken(world: World, settings: Any, endpoint: str) -> None:
    settings.PUSH_TO_PRIVATE_ADDRESSES = False
    keys = PretendBrowser("push.example").subscription
    with pytest.raises(Invalid) as refused:
        devices.add(Subscription(endpoint, keys.p256dh, keys.auth), SignIn(), actor=world.ana)
    assert set(refused.value.fields) == {"endpoint"}
    assert not Device.objects.exists()


def test_keys_that_are_none_are_named(world: World) -> None:
    with pytest.raises(Invalid) as refused:
        devices.add(Subscription("https://push.example.com/one", "x", "y"), SignIn(), actor=world.ana)
    assert set(refused.value.fields) == {"p256dh"}


def quiet(world: World) -> None:
    now = database_now()
    around = ((now - timedelta(hours=2)).time(), (now + timedelta(hours=2)).time())
    attention.save(Wishes(EVERYTHING, (), quiet_from=around[0], quiet_until=around[1]), actor=world.ana)


HELD: dict[str, tuple[str, Callable[[World], object]]] = {
    "quiet hours": ("in_peace", quiet),
    "busy": ("in_peace", lambda world: presence.set_status(world.ana, Presence.Status.BUSY)),
    "away": ("in_peace", lambda world: presence.set_status(world.ana, Presence.Status.AWAY)),
    "out of sight": ("out_of_sight", lambda world: BrandAccess.objects.filter(user=world.ana).delete()),
    "disabled": ("disabled", lambda world: User.objects.filter(pk=world.ana.pk).update(is_active=False)),
    "unwanted by now": (
        "unwanted",
        lambda world: attention.save(Wishes(EVERYTHING, (), pushed=["promise"]), actor=world.ana),
    ),
    "idle for too long": (
        "signed_out",
        lambda _: Session.objects.update(seen_at=database_now() - timedelta(seconds=current.SESSION_IDLE_S + 1)),
    ),
    "signed in for too long": (
        "signed_out",
        lambda _: Session.objects.update(
            signed_in_at=database_now() - timedelta(seconds=current.SESSION_COOKIE_AGE + 1)
        ),
    ),
    "an hour old": (
        "too_late",
        lambda _: Notice.objects.update(created_at=database_now() - timedelta(hours=1, seconds=1)),
    ),
}


@pytest.mark.parametrize("case", HELD)
def test_what_must_not_ring_is_held_back_when_it_would_be_sent(
    world: World, waiting: Conversation, phone: PretendBrowser, service: Receiver, case: str
) -> None:
    reason, happens = HELD[case]
    tell(world.ana, waiting)
    pushing.spread()
    happens(world)
    assert push() == 0
    assert why() == [("held_back", reason)]
    assert service.got == []


ENDED: dict[str, Callable[[World, str], object]] = {
    "signed out": lambda _, key: SessionStore(key).flush(),
    "everywhere": lambda world, _: sessions.end(world.ana.pk, actor=world.ana),
    "that one": lambda world, key: sessions.end_one(sessions.reference_of(key), actor=world.ana),
    "by an administrator": lambda world, _: sessions.end(world.ana.pk, actor=world.ada),
    "role changed": lambda world, _: people_services.set_role(world.ana.pk, "administrator", actor=world.ada),
    "disabled": lambda world, _: people_services.disable(world.ana.pk, actor=world.ada),
}


@pytest.mark.parametrize("case", ENDED)
def test_with_the_sign_in_the_device_goes(
    world: World, waiting: Conversation, phone: PretendBrowser, service: Receiver, case: str
) -> None:
    tell(world.ana, waiting)
    pushing.spread()
    ENDED[case](world, Session.objects.get(user=world.ana).pk)
    assert not Device.objects.exists()
    assert push() == 0
    assert service.got == []


def test_a_sign_in_elsewhere_keeps_its_devices(world: World, service: Receiver) -> None:
    asked(world.ana, service, "/push/a")
    kept, _ = asked(world.ana, service, "/push/b")
    sessions.end(world.ana.pk, actor=world.ana, keep=kept.session_id)
    assert list(Device.objects.values_list("pk", flat=True)) == [kept.pk]
    assert AccountEvent.objects.get(kind="sign_in.ended").data == {"sessions": 1}


def test_a_session_that_goes_on_under_another_key_takes_its_devices_along(world: World, service: Receiver) -> None:
    device, _ = asked(world.ana, service)
    session: SessionBase = SessionStore(device.session_id)
    session.cycle_key()
    device.refresh_from_db()
    assert device.session_id == session.session_key


def test_a_device_whose_sign_in_is_over_sleeps_and_wakes_with_the_next(
    world: World, waiting: Conversation, phone: PretendBrowser, service: Receiver
) -> None:
    Session.objects.update(seen_at=database_now() - timedelta(seconds=current.SESSION_IDLE_S + 1))
    sessions.clear_over()
    [asleep] = devices_of(world.ana)
    assert not asleep.awake
    tell(world.ana, waiting)
    assert push() == 0
    with pytest.raises(NotFound):
        devices.renew(phone.subscription, SignIn(), device_id=None, actor=world.omar)

    again = signed_in(world.ana).session.session_key
    devices.renew(phone.subscription, SignIn(again), device_id=None, actor=world.ana)
    tell(world.ana, waiting, "conversation.came")
    assert push() == 1
    Session.objects.update(seen_at=database_now() - timedelta(seconds=current.SESSION_IDLE_S + 1))
    sessions.clear_over()
    sessions.end(world.ana.pk, actor=world.ana)
    assert not Device.objects.exists(), "ending all sessions ends what sleeps as well"


def test_a_browser_with_another_address_is_still_the_same_device(
    world: World, waiting: Conversation, phone: PretendBrowser, service: Receiver
) -> None:
    fresh = PretendBrowser(service.host, "/push/two")
    session = signed_in(world.ana).session.session_key
    with pytest.raises(NotFound):
        devices.move(fresh.subscription, SignIn(session), formerly="https://push.example/guessed", actor=world.ana)
    devices.move(fresh.subscription, SignIn(session), formerly=phone.subscription.endpoint, actor=world.ana)
    tell(world.ana, waiting)
    assert push() == 1
    assert [path for _, _, path in service.got] == ["/push/two"]
    newest = PretendBrowser(service.host, "/push/three")
    known = Device.objects.get().pk
    with pytest.raises(NotFound):
        devices.renew(newest.subscription, SignIn(session), device_id=known, actor=world.omar)
    devices.renew(newest.subscription, SignIn(session), device_id=known, actor=world.ana)
    assert Device.objects.get().pk == known


def test_who_asks_in_the_same_browser_has_it_for_themselves(
    world: World, waiting: Conversation, phone: PretendBrowser, service: Receiver
) -> None:
    tell(world.ana, waiting)
    pushing.spread()
    session = signed_in(world.omar).session.session_key
    devices.add(phone.subscription, SignIn(session), actor=world.omar)
    assert push() == 0
    assert why() == [("held_back", "not_theirs")]
    assert devices_of(world.ana) == []
    assert len(devices_of(world.omar)) == 1


def test_a_token_that_is_revoked_is_told_nothing(world: World, waiting: Conversation, service: Receiver) -> None:
    token, _ = tokens.create(world.ana.pk, name="Pager", actor=world.ana)
    browser = PretendBrowser(service.host)
    devices.add(browser.subscription, SignIn(token_id=token.pk), actor=world.ana)
    tell(world.ana, waiting)
    assert push() == 1
    tokens.revoke(token.pk, actor=world.ana)
    tell(world.ana, waiting, "conversation.came")
    assert push() == 0
    assert why()[-1] == ("held_back", "signed_out")


def test_causes_are_a_choice_of_their_own(
    world: World, waiting: Conversation, phone: PretendBrowser, service: Receiver
) -> None:
    attention.save(Wishes((), (), pushed=["mention"]), actor=world.ana)
    tell(world.ana, waiting)
    tell(world.ana, waiting, "conversation.came")
    assert push() == 1
    [notice] = Notice.objects.all()
    assert (notice.kind, notice.in_app) == ("note.mentioned", False)
    attention.save(Wishes(EVERYTHING, ()), actor=world.ana)
    tell(world.ana, waiting)
    tell(world.ana, waiting, "conversation.came")
    assert push() == 1, "who says nothing of devices leaves that choice as it is"


def test_a_trial_says_that_it_works_and_one_is_enough(world: World, phone: PretendBrowser, service: Receiver) -> None:
    presence.set_status(world.ana, Presence.Status.BUSY)
    device = Device.objects.get()
    with pytest.raises(NotFound):
        devices.try_out(device.pk, actor=world.omar)
    devices.try_out(device.pk, actor=world.ana)
    with pytest.raises(Conflict) as refused:
        devices.try_out(device.pk, actor=world.ana)
    assert refused.value.code == "trial_on_its_way"
    assert pushing.push_due() == 1
    assert phone.read(service.got[0][1])["title"] == "Notices get to this device."
    devices.try_out(device.pk, actor=world.ana)
    assert pushing.push_due() == 1


def test_two_trials_at_once_are_one(world: World, phone: PretendBrowser) -> None:
    device = Device.objects.get()
    won = race(*[lambda: devices.try_out(device.pk, actor=world.ana)] * 2)
    assert sorted(type(one).__name__ for one in won) == ["Conflict", "NoneType"]


def test_there_is_a_limit_also_for_two_tabs_at_once(world: World, service: Receiver) -> None:
    for number in range(MOST - 1):
        asked(world.ana, service, f"/push/{number}")
    session = signed_in(world.ana).session.session_key
    new = [PretendBrowser(service.host, f"/push/new{n}").subscription for n in range(2)]
    outcomes = race(*[lambda one=one: devices.add(one, SignIn(session), actor=world.ana) for one in new])
    assert sorted(type(one).__name__ for one in outcomes) == ["Conflict", "Device"]
    assert Device.objects.count() == MOST
    known = asked(world.ana, service, "/push/0")[0]
    assert known.user_id == world.ana.pk, "one that is known is no new one"


def test_the_same_browser_asked_twice_at_once_is_one_device(world: World, service: Receiver) -> None:
    browser, session = PretendBrowser(service.host), signed_in(world.ana).session.session_key
    race(*[lambda: devices.add(browser.subscription, SignIn(session), actor=world.ana)] * 2)
    assert Device.objects.count() == AccountEvent.objects.filter(kind="device.added").count() == 1


def test_one_removes_only_what_is_one_s_own(world: World, phone: PretendBrowser) -> None:
    device = Device.objects.get()
    with pytest.raises(NotFound):
        devices.remove(device.pk, actor=world.ada)
    devices.remove(device.pk, actor=world.ana)
    with pytest.raises(NotFound):
        devices.remove(device.pk, actor=world.ana)
    assert AccountEvent.objects.get(kind="device.removed").subject_id == world.ana.pk


def test_where_it_is_reached_is_sealed_and_said_nowhere(
    world: World, waiting: Conversation, phone: PretendBrowser, service: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    service.status = 500
    tell(world.ana, waiting)
    push()
    service.status = 410
    push()
    secrets = (phone.subscription.endpoint, phone.path, phone.subscription.auth, phone.subscription.p256dh)
    said = caplog.text + str(list(AccountEvent.objects.values()))
    assert not [secret for secret in secrets if secret in said]


def test_its_address_takes_part_when_keys_are_rotated(
    world: World, waiting: Conversation, phone: PretendBrowser, settings: Any
) -> None:
    device = Device.objects.get()
    assert phone.subscription.endpoint.encode() not in bytes(device.sealed)
    new = f"newer:{settings.CREDENTIAL_KEYS[0].partition(':')[2]}"
    settings.CREDENTIAL_KEYS = [new, *settings.CREDENTIAL_KEYS]
    assert rotation.rotate().unreadable == 0
    settings.CREDENTIAL_KEYS = [new]
    device.refresh_from_db()
    assert vault.key_name(device.sealed) == "newer"
    tell(world.ana, waiting)
    assert push() == 1


def test_an_address_that_does_not_open_is_said_so_and_stops_nobody_else(
    world: World, waiting: Conversation, phone: PretendBrowser, service: Receiver
) -> None:
    broken, _ = asked(world.ana, service, "/push/two")
    Device.objects.filter(pk=broken.pk).update(sealed=b"broken")
    tell(world.ana, waiting)
    assert push() == 1
    assert sorted(why()) == [("failed", "unreadable"), ("sent", "")]


def test_without_a_key_nothing_of_it_is_there(
    world: World, waiting: Conversation, phone: PretendBrowser, service: Receiver, settings: Any
) -> None:
    settings.PUSH_KEY = ""
    tell(world.ana, waiting)
    assert push() == 0
    assert not Push.objects.exists()
    with pytest.raises(Conflict) as refused:
        devices.add(phone.subscription, SignIn(), actor=world.ana)
    assert refused.value.code == "push_off"


def test_what_is_over_is_forgotten_after_a_day(world: World, waiting: Conversation, phone: PretendBrowser) -> None:
    tell(world.ana, waiting)
    push()
    assert pushing.forget() == 0
    Push.objects.update(settled_at=database_now() - timedelta(days=1, seconds=1))
    assert pushing.forget() == 1


def test_ten_notices_cost_what_one_does(world: World, phone: PretendBrowser) -> None:
    def cost(n: int) -> int:
        for _ in range(n):
            tell(world.ana, talk.conversation(world.channels.northwind_x, world.queues.care))
        with CaptureQueriesContext(connection) as queries:
            assert push() == n
        return len(queries)

    assert cost(1) == cost(10)
