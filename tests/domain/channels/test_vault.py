"""Credentials at rest: bound to their place, opened by any key of the ring, shown nowhere."""

import base64
import logging
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.core.management.base import SystemCheckError
from django.utils import timezone

from channels import checks, vault
from channels.models import Channel
from channels.services import rotation
from tests.factories import people

CANARY = "canary-7f3a9b-secret"
OLD = f"old:{base64.b64encode(b'o' * 32).decode()}"
NEW = f"new:{base64.b64encode(b'n' * 32).decode()}"


@pytest.fixture
def channel(db) -> Channel:
    return people.channel(people.brand("Northwind Air", "northwind-air"), "x", "1", "northwindair")


def sealed(channel: Channel) -> Channel:
    channel.sealed_credentials = vault.seal({"access_token": CANARY}, channel)
    channel.save(update_fields=["sealed_credentials"])
    return channel


def test_opens_what_it_sealed_and_never_twice_alike(channel: Channel) -> None:
    first, second = (vault.seal({"access_token": CANARY}, channel) for _ in range(2))
    assert vault.unseal(first, channel) == vault.unseal(second, channel) == {"access_token": CANARY}
    assert first != second
    assert CANARY.encode() not in first


def test_a_value_copied_into_another_row_does_not_open(channel: Channel) -> None:
    other = people.channel(channel.brand, "x", "2", "lumomobile")
    with pytest.raises(vault.VaultError):
        vault.unseal(sealed(channel).sealed_credentials, other)


def test_a_value_of_another_network_does_not_open(channel: Channel) -> None:
    content = sealed(channel).sealed_credentials
    channel.kind = "facebook"
    with pytest.raises(vault.VaultError):
        vault.unseal(content, channel)


@pytest.mark.parametrize("position", [0, 1, 2, 8, -1])
def test_a_changed_byte_does_not_open(channel: Channel, position: int) -> None:
    content = bytearray(sealed(channel).sealed_credentials)
    content[position] ^= 1
    with pytest.raises(vault.VaultError):
        vault.unseal(bytes(content), channel)


@pytest.mark.parametrize("content", [b"", b"\x01", b"\x01\xff", b"{}", b"\x01\x01k"])
def test_what_was_never_sealed_does_not_open(channel: Channel, content: bytes) -> None:
    with pytest.raises(vault.VaultError):
        vault.unseal(content, channel)


def test_rotating_seals_again_with_the_newest_key_only(channel: Channel, settings) -> None:
    settings.CREDENTIAL_KEYS = [OLD]
    sealed(channel)
    settings.CREDENTIAL_KEYS = [NEW, OLD]
    assert vault.unseal(channel.sealed_credentials, channel)["access_token"] == CANARY

    settings.CREDENTIAL_KEYS = [NEW]
    with pytest.raises(vault.VaultError):
        vault.unseal(channel.sealed_credentials, channel)


@pytest.mark.django_db(transaction=True)
def test_after_rotation_the_old_key_may_go(settings) -> None:
    settings.CREDENTIAL_KEYS = [OLD]
    brand = people.brand("Northwind Air", "northwind-air")
    channels = [sealed(people.channel(brand, "x", str(n), f"account{n}")) for n in range(rotation.BATCH + 5)]
    settings.CREDENTIAL_KEYS = [NEW, OLD]
    out = StringIO()
    call_command("rotate_keys", stdout=out)
    assert f"Sealed again: {len(channels)}. Had the newest key: 0." in out.getvalue()
    assert rotation.rotate() == rotation.Rotated(current=len(channels))

    settings.CREDENTIAL_KEYS = [NEW]
    for channel in Channel.objects.all():
        assert vault.unseal(channel.sealed_credentials, channel)["access_token"] == CANARY


@pytest.mark.django_db(transaction=True)
def test_rotation_leaves_and_counts_what_it_cannot_open(settings) -> None:
    settings.CREDENTIAL_KEYS = [OLD]
    channel = sealed(people.channel(people.brand("Northwind Air", "northwind-air"), "x", "1", "northwindair"))
    settings.CREDENTIAL_KEYS = [NEW]
    with pytest.raises(CommandError, match="left as they are: 1"):
        call_command("rotate_keys", stdout=StringIO())
    settings.CREDENTIAL_KEYS = [OLD]
    channel.refresh_from_db()
    assert vault.unseal(channel.sealed_credentials, channel)["access_token"] == CANARY


@pytest.mark.parametrize(
    "words", [["nocolon"], ["k:not base64"], ["k:c2hvcnQ="], [":" + OLD.partition(":")[2]], [OLD, "k:" + CANARY]]
)
def test_a_bad_ring_is_refused_without_showing_it(words: list[str]) -> None:
    with pytest.raises(vault.VaultError) as refusal:
        vault.KeyRing(words)
    assert str(len(words)) in refusal.value.message
    assert all(word.partition(":")[2] not in refusal.value.message for word in words if ":" in word)


def test_without_a_key_nothing_starts_and_the_command_is_named(settings) -> None:
    settings.CREDENTIAL_KEYS = []
    [error] = checks.key_ring_is_there()
    assert "credential_key" in (error.hint or "")
    with pytest.raises(SystemCheckError, match="channels.E001"):
        call_command("check", tags=["security"])


def test_the_named_command_makes_a_key_that_works(settings) -> None:
    settings.CREDENTIAL_KEYS = []
    out = StringIO()
    call_command("credential_key", stdout=out)
    settings.CREDENTIAL_KEYS = [out.getvalue().strip()]
    assert checks.key_ring_is_there() == []


def test_credentials_show_themselves_nowhere(channel: Channel, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    opened = vault.unseal(sealed(channel).sealed_credentials, channel)
    logging.getLogger("test").debug("opened %s %r %s", opened, opened, {"inner": opened})
    shown = f"{opened} {opened!r} {[opened]} {vault.ring()!r} {channel!r} {caplog.text} {timezone.now()}"
    assert CANARY not in shown
    assert "<credentials>" in shown
