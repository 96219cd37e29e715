"""Deletions and edits are found by asking again: the real adapters over HTTP."""

from decimal import Decimal

import pytest

from channels.models import ChannelDay
from inbox.models.conversation import Conversation
from inbox.models.message import Message, MessageVersion
from inbox.services import rechecking
from inbox.tasks import recheck_channel
from tests.domain.channels.kit import stream_of
from tests.domain.channels.test_polling import again, say

pytestmark = pytest.mark.django_db(transaction=True)


def wording(external_id: str) -> tuple[str, list[str], bool]:
    """Its text, its later wordings, whether it is gone."""
    message = Message.objects.get(external_id=external_id)
    later = MessageVersion.objects.filter(message=message).order_by("posted_at").values_list("text", flat=True)
    return message.text, list(later), message.deleted_at is not None


def test_on_x_edits_and_deletions_are_followed(sandbox, connected) -> None:
    channel = connected()
    kept, edited, deleted, both = say(sandbox, 4)
    again(stream_of(channel))
    sandbox.control("PATCH", f"posts/{edited}", {"text": "@northwindair never mind"})
    sandbox.control("DELETE", f"posts/{deleted}")
    later = sandbox.control("PATCH", f"posts/{both}", {"text": "@northwindair away with it"})["id"]
    sandbox.control("DELETE", f"posts/{later}")

    report = rechecking.recheck(channel.pk, nightly=False)

    assert (report.asked, report.edited, report.gone, report.next) == (4, 1, 2, None)
    assert wording(kept) == ("@northwindair question 0", [], False)
    assert wording(edited) == ("@northwindair question 1", ["@northwindair never mind"], False)
    assert wording(deleted) == ("", [], True)
    assert wording(both) == ("", [], True)
    report = rechecking.recheck(channel.pk, nightly=False)
    assert (report.asked, report.edited, report.gone) == (2, 0, 0)


def test_on_facebook_comments_that_vanished_or_changed(sandbox, connected, world) -> None:
    channel = connected(world.channels.northwind_facebook)
    post = sandbox.say("hanne", "Where is my bag?", "facebook", to=channel.handle)
    vanished, changed = (sandbox.say(who, "Mine too", "facebook", in_reply_to=post) for who in ("ines", "jon"))
    again(stream_of(channel, "page_feed"))
    sandbox.control("DELETE", f"posts/{vanished}")
    sandbox.control("PATCH", f"posts/{changed}", {"text": "Mine as well"})

    report = rechecking.recheck(channel.pk, nightly=False)

    assert (report.edited, report.gone) == (1, 1)
    assert wording(vanished) == ("", [], True)
    assert wording(changed) == ("Mine too", ["Mine as well"], False)


def test_the_night_asks_for_what_is_pending_and_pays(sandbox, connected) -> None:
    channel = connected()
    (post,) = say(sandbox, 1)
    again(stream_of(channel))
    Conversation.objects.update(status="pending", waiting_since=None)
    read = ChannelDay.objects.get().usd
    assert rechecking.recheck(channel.pk, nightly=False).asked == 0
    assert rechecking.recheck(channel.pk, nightly=True).asked == 1
    assert ChannelDay.objects.get().usd == read + Decimal("0.005")
    assert wording(post)[2] is False


def test_a_short_budget_saves_the_recheck_first(sandbox, connected) -> None:
    channel = connected(budget_usd=Decimal("0.01"))
    say(sandbox, 2)
    again(stream_of(channel))
    assert rechecking.recheck(channel.pk, nightly=False).asked == 0


def test_the_task_asks_once_an_hour(sandbox, connected) -> None:
    channel = connected()
    say(sandbox, 2)
    again(stream_of(channel))
    assert [recheck_channel(channel.pk) for _ in range(3)] == [2, 2, 0]  # the night, the hour, nothing


def test_a_network_in_trouble_erases_nothing(sandbox, connected) -> None:
    channel = connected()
    say(sandbox, 2)
    again(stream_of(channel))
    for kind in ("5xx", "429", "malformed", "truncated", "reset"):
        sandbox.fault("GET /2/tweets", kind, times=5)
        assert rechecking.recheck(channel.pk, nightly=False).gone == 0
        sandbox.control("DELETE", "faults")
    assert Message.objects.filter(deleted_at=None).count() == 2
