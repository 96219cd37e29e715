"""Which answer goes next, how fast, and what stops them: limits, kill switches, tokens, accounts."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import AccountEvent
from accounts.services import people
from channels.models import RateBucket
from channels.services import switches
from inbox.attempts import Attempt, Posted
from inbox.models.work import Delivery
from inbox.services import delivery, outcomes, ownership, replies, sending_queue
from tests.domain.channels import kit
from tests.domain.delivery.stage import Stage, kinds
from tests.domain.delivery.test_settling import sending
from tests.racing import race

pytestmark = pytest.mark.django_db(transaction=True)


def order_of_claims(stage: Stage, count: int) -> list[str]:
    with sending_queue.SenderSession() as session:
        claims = [sending_queue.claim(session) for _ in range(count)]
    return [Delivery.objects.get(pk=claim.delivery_id).text for claim in claims if claim]


def test_no_channel_starves_another(stage: Stage) -> None:
    lumo = stage.connect(stage.world.channels.lumo_x)
    for number in range(6):
        stage.submit(stage.local(), f"Northwind {number}.")
    stage.submit(stage.local(lumo), "Lumo.")
    assert "Lumo." in order_of_claims(stage, 2)


def test_within_a_channel_the_one_that_is_due_first_goes_first(stage: Stage) -> None:
    for minutes in (30, 10, 20, None):
        conversation = stage.local()
        conversation.due_at = timezone.now() + timedelta(minutes=minutes) if minutes else None
        conversation.save(update_fields=["due_at"])
        stage.submit(conversation, f"Due in {minutes}.")
    assert order_of_claims(stage, 4) == ["Due in 10.", "Due in 20.", "Due in 30.", "Due in None."]


def test_a_used_up_limit_waits_in_the_database_and_says_until_when(stage: Stage) -> None:
    stage.sandbox.fault("POST /2/tweets", "429", times=1, retry_after=600)
    first, second = stage.submit(stage.asked(), "One."), stage.submit(stage.asked(), "Two.")
    assert delivery.send_due() == 1
    delivery.send_due()
    first.refresh_from_db()
    second.refresh_from_db()
    opens = RateBucket.objects.get(channel=stage.channel, endpoint="send:public").reset_at
    assert opens is not None
    for waiting in (first, second):
        assert (waiting.state, waiting.send_at, waiting.error_code) == ("queued", opens, "rate_limited")
        assert sending_queue.place_of(waiting).send_at >= opens
    assert kinds(second.conversation).count("delivery.queued") == 1
    assert stage.sandbox.control("GET", "calls")["total"] == 1
    later = opens + timedelta(seconds=1)
    RateBucket.objects.update(reset_at=timezone.now() - timedelta(seconds=1))
    Delivery.objects.filter(send_at__lt=later).update(send_at=timezone.now())
    assert delivery.send_due() == 2
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}


def test_what_the_network_says_is_left_is_never_overdrawn(stage: Stage) -> None:
    for number in range(6):
        stage.submit(stage.asked(), f"Answer {number}.")
    RateBucket.objects.create(
        channel=stage.channel,
        endpoint="send:public",
        limit=100,
        remaining=2,
        reset_at=timezone.now() + timedelta(minutes=10),
    )
    stage.sandbox.control("POST", "settings", {"limits": {"POST /2/tweets": 2}})
    race(*[delivery.send_due] * 4)
    calls = stage.sandbox.control("GET", "calls")["calls"]
    assert sum(call["count"] for call in calls if "tweets" in (call["route"] or "")) == 2
    assert Delivery.objects.filter(state="sent").count() == 2


def test_the_wait_is_estimated_from_the_window(stage: Stage) -> None:
    waiting = [stage.submit(stage.local(), f"Answer {number}.") for number in range(5)]
    opens = timezone.now() + timedelta(minutes=10)
    RateBucket.objects.create(channel=stage.channel, endpoint="send:public", limit=2, remaining=1, reset_at=opens)
    places = [sending_queue.place_of(one) for one in waiting]
    assert [place.position for place in places] == [1, 2, 3, 4, 5]
    assert places[0].send_at < opens
    assert [place.send_at for place in places[1:]] == [opens, opens, *[opens + timedelta(minutes=15)] * 2]


@pytest.mark.parametrize("switch", ["channel", "brand"])
def test_the_kill_switch_stops_the_next_call(stage: Stage, switch: str) -> None:
    sent = stage.submit(stage.asked())
    if switch == "channel":
        switches.halt_sending(stage.channel.pk, actor=stage.world.ada, reason="Wrong text")
    else:
        switches.halt_brand(stage.channel.brand_id, actor=stage.world.ada)
    assert delivery.send_due() == 0
    sent.refresh_from_db()
    assert (sent.state, sent.error_code) == ("queued", "halted")
    assert stage.sandbox.control("GET", "calls")["total"] == 0
    if switch == "channel":
        switches.let_send(stage.channel.pk, actor=stage.world.ada)
    else:
        switches.let_brand_send(stage.channel.brand_id, actor=stage.world.ada)
    assert delivery.send_due() == 1


def test_the_kill_switch_stops_even_what_was_claimed_already(stage: Stage) -> None:
    from inbox.services.sending_check import Verdict, last_check

    sent, session = sending(stage, stage.asked())
    with session:
        attempt = Attempt(sent.pk, sent.fence)
        assert last_check(session, attempt) is Verdict.GO
        switches.halt_brand(stage.channel.brand_id, actor=stage.world.ada)
        assert last_check(session, attempt) is Verdict.BLOCKED


def test_what_waits_for_a_halted_account_can_be_taken_back(stage: Stage) -> None:
    sent = stage.submit(stage.asked())
    switches.halt_sending(stage.channel.pk, actor=stage.world.ada)
    delivery.send_due()
    assert replies.cancel(sent.pk, actor=stage.world.ana).state == "cancelled"


def test_a_token_that_ended_is_renewed_once_and_nothing_is_lost(stage: Stage) -> None:
    account = stage.sandbox.brand(stage.channel.handle, "x", id=stage.channel.external_id)
    keys = kit.oauth2(account["credentials"])
    kit.give_keys(stage.channel, keys, credentials_expire_at=timezone.now() + timedelta(hours=2))
    conversations = [stage.asked() for _ in range(6)]
    for number, conversation in enumerate(conversations):
        stage.submit(conversation, f"Answer {number}.")
    stage.sandbox.control("POST", "expire", {"account": stage.channel.external_id})
    race(*[delivery.send_due] * 4)
    for _ in range(5):
        Delivery.objects.filter(state="queued").update(send_at=timezone.now())
        delivery.send_due()
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}
    calls = stage.sandbox.control("GET", "calls")["calls"]
    assert sum(call["count"] for call in calls if (call["route"] or "").endswith("/oauth2/token")) == 1
    assert all(len(stage.answers(conversation)) == 1 for conversation in conversations)


def test_the_database_refuses_an_answer_by_another_account(stage: Stage) -> None:
    conversation = stage.asked()
    sent = stage.submit(conversation)
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.filter(pk=sent.pk).update(channel=stage.world.channels.lumo_x)


def test_a_post_under_another_account_halts_the_channel(stage: Stage) -> None:
    conversation = stage.asked()
    sent, session = sending(stage, conversation)
    with session:
        assert outcomes.sent(Attempt(sent.pk, 1), Posted("77", stage.world.channels.lumo_x.external_id, timezone.now()))
    sent.refresh_from_db()
    stage.channel.refresh_from_db()
    assert (sent.state, sent.error_code, sent.message_id) == ("needs_human", "wrong_account", None)
    assert stage.channel.sending_halted_at is not None
    assert AccountEvent.objects.filter(kind="channel.halted").count() == 1
    assert delivery.send_due() == 0


def test_every_answer_leaves_by_its_own_account(stage: Stage) -> None:
    lumo = stage.connect(stage.world.channels.lumo_x)
    asked = [stage.asked(on=channel) for channel in (stage.channel, lumo) * 10]
    for number, conversation in enumerate(asked):
        stage.submit(conversation, f"Answer {number}.")
    race(*[delivery.send_due] * 4)
    while delivery.send_due():  # on a busy machine a sender's time is up before its work is
        pass
    for conversation in asked:
        (post,) = stage.answers(conversation)
        assert post["author"]["id"] == conversation.channel.external_id


def test_a_dead_session_sends_nothing(stage: Stage) -> None:
    """PostgreSQL ends the session that holds the lock: whoever cannot prove that it lives does not call."""
    sent = stage.submit(stage.asked())
    session = sending_queue.SenderSession()
    attempt = sending_queue.claim(session)
    assert attempt is not None
    pid = session.ask("SELECT pg_backend_pid()")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid[0]])
    delivery._send(attempt, session)
    session.close()
    sent.refresh_from_db()
    assert (sent.state, sent.error_code) == ("queued", "session_lost")
    assert stage.sandbox.control("GET", "calls")["total"] == 0
    assert delivery.send_due() == 1
    assert len(stage.answers(sent.conversation)) == 1


def test_what_somebody_wrote_who_is_disabled_waits_for_a_colleague(stage: Stage) -> None:
    sent = stage.submit(stage.asked(), "Words of somebody who is out.")
    people.disable(stage.world.ana.pk, actor=stage.world.ada)
    delivery.send_due()
    sent.refresh_from_db()
    assert (sent.state, sent.error_code, stage.answers(sent.conversation)) == ("failed", "author_disabled", [])
    assert sent.conversation.waiting_since is not None
    replies.resend(sent.pk, actor=stage.world.omar)
    delivery.send_due()
    sent.refresh_from_db()
    assert (sent.state, sent.author, len(stage.answers(sent.conversation))) == ("sent", stage.world.omar, 1)


def test_what_was_written_before_a_colleague_took_over_does_not_leave(stage: Stage) -> None:
    sent = stage.submit(stage.asked(), "Words of the owner before.")
    ownership.take_over(sent.conversation_id, actor=stage.world.omar, seen_owner=stage.world.ana.pk)
    delivery.send_due()
    sent.refresh_from_db()
    assert (sent.state, sent.error_code, stage.answers(sent.conversation)) == ("failed", "taken_over", [])
    replies.resend(sent.pk, actor=stage.world.omar)
    delivery.send_due()
    sent.refresh_from_db()
    assert (sent.state, sent.author, len(stage.answers(sent.conversation))) == ("sent", stage.world.omar, 1)
