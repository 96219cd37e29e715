"""The channels pages: who reads, who changes, what they say, and that their queries do not grow."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccountEvent
from channels.models import Channel, ChannelDay, Stream, UnreadableItem
from tests.domain.channels.kit import stream_of
from tests.factories import people

pytestmark = pytest.mark.django_db(transaction=True)
SWITCHES = ("pause", "pause/end", "halt", "halt/end", "disconnection", "settings")


def page(client: Client, person, address: str, **kwargs):
    client.force_login(person)
    return client.get(address, **kwargs)


@pytest.fixture
def channel(world) -> Channel:
    channel = world.channels.northwind_x
    stream_of(channel, last_ok_at=timezone.now(), next_poll_at=timezone.now() + timedelta(seconds=10), lag_s=3)
    return channel


def test_administrators_and_supervisors_see_the_list_others_do_not(client, world, channel) -> None:
    for person in (world.ada, world.omar):
        answer = page(client, person, "/channels/")
        assert answer.status_code == 200
        assert "@northwindair" in answer.content.decode()
    for person in (world.ana, world.ben, world.mia, world.zoe):
        assert page(client, person, "/channels/").status_code == 404
        assert client.get(f"/channels/{channel.pk}/").status_code == 404
    client.logout()
    assert client.get("/channels/").status_code == 302


def test_a_supervisor_reads_and_changes_nothing(client, world, channel) -> None:
    text = page(client, world.omar, f"/channels/{channel.pk}/").content.decode()
    assert "Mentions" in text
    assert "Disconnect" not in text
    assert "Connect account" not in page(client, world.omar, "/channels/").content.decode()
    for act in SWITCHES:
        assert client.post(f"/channels/{channel.pk}/{act}/").status_code == 404
    for address in ("/channels/connect/", f"/channels/{channel.pk}/reconnection/", "/channels/connect/x/?brand=1"):
        assert client.get(address).status_code == 404
    assert client.post(f"/channels/brands/{channel.brand_id}/halt/").status_code == 404
    assert not AccountEvent.objects.filter(kind__startswith="channel.").exists()


def test_a_channel_of_another_brand_looks_as_if_it_did_not_exist(client, world, channel) -> None:
    world.omar.brand_access.filter(brand=world.brands.northwind).delete()
    assert page(client, world.omar, f"/channels/{channel.pk}/").status_code == 404
    text = client.get("/channels/").content.decode()
    assert "@northwindair" not in text
    assert "@lumomobile" in text
    assert client.get(f"/channels/{channel.pk}/health/").status_code == 404
    assert client.get(f"/channels/{channel.pk}/unreadable/").status_code == 404


def test_the_list_says_what_is_wrong_and_what_it_costs(client, world, channel) -> None:
    today = timezone.now().date()
    ChannelDay.objects.create(channel=channel, day=today, calls=1234, items=99, usd=Decimal("12.5"))
    Channel.objects.filter(pk=channel.pk).update(budget_usd=Decimal(50))
    Channel.objects.filter(pk=world.channels.lumo_x.pk).update(
        status="needs_reconnect", status_reason="X no longer accepts the keys."
    )
    text = page(client, world.ada, "/channels/").content.decode()
    assert "@lumomobile on X: Access lost." in text
    assert "X no longer accepts the keys." in text
    assert f"/channels/{world.channels.lumo_x.pk}/reconnection/" in text
    assert "12.50 USD" in text
    assert "25 percent of its budget" in text
    assert "1,234" in text


def test_the_lists_queries_do_not_grow_with_it(client, world, channel) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as counted:
            assert page(client, world.ada, "/channels/").status_code == 200
        return len(counted)

    page(client, world.ada, "/channels/")
    before = queries()
    for number in range(20):
        more = people.channel(world.brands.lumo, "x", f"9{number}", f"more{number}")
        stream_of(more)
        stream_of(more, "own_posts")
        ChannelDay.objects.create(channel=more, day=timezone.now().date(), calls=1)
    people.brand("Third Brand", "third")
    assert queries() == before


def test_the_detail_shows_each_stream_with_its_trouble(client, world, channel) -> None:
    stream_of(
        channel,
        "own_posts",
        last_error="X is not answering properly (status 503).",
        last_error_at=timezone.now(),
        errors_in_row=4,
        waits_because="",
        gap="X no longer shows the account's own posts before Tuesday.",
        gap_at=timezone.now(),
    )
    text = page(client, world.ada, f"/channels/{channel.pk}/").content.decode()
    assert "X is not answering properly (status 503)." in text
    assert "4 in a row" in text
    assert "own posts before Tuesday" in text
    stream = Stream.objects.get(kind="own_posts")
    assert client.post(f"/channels/streams/{stream.pk}/gap/").status_code == 302
    stream.refresh_from_db()
    assert stream.gap == ""


def test_switches_work_by_plain_forms_and_are_audited(client, world, channel) -> None:
    client.force_login(world.ada)
    for act, status, halted in (
        ("pause", "paused", False),
        ("pause/end", "active", False),
        ("halt", "active", True),
        ("halt/end", "active", False),
        ("disconnection", "disconnected", False),
    ):
        answer = client.post(f"/channels/{channel.pk}/{act}/", follow=True)
        assert answer.status_code == 200
        channel.refresh_from_db()
        assert (channel.status, channel.sending_halted_at is not None) == (status, halted)
    assert AccountEvent.objects.filter(data__channel_id=channel.pk).count() == 5
    assert client.post(f"/channels/{channel.pk}/pause/").status_code == 409
    assert client.get(f"/channels/{channel.pk}/pause/").status_code == 405


def test_the_kill_switch_of_a_brand(client, world) -> None:
    client.force_login(world.ada)
    brand = world.brands.northwind
    text = client.post(f"/channels/brands/{brand.pk}/halt/", follow=True).content.decode()
    assert "Sending halted" in text
    brand.refresh_from_db()
    assert brand.sending_halted_at is not None
    client.post(f"/channels/brands/{brand.pk}/halt/end/")
    brand.refresh_from_db()
    assert brand.sending_halted_at is None


def test_settings_are_saved_or_refused_with_the_field(client, world, channel) -> None:
    client.force_login(world.ada)
    address = f"/channels/{channel.pk}/settings/"
    assert (
        client.post(address, {"terms": "northwind air\nnorthwind", "budget": "25", "own_app": "on"}).status_code == 302
    )
    channel.refresh_from_db()
    assert channel.options == {"own_app": True, "terms": ["northwind air", "northwind"]}
    assert channel.budget_usd == 25
    for wrong, field in (({"budget": "-1"}, "budget"), ({"budget": "much"}, "budget"), ({"terms": "x" * 70}, "terms")):
        answer = client.post(address, wrong)
        assert answer.status_code == 422
        assert f'id="id_{field}-error"' in answer.content.decode()
    channel.refresh_from_db()
    assert channel.budget_usd == 25


def test_what_could_not_be_read_is_shown_as_text(client, world, channel) -> None:
    evil = b'<script>alert(1)</script>{"text": "caf\xc3\xa9 \x00 \xff"}'
    for number in range(60):
        UnreadableItem.objects.create(
            channel=channel, stream_kind="mentions", digest=str(number), reason=f"no id {number}", raw=evil
        )
    text = page(client, world.omar, f"/channels/{channel.pk}/unreadable/").content.decode()
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text
    assert "café" in text
    assert "\x00" not in text
    assert ("no id 59" in text, "no id 9" in text) == (True, False)
    oldest = UnreadableItem.objects.order_by("-pk")[49].pk
    assert f"?before={oldest}" in text
    assert "no id 9" in client.get(f"/channels/{channel.pk}/unreadable/?before={oldest}").content.decode()
    assert client.get(f"/channels/{channel.pk}/unreadable/?before=x").status_code == 200
    assert "60 items" in client.get(f"/channels/{channel.pk}/").content.decode()


def test_live_regions_are_single_fragments_under_their_id(client, world, channel) -> None:
    for address, root in (
        (reverse("channels-board"), "channels-board"),
        (reverse("channel-health", args=[channel.pk]), "channel-health"),
    ):
        text = page(client, world.omar, address).content.decode().strip()
        assert text.startswith("<div")
        assert f'id="{root}"' in text.split(">")[0]
        assert text.endswith("</div>")
        assert "<html" not in text
