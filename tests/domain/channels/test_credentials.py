"""Keeping access alive: one refresher, the old token as long as it lives, whose account it is."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import AccountEvent
from channels import vault
from channels.models import Channel
from channels.services import credentials, identity, upkeep
from core.errors import TokenDead
from inbox.services import polling
from tests.domain.channels.kit import give_keys, oauth1, oauth2, stream_of

pytestmark = pytest.mark.django_db(transaction=True)
REFRESH = "POST /2/oauth2/token"


@pytest.fixture
def channel(sandbox, world) -> Channel:
    """An account connected by OAuth 2."""
    channel = world.channels.northwind_x
    account = sandbox.brand(channel.handle, "x", id=channel.external_id)
    keys = oauth2(account["credentials"])
    return give_keys(channel, keys, credentials_expire_at=credentials.expiry_of(keys))


def ends_in(channel: Channel, seconds: float) -> Channel:
    ends = timezone.now() + timedelta(seconds=seconds)
    keys = {**vault.unseal(channel.sealed_credentials, channel), "expires_at": ends.isoformat()}
    return give_keys(channel, keys, credentials_expire_at=ends)


def refreshes(sandbox) -> int:
    rows = sandbox.control("GET", "calls")["calls"]
    return sum(row["count"] for row in rows if "oauth2/token" in str(row))


def all_at_once(channel: Channel, work, threads: int = 8) -> list[bytes]:
    barrier = Barrier(threads)

    def run(_: int) -> bytes:
        try:
            mine = Channel.objects.select_related("brand").get(pk=channel.pk)
            barrier.wait(10)
            return bytes(work(mine).sealed_credentials)
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, range(threads)))


@pytest.mark.parametrize("seconds", [300, 5])
def test_eight_threads_refresh_once(sandbox, channel, seconds: int) -> None:
    ends_in(channel, seconds)
    sealed = all_at_once(channel, credentials.keep_fresh)
    assert refreshes(sandbox) == 1
    channel.refresh_from_db()
    assert channel.credentials_expire_at > timezone.now() + timedelta(hours=1)
    if seconds < 40:
        assert set(sealed) == {bytes(channel.sealed_credentials)}


def test_eight_threads_whose_token_was_refused_refresh_once(sandbox, channel) -> None:
    sandbox.control("POST", "expire", {"account": "northwindair"})
    sealed = all_at_once(channel, credentials.renew_rejected)
    assert refreshes(sandbox) == 1
    assert len(set(sealed)) == 1


def test_a_token_that_lives_is_left_alone(sandbox, channel) -> None:
    assert credentials.keep_fresh(channel) is channel
    assert refreshes(sandbox) == 0


def test_a_poll_whose_token_ran_out_early_renews_it_and_goes_on(sandbox, channel) -> None:
    stream = stream_of(channel)
    sandbox.say("hanne", "@northwindair hello")
    sandbox.control("POST", "expire", {"account": "northwindair"})
    assert polling.poll_stream(stream.pk).stored == 1
    assert refreshes(sandbox) == 1
    channel.refresh_from_db()
    assert channel.status == Channel.Status.ACTIVE


def test_a_refused_renewal_marks_the_channel(sandbox, channel) -> None:
    sandbox.control("POST", "revoke", {"account": "northwindair"})
    with pytest.raises(TokenDead):
        credentials.keep_fresh(ends_in(channel, 5))
    channel.refresh_from_db()
    assert channel.status == Channel.Status.NEEDS_RECONNECT
    assert AccountEvent.objects.filter(kind="channel.needs_reconnect").count() == 1


def test_keys_of_another_account_halt_sending_and_ask_for_a_person(sandbox, channel) -> None:
    other = sandbox.brand("lumomobile", "x", id="1460000000000000077")
    channel = give_keys(channel, oauth1(other["credentials"]), credentials_expire_at=None)
    assert not identity.check(channel)
    channel.refresh_from_db()
    assert channel.status == Channel.Status.NEEDS_RECONNECT
    assert channel.sending_halted_at is not None
    assert "lumomobile" in channel.sending_halted_because
    kinds = set(AccountEvent.objects.values_list("kind", flat=True))
    assert kinds == {"channel.halted", "channel.needs_reconnect"}


def test_each_account_is_identified_once_a_day(sandbox, channel, world) -> None:
    Channel.objects.exclude(pk=channel.pk).update(status="paused")
    assert upkeep.check_identities() == 1
    channel.refresh_from_db()
    assert channel.identified_at is not None
    assert upkeep.check_identities() == 0
    Channel.objects.filter(pk=channel.pk).update(identified_at=timezone.now() - timedelta(hours=25))
    assert upkeep.check_identities() == 1


def test_tokens_that_end_soon_are_renewed_without_a_poll(sandbox, channel) -> None:
    assert upkeep.refresh_tokens() == 0
    ends_in(channel, 60)
    assert upkeep.refresh_tokens() == 1
    assert refreshes(sandbox) == 1


def test_no_secret_in_any_log_or_error(sandbox, channel, caplog) -> None:
    caplog.set_level("DEBUG")
    stream = stream_of(channel)
    secrets = [
        str(value) for key, value in vault.unseal(channel.sealed_credentials, channel).items() if key != "expires_at"
    ]
    polling.poll_stream(stream.pk)
    sandbox.control("POST", "revoke", {"account": "northwindair"})
    with pytest.raises(TokenDead) as dead:
        credentials.renew_rejected(channel)
    channel.refresh_from_db()
    shown = f"{caplog.text} {dead.value!r} {dead.value.__dict__} {channel.status_reason}"
    shown += str(list(AccountEvent.objects.values_list("data", flat=True)))
    assert [secret for secret in secrets if len(secret) > 8 and secret in shown] == []
