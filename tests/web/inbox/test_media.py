"""Pictures of strangers: only for who may read, only pictures, only from where the network keeps them."""

from __future__ import annotations

import io
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from PIL import Image

from channels import media as outgoing
from channels.contracts import Media
from channels.http import HttpFailure
from channels.sockets import is_public
from inbox.models.message import Attachment, Message
from inbox.models.people import Profile
from inbox.services import media
from tests import personas
from tests.clients import signed_in
from tests.factories.pages import START, connected, person, post, store
from tests.web.inbox.pictures import Pictures, serving

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def pictures() -> Iterator[Pictures]:
    with serving() as running:
        yield running


@pytest.fixture
def world(pictures: Pictures, settings, tmp_path: Path) -> personas.World:
    settings.MEDIA_ROOT = str(tmp_path / "media")
    settings.MEDIA_EXTRA_HOSTS = [f"127.0.0.1:{pictures.port}"]
    pictures.asked.clear()
    world = personas.world()
    channel = connected(world.channels.northwind_x)
    photo = Media(kind="photo", url=pictures.url("/photo.jpg"))
    by = person("n0", avatar_url=pictures.url("/good.png"))
    store(channel, post("n0", by=by, mentions=(channel.external_id,), media=(photo,)))
    return world


def _avatar(url: str = "") -> str:
    profile = Profile.objects.get(external_id="n0")
    if url:
        Profile.objects.filter(pk=profile.pk).update(avatar_url=url)
    return f"/media/avatar/{profile.pk}/"


def _thumb() -> str:
    return f"/media/attachment/{Attachment.objects.get().pk}/thumb/"


def test_an_avatar_is_fetched_once_and_written_anew(ana: Client, pictures: Pictures) -> None:
    answers = [ana.get(_avatar()) for _ in range(3)]
    assert [answer["Content-Type"] for answer in answers] == ["image/webp"] * 3
    with Image.open(io.BytesIO(answers[0].content)) as image:
        assert (image.format, image.size) == ("WEBP", (96, 96))
    assert pictures.asked == ["/good.png"]


def test_nothing_of_ours_goes_along(ana: Client, pictures: Pictures) -> None:
    ana.get(_avatar())
    head = pictures.heads[-1].lower()
    for name in (b"cookie:", b"referer:", b"authorization:"):
        assert name not in head


def test_headers_say_that_it_is_a_picture_and_private(ana: Client) -> None:
    answer = ana.get(_avatar())
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"].startswith("private")
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_photo_is_made_smaller_and_says_nothing_of_its_place(ana: Client) -> None:
    for url, longest in ((_thumb(), 480), (_thumb().replace("thumb/", ""), 2048)):
        answer = ana.get(url)
        with Image.open(io.BytesIO(answer.content)) as image:
            assert max(image.size) == longest
        assert b"secret place" not in answer.content


@pytest.mark.parametrize("path", ["moved.png", "drawing.svg", "svg.png", "page.png", "bomb.png", "large.png"])
def test_what_is_no_picture_is_not_shown(ana: Client, pictures: Pictures, path: str) -> None:
    answer = ana.get(_avatar(pictures.url(f"/{path}")))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert len(answer.content) < 100  # the transparent pixel
    assert pictures.asked == [f"/{path}"]


@pytest.mark.parametrize("path", ["cut.png", "empty.png", "absent.png"])
def test_what_is_broken_is_absent_and_not_asked_for_again(ana: Client, pictures: Pictures, path: str) -> None:
    Attachment.objects.update(url=pictures.url(f"/{path}"))
    assert [ana.get(_thumb()).status_code for _ in range(2)] == [404, 404]
    assert pictures.asked == [f"/{path}"]


def test_a_slow_host_is_given_up(ana: Client, pictures: Pictures) -> None:
    began = time.monotonic()
    assert ana.get(_avatar(pictures.url("/slow.png")))["Content-Type"] == "image/png"
    assert time.monotonic() - began < 12


