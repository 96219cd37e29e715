"""Connecting an account by plain forms, as an administrator walks it, against the sandbox."""

from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from django.utils.html import escape

from channels.models import Channel
from inbox.services import polling
from tests.domain.channels.kit import oauth1

pytestmark = pytest.mark.django_db(transaction=True)
NEW = "1460000000000000099"


@pytest.fixture
def account(sandbox) -> dict:
    return sandbox.brand("northwindhelp", "x", id=NEW)


@pytest.fixture
def admin(client, world):
    client.force_login(world.ada)
    return client


def keys_address(world) -> str:
    return f"/channels/connect/x/?brand={world.brands.northwind.pk}"


def with_keys(admin, world, account: dict) -> str:
    """Up to the last step; its address."""
    answer = admin.post(keys_address(world), oauth1(account["credentials"]))
    assert answer.status_code == 302
    answer = admin.get(answer["location"])
    assert answer.status_code == 302
    return answer["location"]


def test_the_whole_way_by_keys(admin, world, account) -> None:
    start = admin.get("/channels/connect/?kind=x")
    assert start.status_code == 200
    answer = admin.post("/channels/connect/", {"kind": "x", "brand": world.brands.northwind.pk})
    assert answer["location"] == keys_address(world)
    assert 'type="password"' in admin.get(answer["location"]).content.decode()

    confirm = with_keys(admin, world, account)
    text = admin.get(confirm).content.decode()
    assert "@northwindhelp" in text
    assert "Northwind Air" in text
    assert "4.00" in text
    answer = admin.post(confirm, {"days": "7", "terms": "northwind air", "budget": "30"}, follow=True)
    channel = Channel.objects.get(external_id=NEW)
    assert answer.redirect_chain[-1][0] == f"/channels/{channel.pk}/"
    assert "@northwindhelp is connected." in answer.content.decode()
    assert channel.options == {"terms": ["northwind air"]}
    assert channel.streams.count() == 4
    assert admin.get(confirm).status_code == 404


def test_refused_keys_are_422_and_not_shown_again(admin, world, account) -> None:
    wrong = oauth1(account["credentials"]) | {"access_token_secret": "canary-99e1"}
    answer = admin.post(keys_address(world), wrong)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert 'id="id_access_token_secret-error"' in text
    assert not any(value in text for value in wrong.values())
    answer = admin.post(keys_address(world), {"consumer_key": "k"})
    assert answer.status_code == 422
    assert 'id="id_consumer_secret-error"' in answer.content.decode()


def test_the_same_account_twice_is_refused_and_said_where_it_is(admin, world, account) -> None:
    confirm = with_keys(admin, world, account)
    other = with_keys(admin, world, account)
    admin.post(confirm, {"days": "0"})
    answer = admin.post(other, {"days": "0"})
    assert answer.status_code == 409
    assert "connected already, to Northwind Air" in answer.content.decode()
    answer = admin.post(keys_address(world), oauth1(account["credentials"]), follow=True)
    assert "Connected already, to Northwind Air." in answer.content.decode()


@pytest.mark.parametrize(
    ("values", "field"), [({"days": "40"}, "days"), ({}, "days"), ({"days": "0", "budget": "-2"}, "budget")]
)
def test_a_wrong_last_step_is_422_with_the_field(admin, world, account, values: dict, field: str) -> None:
    answer = admin.post(with_keys(admin, world, account), values)
    assert answer.status_code == 422
    assert f'id="id_{field}-error"' in answer.content.decode()
    assert not Channel.objects.filter(external_id=NEW).exists()


def test_nobody_walks_somebody_elses_wizard(admin, client, world, account) -> None:
    from tests.factories import people

    confirm = with_keys(admin, world, account)
    client.force_login(people.person("Ida Berg", role="administrator"))
    assert client.get(confirm).status_code == 404
    assert client.post(confirm, {"days": "0"}).status_code == 404
    client.force_login(world.omar)
    assert client.get(confirm).status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/channels/connect/myspace/?brand=1",
        "/channels/connect/x/?brand=x",
        "/channels/connect/x/?brand=999999",
        "/channels/connect/x/",
    ],
)
def test_unknown_networks_and_brands_do_not_exist(admin, address: str) -> None:
    assert admin.get(address).status_code == 404


def test_signing_in_at_the_network_and_back(admin, world, account, sandbox, settings) -> None:
    settings.X_CLIENT_ID = account["credentials"]["client_id"]
    settings.X_CLIENT_SECRET = account["credentials"]["client_secret"]
    address = f"/channels/connect/x/asking/?brand={world.brands.northwind.pk}"
    assert escape(address) in admin.get(keys_address(world)).content.decode()
    answer = admin.post(address)
    url = answer.context["authorize_url"]
    assert url.startswith(f"{sandbox.base_url}/i/oauth2/authorize?")
    asked = dict(parse_qsl(urlsplit(url).query))
    assert asked["redirect_uri"] == f"{settings.PUBLIC_URL}/channels/connect/back/x/"
    said = requests.post(
        f"{sandbox.base_url}/i/oauth2/authorize",
        data={**asked, "account": NEW, "decision": "allow"},
        allow_redirects=False,
        timeout=5,
    )
    back = urlsplit(said.headers["location"])
    answer = admin.get(f"{back.path}?{back.query}", follow=True)
    assert "@northwindhelp" in answer.content.decode()
    answer = admin.post(answer.redirect_chain[-1][0], {"days": "0"}, follow=True)
    assert "is connected." in answer.content.decode()
    again = admin.get(f"{back.path}?{back.query}", follow=True)
    assert "please begin again" in again.content.decode()


@pytest.mark.parametrize("query", ["error=access_denied&state=x", "code=forged&state=forged", "code=x", ""])
def test_a_refused_or_forged_answer_connects_nothing(admin, query: str) -> None:
    answer = admin.get(f"/channels/connect/back/x/?{query}", follow=True)
    assert answer.status_code == 200
    assert answer.redirect_chain[-1][0] == "/channels/connect/"
    assert not Channel.objects.filter(external_id=NEW).exists()


def test_without_an_app_of_our_own_there_is_no_asking(admin, world) -> None:
    assert "asking" not in admin.get(keys_address(world)).content.decode()
    assert admin.post(f"/channels/connect/x/asking/?brand={world.brands.northwind.pk}").status_code == 422


def test_reconnecting_takes_the_same_account_only(admin, world, account, sandbox) -> None:
    admin.post(with_keys(admin, world, account), {"days": "0"})
    channel = Channel.objects.get(external_id=NEW)
    sandbox.control("POST", "revoke", {"account": "northwindhelp"})
    polling.poll_stream(channel.streams.get(kind="mentions").pk)
    text = admin.get(f"/channels/{channel.pk}/").content.decode()
    address = f"/channels/{channel.pk}/reconnection/"
    assert address in text

    other = sandbox.brand("lumomobile", "x", id="1460000000000000077")
    answer = admin.post(address, oauth1(other["credentials"]))
    assert answer.status_code == 422
    assert "belong to @lumomobile" in answer.content.decode()
    fresh = sandbox.control("POST", "reissue", {"account": "northwindhelp"})
    answer = admin.post(address, oauth1(fresh["credentials"]), follow=True)
    assert "Connected again." in answer.content.decode()
    channel.refresh_from_db()
    assert channel.status == Channel.Status.ACTIVE
