"""Signed calls to allowed hosts; and every way that we know of to make them go elsewhere."""

import base64
import hashlib
import hmac
import json
import secrets
import socket
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import AccountEvent
from channels import vault
from channels.services import rotation
from core.errors import Conflict, Forbidden, Invalid
from inbox.models.conversation import Conversation
from routing.models.webhook import Webhook, WebhookCall
from routing.services import webhooks
from tests.domain.routing.rules.kit import NEGATIVE, Doing, route
from tests.personas import World
from tests.racing import race
from tests.receiving import Receiver, receiving


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as server:
        yield server


@pytest.fixture
def hook(world: World, receiver: Receiver, settings: Any) -> tuple[Webhook, str]:
    settings.WEBHOOK_HOSTS = [receiver.host]
    settings.WEBHOOKS_TO_PRIVATE_ADDRESSES = True
    return webhooks.create(name="Pager", url=f"http://{receiver.host}/rules", actor=world.ada)


@pytest.fixture
def queued(world: World, waiting: Conversation, hook: tuple[Webhook, str]) -> WebhookCall:
    """A rule has fitted that calls the webhook."""
    Doing(world.ada).rule(NEGATIVE, name="Angry", webhooks=[hook[0].pk])
    route(waiting, sentiment="negative")
    return WebhookCall.objects.get()


def due_now() -> None:
    WebhookCall.objects.update(next_at=timezone.now() - timedelta(seconds=1))


def test_a_call_is_signed_and_says_which_rule_fitted(
    queued: WebhookCall, receiver: Receiver, hook: tuple[Webhook, str], waiting: Conversation
) -> None:
    assert webhooks.call_due() == 1

    headers, content, path = receiver.got[0]
    wanted = hmac.new(hook[1].encode(), f"{headers['Socialcare-Timestamp']}.".encode() + content, hashlib.sha256)
    assert headers["Socialcare-Signature"] == f"sha256={wanted.hexdigest()}"
    assert path == "/rules"
    said = json.loads(content)
    assert (said["event"], said["conversation"]) == ("rule.matched", waiting.pk)
    assert said["rules"][0]["sentence"] == "When a message is negative, call Pager."
    assert "bag" not in content.decode()
    assert abs(int(headers["Socialcare-Timestamp"]) - timezone.now().timestamp()) < 60
    queued.refresh_from_db()
    assert (queued.state, queued.attempts) == ("sent", 1)


def test_the_same_decision_calls_once(queued: WebhookCall, receiver: Receiver, waiting: Conversation) -> None:
    route(waiting, sentiment="negative")
    webhooks.call_due()

    assert webhooks.call_due() == 0
    assert len(receiver.got) == 1


def test_two_workers_make_one_call(queued: WebhookCall, receiver: Receiver) -> None:
    assert sorted(race(webhooks.call_due, webhooks.call_due)) == [0, 1]
    assert len(receiver.got) == 1


def test_what_fails_is_tried_again_later_and_given_up_in_the_end(queued: WebhookCall, receiver: Receiver) -> None:
    receiver.status = 503
    waits = []
    for _ in range(webhooks.ATTEMPTS):
        due_now()
        assert webhooks.call_due() == 1
        queued.refresh_from_db()
        waits.append(round((queued.next_at - timezone.now()).total_seconds(), -1))
    assert (queued.state, queued.error) == ("failed", "It answered with status 503.")
    assert waits == sorted(waits)
    due_now()
    assert webhooks.call_due() == 0
    assert len(receiver.got) == webhooks.ATTEMPTS


def test_a_redirect_is_not_followed(queued: WebhookCall, receiver: Receiver) -> None:
    receiver.status, receiver.location = 307, f"http://{receiver.host}/elsewhere"

    webhooks.call_due()

    queued.refresh_from_db()
    assert queued.error == "It answered with status 307."
    assert [path for _, _, path in receiver.got] == ["/rules"]


def test_a_webhook_that_is_off_is_not_called(
    queued: WebhookCall, receiver: Receiver, hook: tuple[Webhook, str], world: World
) -> None:
    webhooks.switch(hook[0].pk, is_on=False, actor=world.ada)

    webhooks.call_due()

    queued.refresh_from_db()
    assert (queued.state, queued.error) == ("failed", "The webhook is off.")
    assert receiver.got == []