def test_the_content_counts_and_not_what_it_is_called(ana: Client, pictures: Pictures) -> None:
    assert ana.get(_avatar(pictures.url("/lies.txt")))["Content-Type"] == "image/webp"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/x.png",  # another port than the one that is named
        "http://localhost:{port}/good.png",  # another name for the same
        "https://pbs.twimg.com@127.0.0.1:{port}/good.png",
        "https://pbs.twimg.com.evil.example/x.png",
        "https://evil.example/pbs.twimg.com/x.png",
        "http://pbs.twimg.com/x.png",
        "https://pbs.twimg.com:8443/x.png",
        "https://169.254.169.254/latest/meta-data/",
        "file:///etc/passwd",
        "//pbs.twimg.com/x.png",
        "https://[::1/x.png",
        "gopher://pbs.twimg.com/",
    ],
)
def test_other_addresses_are_not_called(world: personas.World, pictures: Pictures, url: str) -> None:
    with pytest.raises(HttpFailure) as refusal:
        outgoing.fetch(url.format(port=pictures.port), "x")
    assert pictures.asked == []
    assert "://" not in str(refusal.value)


def test_a_name_of_the_network_that_leads_inside_is_not_called(world: personas.World, pictures: Pictures) -> None:
    """The address decides and not the name: localhost stands for a name of the network that leads inside."""
    session = outgoing.Session(rewrites={}, policy=outgoing.OF_THE_INTERNET)
    with session, pytest.raises(HttpFailure):
        session.get(pictures.url("/good.png", "localhost"))
    assert pictures.asked == []


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
        "224.0.0.1", "255.255.255.255", "::1", "fe80::1%eth0", "fc00::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1",
        "2002:7f00:1::", "::", "ff02::1",
    ],
)  # fmt: skip
def test_addresses_inside_are_known(address: str) -> None:
    assert not is_public(address)


def test_addresses_outside_are_known() -> None:
    assert is_public("104.244.42.1")
    assert is_public("2a03:2880:f10c::1")


def test_only_who_may_read_sees_pictures(world: personas.World, ana: Client, pictures: Pictures) -> None:
    for user, status in ((world.ben, 404), (world.zoe, 404), (world.ada, 200), (world.omar, 200)):
        client = signed_in(user)
        assert [client.get(url).status_code for url in (_avatar(), _thumb())] == [status] * 2
    assert Client().get(_avatar()).status_code == 302
    assert ana.get("/media/avatar/999999/").status_code == 404
    assert ana.get("/media/attachment/999999/").status_code == 404
    assert ana.post(_avatar()).status_code == 405


def test_a_message_names_its_author_and_nobody_else(world: personas.World, ana: Client) -> None:
    message = Message.objects.get()
    assert ana.get(f"{_avatar()}?message={message.pk}").status_code == 200
    assert ana.get(f"{_avatar()}?message=999999").status_code == 404
    assert signed_in(world.ben).get(f"{_avatar()}?message={message.pk}").status_code == 404


def test_a_deleted_message_shows_no_picture(ana: Client) -> None:
    assert ana.get(_thumb()).status_code == 200
    Message.objects.update(text="", deleted_at=START)
    assert ana.get(_thumb()).status_code == 404


def test_kept_pictures_can_be_forgotten(ana: Client, pictures: Pictures, settings) -> None:
    ana.get(_avatar())
    assert media.forget([pictures.url("/good.png")]) == 1
    assert [file for file in Path(settings.MEDIA_ROOT).rglob("*") if file.is_file()] == []
    ana.get(_avatar())
    assert pictures.asked == ["/good.png"] * 2


def test_what_is_old_is_purged(ana: Client, settings) -> None:
    ana.get(_avatar())
    (file,) = [one for one in Path(settings.MEDIA_ROOT).rglob("*") if one.is_file()]
    assert media.purge() == 0
    os.utime(file, (0, 0))
    assert media.purge() == 1
