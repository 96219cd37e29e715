"""Periodic jobs run once per period, old payloads go, switches have one effect and one line in the audit."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import AccountEvent
from channels import periodic
from channels.contracts import Author, FetchPage, InboundMessage, StreamKind, Unreadable
from channels.models import Brand, Channel, ConnectAttempt, JobSlot, UnreadableItem
from channels.services import switches, upkeep
from core.errors import Conflict, Forbidden, NotFound
from inbox.models.message import Message, MessageRaw
from inbox.services import ingest, retention

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(work, threads: int) -> list:
    barrier = Barrier(threads)

    def run(_: int):
        try:
            barrier.wait(10)
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, range(threads)))


def take(job: str = "test.job", period: float = 3600) -> bool:
    with periodic.turn(job, period) as ours:
        return ours


def test_ten_beats_run_a_job_once_per_period() -> None:
    assert sum(at_once(take, 10)) == 1
    assert not take()
    assert take("test.other")
    JobSlot.objects.update(slot=1)
    assert sum(at_once(take, 10)) == 1


def test_a_job_that_is_still_running_is_not_begun_again() -> None:
    with periodic.turn("test.job", 0.001) as ours:
        assert ours
        assert at_once(lambda: take(period=0.001), 1) == [False]
    assert at_once(lambda: take(period=0.001), 1) == [True]


def page(*items: InboundMessage | Unreadable) -> FetchPage:
    return FetchPage(items=items)


def store(channel: Channel, *items: InboundMessage | Unreadable) -> None:
    from django.db import transaction

    with transaction.atomic():
        ingest.store_page(channel, StreamKind.MENTIONS, page(*items))


def test_payloads_are_kept_for_thirty_days(world) -> None:
    channel = world.channels.northwind_x
    now = timezone.now()
    messages = [
        InboundMessage(str(n), Author("7", handle="hanne"), "hello", now, root=str(n), raw=b'{"id": %d}' % n)
        for n in range(100, 104)
    ]
    store(channel, *messages, *(Unreadable("no id", b"{%d}" % n) for n in range(4)))
    before, after = now - timedelta(days=31), now - timedelta(days=29)
    for row, when in zip(Message.objects.order_by("id"), [before, before, after, now], strict=True):
        Message.objects.filter(pk=row.pk).update(ingested_at=when)
    for row, when in zip(UnreadableItem.objects.order_by("id"), [before, after, now, now], strict=True):
        UnreadableItem.objects.filter(pk=row.pk).update(seen_at=when)
    assert (retention.purge_raw(), retention.purge_unreadable()) == (2, 1)
    assert (retention.purge_raw(), retention.purge_unreadable()) == (0, 0)
    assert (MessageRaw.objects.count(), Message.objects.count(), UnreadableItem.objects.count()) == (2, 4, 3)


def test_wizards_that_were_given_up_are_deleted_a_day_later(world) -> None:
    now = timezone.now()
    for number, hours in enumerate((30, 1)):
        ended = now - timedelta(hours=hours)
        ConnectAttempt.objects.create(
            secret_hash=str(number),
            user=world.ada,
            brand=world.brands.lumo,
            kind="x",
            sealed=b"",
            created_at=ended - timedelta(minutes=15),
            expires_at=ended,
        )
    assert upkeep.forget_attempts() == 1


@pytest.mark.parametrize("work", [switches.pause, switches.halt_sending, switches.disconnect])
def test_two_administrators_switch_at_once_and_it_is_told_once(world, work) -> None:
    def switch() -> bool:
        try:
            work(world.channels.northwind_x.pk, actor=world.ada)
        except Conflict:
            return False
        return True

    assert any(at_once(switch, 2))
    assert AccountEvent.objects.filter(data__channel_id=world.channels.northwind_x.pk).count() == 1


def test_the_kill_switch_of_a_channel_and_of_its_brand_stop_sending_apart(world) -> None:
    pk = world.channels.northwind_x.pk

    def sends() -> bool:
        return Channel.objects.select_related("brand").get(pk=pk).sends

    assert sends()
    switches.halt_sending(pk, actor=world.ada, reason="wrong words")
    assert not sends()
    switches.let_send(pk, actor=world.ada)
    assert sends()
    switches.halt_brand(world.brands.northwind.pk, actor=world.ada)
    assert not sends()
    assert Channel.objects.select_related("brand").get(pk=world.channels.lumo_x.pk).sends
    switches.let_brand_send(world.brands.northwind.pk, actor=world.ada)
    assert sends()
    kinds = list(AccountEvent.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == ["channel.halted", "channel.changed", "brand.sending_halted", "brand.sending_resumed"]


@pytest.mark.parametrize("person", ["ana", "omar", "zoe"])
def test_switches_are_for_administrators(world, person: str) -> None:
    someone = getattr(world, person)
    for work in (switches.pause, switches.resume, switches.halt_sending, switches.let_send, switches.disconnect):
        with pytest.raises(Forbidden):
            work(world.channels.northwind_x.pk, actor=someone)
    for work in (switches.halt_brand, switches.let_brand_send):
        with pytest.raises(Forbidden):
            work(world.brands.northwind.pk, actor=someone)
    assert not AccountEvent.objects.exists()


def test_what_does_not_exist_is_not_found(world) -> None:
    with pytest.raises(NotFound):
        switches.pause(0, actor=world.ada)
    with pytest.raises(NotFound):
        switches.halt_brand(0, actor=world.ada)
    assert Brand.objects.filter(sending_halted_at=None).count() == 2