def test_a_host_that_was_taken_off_the_list_is_not_called(
    queued: WebhookCall, receiver: Receiver, settings: Any
) -> None:
    settings.WEBHOOK_HOSTS = []

    webhooks.call_due()

    queued.refresh_from_db()
    assert "is not on the list" in queued.error
    assert receiver.got == []


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.com/",
        "ftp://hooks.example.com/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://other.example.com/",
        "https://hooks.example.com.evil.example/",
        "https://evil.example/hooks.example.com",
        "https://evil.example#hooks.example.com",
        "https://hooks.example.com@evil.example/",
        "https://evil.example\\@hooks.example.com/",
        "https://user:secret@hooks.example.com/",
        "https://hooks.example.com:8443/",
        "https://hooks.example.com:99999/",
        "https://hooks.example.com/#x",
        "https://hooks.example.com/\r\nHost: evil",
        "https://hooks.example.com\t/",
        "https://hооks.example.com/",
        "https://127.0.0.1/",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0x7f.0.0.1/",
        "https://0177.0.0.1/",
        "https://0/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:7f00:1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[fe80::1%25eth0]/",
        "https://169.254.169.254/latest/meta-data/",
        "https://10.0.0.1/",
        "https://localhost/",
        "https://metadata.google.internal/",
        "//hooks.example.com/",
        "hooks.example.com",
        "https://",
        "https:///x",
        "",
        "https://hooks.example.com/" + "x" * 500,
    ],
)
def test_only_plain_https_addresses_of_listed_hosts_are_taken(url: str, settings: Any) -> None:
    settings.WEBHOOK_HOSTS = ["hooks.example.com"]

    with pytest.raises(Invalid) as refused:
        webhooks.checked(url)

    assert "url" in refused.value.fields


@pytest.mark.parametrize(
    ("url", "listed"),
    [
        ("https://hooks.example.com/a?b=c", "hooks.example.com"),
        ("https://HOOKS.example.com/", "hooks.example.com"),
        ("https://hooks.example.com:443/", "hooks.example.com"),
        ("https://hooks.example.com:8443/", "hooks.example.com:8443"),
    ],
)
def test_a_listed_host_is_taken(url: str, listed: str, settings: Any) -> None:
    settings.WEBHOOK_HOSTS = [listed]

    assert webhooks.checked(url) == url


def test_numbers_are_refused_even_where_somebody_has_listed_them(settings: Any) -> None:
    settings.WEBHOOK_HOSTS = ["127.0.0.1", "2130706433", "::1"]
    for url in ("https://127.0.0.1/", "https://2130706433/", "https://[::1]/"):
        with pytest.raises(Invalid, match="addresses in numbers"):
            webhooks.checked(url)


def test_a_listed_name_that_leads_to_this_machine_is_not_called(
    world: World, waiting: Conversation, settings: Any
) -> None:
    """What counts is the address that is called: "localhost" stands for any name that leads inside."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        host = f"localhost:{listener.getsockname()[1]}"
        settings.WEBHOOK_HOSTS = [host]
        webhook, _ = webhooks.create(name="Inside", url=f"https://{host}/", actor=world.ada)
        WebhookCall.objects.create(webhook=webhook, conversation=waiting, key="1", body={})

        webhooks.call_due()

        with pytest.raises(TimeoutError):
            listener.accept()
    assert WebhookCall.objects.get().error == "It could not be reached, or its address is not a public one."


def test_the_secret_is_sealed_and_bound_to_its_row(hook: tuple[Webhook, str], world: World) -> None:
    webhook, secret = hook
    other, _ = webhooks.create(name="Other", url=webhook.url, actor=world.ada)

    assert secret.encode() not in bytes(webhook.sealed_secret)
    with pytest.raises(vault.VaultError):
        vault.ring().open(bytes(webhook.sealed_secret), f"webhook:{other.pk}")
    assert rotation.rotate().unreadable == 0


def test_its_secret_takes_part_when_keys_are_rotated(
    hook: tuple[Webhook, str], settings: Any, receiver: Receiver
) -> None:
    """Sealed again with the new key, it opens with that key alone, and is the same secret."""
    webhook, secret = hook
    new = f"newer:{base64.b64encode(secrets.token_bytes(32)).decode()}"
    settings.CREDENTIAL_KEYS = [new, *settings.CREDENTIAL_KEYS]

    done = rotation.rotate()
    settings.CREDENTIAL_KEYS = [new]

    webhook.refresh_from_db()
    assert done.rewrapped == 1
    assert vault.key_name(webhook.sealed_secret) == "newer"
    assert vault.ring().open(bytes(webhook.sealed_secret), webhooks.place(webhook)).decode() == secret


def test_only_administrators_set_webhooks_up(hook: tuple[Webhook, str], world: World, receiver: Receiver) -> None:
    with pytest.raises(Forbidden):
        webhooks.create(name="Mine", url=f"http://{receiver.host}/", actor=world.omar)
    with pytest.raises(Conflict):
        webhooks.create(name="pager", url=f"http://{receiver.host}/", actor=world.ada)
    assert AccountEvent.objects.get(kind="webhook.created").data == {"name": "Pager", "host": "127.0.0.1"}
