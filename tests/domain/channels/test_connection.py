"""Connecting an account: by keys or by asking at the network, once, and again after its token died."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from threading import Barrier
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from django.db import connection as database
from django.utils import timezone

from accounts.models import AccountEvent
from channels import vault
from channels.models import Channel, ConnectAttempt, Stream
from channels.services import attempts, connection, prices, switches
from channels.services.connection import Wishes
from core.errors import Conflict, Forbidden, Invalid, NotFound
from inbox.models.message import Message
from inbox.services import polling
from tests.domain.channels.kit import keys_of, oauth1

pytestmark = pytest.mark.django_db(transaction=True)
BACK = "http://127.0.0.1:8000/channels/connect/back/x/"
NEW = "1460000000000000099"


@pytest.fixture
def account(sandbox, world) -> dict:
    return sandbox.brand("northwindhelp", "x", id=NEW)


def keys(account: dict, **changes: str) -> dict[str, str]:
    return oauth1(account["credentials"]) | changes


def begin(world, account: dict, **more: object) -> ConnectAttempt:
    brand = world.brands.northwind
    return attempts.by_keys(actor=world.ada, brand_id=brand.pk, kind="x", values=keys(account), **more)


def connected_new(world, brand: dict, **more: object) -> Channel:
    values = {"days": 0, "wishes": Wishes(), "account": NEW, "actor": world.ada, **more}
    return connection.connect(begin(world, brand).pk, **values)


def allow(sandbox, url: str, account: str) -> dict[str, str]:
    """The person says yes at the network; what comes back in the address."""
    asked = dict(parse_qsl(urlsplit(url).query))
    address = f"{sandbox.base_url}/i/oauth2/authorize"
    form = {**asked, "account": account, "decision": "allow"}
    answer = requests.post(address, data=form, allow_redirects=False, timeout=5)
    return dict(parse_qsl(urlsplit(answer.headers["location"]).query))


@pytest.fixture
def asking(world, account, settings) -> str:
    """The address at X to which the administrator is sent."""
    settings.X_CLIENT_ID = account["credentials"]["client_id"]
    settings.X_CLIENT_SECRET = account["credentials"]["client_secret"]
    return attempts.by_asking(
        actor=world.ada, brand_id=world.brands.northwind.pk, kind="x", session="browser", redirect_uri=BACK
    )


def test_keys_show_which_account_they_open_and_connect_it(world, account) -> None:
    attempt = begin(world, account)
    [found] = attempts.found(attempt)
    assert (found.identity.external_id, found.identity.handle) == (NEW, "northwindhelp")
    assert account["credentials"]["access_token_secret"].encode() not in bytes(attempt.sealed)

    wishes = Wishes(terms=(" northwind  air ", "northwind air", ""), budget=Decimal(50), on=frozenset({"own_app", "x"}))
    channel = connection.connect(attempt.pk, account=NEW, actor=world.ada, days=7, wishes=wishes)
    assert channel.status == Channel.Status.ACTIVE
    assert vault.unseal(channel.sealed_credentials, channel) == keys(account)
    assert channel.options == {"own_app": True, "terms": ["northwind air"]}
    assert channel.identified_at is not None
    kinds = {stream.kind: stream.read_since for stream in channel.streams.all()}
    assert set(kinds) == {"mentions", "search", "direct_messages", "own_posts"}
    week = timezone.now() - timedelta(days=7)
    assert all(abs((since - week).total_seconds()) < 60 for since in kinds.values())
    assert AccountEvent.objects.get(kind="channel.connected").actor == world.ada
    attempt.refresh_from_db()
    assert (attempt.finished_at is not None, bytes(attempt.sealed)) == (True, b"")


def test_the_first_reading_reaches_back_as_far_as_was_chosen(world, account, sandbox) -> None:
    def said(days: float) -> str:
        when = (timezone.now() - timedelta(days=days)).isoformat()
        post = {"network": "x", "author": {"handle": "hanne"}, "text": "@northwindhelp hello", "created_at": when}
        return sandbox.control("POST", "posts", [post])["posts"][0]["id"]

    old, young = said(10), said(3)
    channel = connected_new(world, account, days=7)
    polling.poll_stream(channel.streams.get(kind="mentions").pk)
    stored = set(Message.objects.filter(channel=channel).values_list("external_id", flat=True))
    assert (young in stored, old in stored) == (True, False)


@pytest.mark.parametrize("field", ["consumer_key", "access_token_secret"])
def test_keys_that_the_network_refuses_are_refused_with_the_field(world, account, field: str) -> None:
    values = keys(account, **{field: "wrong-canary-1f2e"})
    with pytest.raises(Invalid) as refusal:
        attempts.by_keys(actor=world.ada, brand_id=world.brands.northwind.pk, kind="x", values=values)
    assert "access_token_secret" in refusal.value.fields
    assert "canary" not in str(refusal.value.fields)
    assert not ConnectAttempt.objects.exists()


def test_missing_keys_are_named(world, account) -> None:
    with pytest.raises(Invalid) as refusal:
        attempts.by_keys(actor=world.ada, brand_id=world.brands.northwind.pk, kind="x", values={"consumer_key": " "})
    assert set(refusal.value.fields) == set(keys(account))


def test_the_same_account_is_refused_twice_and_told_where_it_is(world, account) -> None:
    connected_new(world, account)
    with pytest.raises(Conflict, match="connected already, to Northwind Air"):
        connected_new(world, account)
    assert connection.taken("x", NEW).handle == "northwindhelp"


def test_two_administrators_connect_an_account_at_once_and_one_does(world, account) -> None:
    ids = [begin(world, account).pk for _ in range(2)]
    barrier = Barrier(2)

    def connect(attempt_id: int) -> bool:
        try:
            barrier.wait(10)
            connection.connect(attempt_id, account=NEW, actor=world.ada, days=0, wishes=Wishes())
        except Conflict:
            return False
        else:
            return True
        finally:
            database.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(connect, ids)) == [False, True]
    assert Channel.objects.filter(external_id=NEW).count() == 1


def test_one_wizard_connects_once_even_when_clicked_twice(world, account) -> None:
    attempt = begin(world, account)
    connection.connect(attempt.pk, account=NEW, actor=world.ada, days=0, wishes=Wishes())
    with pytest.raises(NotFound):
        connection.connect(attempt.pk, account=NEW, actor=world.ada, days=0, wishes=Wishes())


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"days": 31}, "days"),
        ({"days": -1}, "days"),
        ({"account": "1"}, "account"),
        ({"wishes": Wishes(terms=("x" * 61,))}, "terms"),
        ({"wishes": Wishes(budget=Decimal(-1))}, "budget"),
    ],
)
def test_wrong_input_is_named(world, account, changes: dict, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        connected_new(world, account, **changes)
    assert field in refusal.value.fields
    assert not Channel.objects.filter(external_id=NEW).exists()


def test_nobody_but_administrators_connects(world, account) -> None:
    attempt = begin(world, account)
    for person in (world.ana, world.omar, world.zoe):
        with pytest.raises(Forbidden):
            attempts.by_keys(actor=person, brand_id=world.brands.northwind.pk, kind="x", values=keys(account))
        with pytest.raises(Forbidden):
            connection.connect(attempt.pk, account=NEW, actor=person, days=0, wishes=Wishes())


def test_a_wizard_of_another_administrator_or_of_an_hour_ago_does_not_exist(world, account) -> None:
    from tests.factories import people

    attempt = begin(world, account)
    other = people.person("Ida Berg", role="administrator")
    with pytest.raises(NotFound):
        connection.connect(attempt.pk, account=NEW, actor=other, days=0, wishes=Wishes())
    past = timezone.now() - timedelta(hours=1)
    ConnectAttempt.objects.update(created_at=past, expires_at=past + timedelta(minutes=15))
    with pytest.raises(NotFound):
        attempts.current(attempt.pk, actor=world.ada)


def test_asking_at_the_network_ends_with_an_account_that_can_be_read(world, account, sandbox, asking) -> None:
    back = allow(sandbox, asking, NEW)
    attempt = attempts.answered(actor=world.ada, kind="x", state=back["state"], code=back["code"], session="browser")
    channel = connection.connect(attempt.pk, account=NEW, actor=world.ada, days=0, wishes=Wishes())
    assert channel.credentials_expire_at > timezone.now() + timedelta(hours=1)
    sandbox.say("hanne", "@northwindhelp hello")
    assert polling.poll_stream(channel.streams.get(kind="mentions").pk).stored == 1


@pytest.mark.parametrize("wrong", ["state", "session", "person", "network", "age", "code"])
def test_a_forged_answer_connects_nothing(world, account, sandbox, asking, wrong: str) -> None:
    from tests.factories import people

    back = allow(sandbox, asking, NEW)
    values = {"actor": world.ada, "kind": "x", "state": back["state"], "code": back["code"], "session": "browser"}
    if wrong == "person":
        values["actor"] = people.person("Ida Berg", role="administrator")
    elif wrong == "network":
        values["kind"] = "facebook"
    elif wrong == "age":
        past = timezone.now() - timedelta(hours=1)
        ConnectAttempt.objects.update(created_at=past, expires_at=past + timedelta(minutes=15))
    else:
        values[wrong] = "forged"
    with pytest.raises((NotFound, Invalid)):
        attempts.answered(**values)
    assert not any(attempts.found(attempt) for attempt in ConnectAttempt.objects.all())


def test_an_answer_is_taken_once_by_two_browsers_at_the_same_moment(world, account, sandbox, asking) -> None:
    back = allow(sandbox, asking, NEW)
    barrier = Barrier(2)

    def take(_: int) -> bool:
        try:
            barrier.wait(10)
            attempts.answered(actor=world.ada, kind="x", state=back["state"], code=back["code"], session="browser")
        except NotFound:
            return False
        else:
            return True
        finally:
            database.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(take, range(2))) == [False, True]


def test_after_a_dead_token_the_gap_is_filled(world, account, sandbox) -> None:
    channel = connected_new(world, account)
    stream = channel.streams.get(kind="mentions")
    ids = [sandbox.say("hanne", f"@northwindhelp {n}") for n in range(3)]
    polling.poll_stream(stream.pk)
    sandbox.control("POST", "revoke", {"account": "northwindhelp"})
    Stream.objects.update(next_poll_at=timezone.now())
    assert polling.poll_stream(stream.pk).error == "token_dead"
    ids += [sandbox.say("hanne", f"@northwindhelp {n}") for n in range(3, 140)]

    fresh = sandbox.control("POST", "reissue", {"account": "northwindhelp"})
    attempt = begin(world, fresh, channel=channel)
    again = connection.reconnect(attempt.pk, account=NEW, actor=world.ada)
    assert again.status == Channel.Status.ACTIVE
    assert polling.poll_stream(stream.pk).closed
    stored = Message.objects.filter(channel=channel).values_list("external_id", flat=True)
    assert sorted(stored) == sorted(ids)
    assert AccountEvent.objects.filter(kind="channel.reconnected").count() == 1


def test_another_account_cannot_take_a_channels_place(world, account, sandbox) -> None:
    channel = connected_new(world, account)
    other = sandbox.brand("lumomobile", "x", id="1460000000000000077")
    attempt = begin(world, other, channel=channel)
    with pytest.raises(Invalid, match="belong to @lumomobile"):
        connection.reconnect(attempt.pk, account="1460000000000000077", actor=world.ada)
    channel.refresh_from_db()
    assert vault.unseal(channel.sealed_credentials, channel) == keys(account)


def test_a_disconnected_account_forgets_its_keys_and_comes_back_with_its_marks(world, account, sandbox) -> None:
    channel = connected_new(world, account)
    sandbox.say("hanne", "@northwindhelp 1")
    polling.poll_stream(channel.streams.get(kind="mentions").pk)
    switches.disconnect(channel.pk, actor=world.ada)
    channel.refresh_from_db()
    assert (channel.status, bytes(channel.sealed_credentials)) == (Channel.Status.DISCONNECTED, b"")
    assert connection.taken("x", NEW) is None

    back = connected_new(world, account)
    assert back.pk == channel.pk
    assert back.streams.get(kind="mentions").mark
    switches.disconnect(channel.pk, actor=world.ada)
    attempt = attempts.by_keys(actor=world.ada, brand_id=world.brands.lumo.pk, kind="x", values=keys(account))
    with pytest.raises(Conflict, match="connect it to that brand"):
        connection.connect(attempt.pk, account=NEW, actor=world.ada, days=0, wishes=Wishes())


def test_search_words_make_and_take_the_search(world, account) -> None:
    channel = connected_new(world, account)
    assert not channel.streams.filter(kind="search").exists()
    connection.change(channel.pk, actor=world.ada, wishes=Wishes(terms=("northwind air",), budget=Decimal(9)))
    search = channel.streams.get(kind="search")
    assert timezone.now() - search.read_since < timedelta(minutes=1)
    changed = connection.change(channel.pk, actor=world.ada, wishes=Wishes())
    assert not channel.streams.filter(kind="search").exists()
    assert changed.budget_usd is None


def test_the_price_of_the_first_reading_is_known_before_it() -> None:
    streams = connection.wanted_streams("x", ("northwind",))
    week = {line.stream: line for line in prices.estimate("x", streams, days=7).lines}
    assert (week["mentions"].at_most, week["mentions"].calls, week["mentions"].usd) == (800, 8, Decimal("4.000"))
    assert week["search"].usd is None
    assert week["search"].each_usd == Decimal("0.005")
    now = prices.estimate("x", streams, days=0)
    assert (now.usd, now.calls, now.open_ended) == (0, 4, False)


def test_a_facebook_sign_in_opens_pages_of_which_one_is_chosen(world, sandbox, settings) -> None:
    pages = [sandbox.brand(handle, "facebook", id=id_) for handle, id_ in (("northwindair", "100"), ("other", "200"))]
    settings.FACEBOOK_APP_ID = pages[0]["credentials"]["app_id"]
    settings.FACEBOOK_APP_SECRET = pages[0]["credentials"]["app_secret"]
    brand = world.brands.northwind
    url = attempts.by_asking(actor=world.ada, brand_id=brand.pk, kind="facebook", session="browser", redirect_uri=BACK)
    asked = urlsplit(url)
    assert settings.FACEBOOK_APP_SECRET not in url
    form = [*parse_qsl(asked.query), ("page", "100"), ("decision", "allow")]
    said = requests.post(f"{sandbox.base_url}{asked.path}", data=form, allow_redirects=False, timeout=5)
    back = dict(parse_qsl(urlsplit(said.headers["location"]).query))
    attempt = attempts.answered(
        actor=world.ada, kind="facebook", state=back["state"], code=back["code"], session="browser"
    )
    assert [one.identity.external_id for one in attempts.found(attempt)] == ["100"]
    channel = connection.connect(attempt.pk, account="100", actor=world.ada, days=0, wishes=Wishes())
    assert {stream.kind for stream in channel.streams.all()} == {"page_feed", "page_messages"}
    for stream in channel.streams.all():
        assert polling.poll_stream(stream.pk).closed


def test_a_facebook_page_is_connected_by_its_keys(world, sandbox) -> None:
    page = sandbox.brand("northwindhelp", "facebook", id="300")
    keys = keys_of("facebook", page["credentials"])
    brand = world.brands.northwind
    attempt = attempts.by_keys(actor=world.ada, brand_id=brand.pk, kind="facebook", values=keys)
    channel = connection.connect(attempt.pk, account="300", actor=world.ada, days=7, wishes=Wishes())
    assert channel.name == "northwindhelp"
    with pytest.raises(Invalid):
        attempts.by_keys(
            actor=world.ada, brand_id=brand.pk, kind="facebook", values=keys | {"page_access_token": "EAAwrong"}
        )
