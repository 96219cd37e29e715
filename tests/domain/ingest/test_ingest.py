"""One page in, rows out: once each, in the right thread, whatever the order."""

import itertools
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from channels.contracts import Figures, Media, StreamKind, Unreadable
from channels.models import UnreadableItem
from inbox.models.conversation import Case, Conversation
from inbox.models.message import Attachment, Message, MessageFigures, MessageRaw, MessageVersion
from inbox.models.people import Mute, Profile
from inbox.models.work import ConversationEvent
from inbox.services import forgetting, lifecycle, status
from tests import personas
from tests.factories.pages import START, account, connected, person, post, private, reading_world, store

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world() -> personas.World:
    return reading_world()


def test_a_mention_opens_a_conversation_that_waits_since_it_was_posted(world: personas.World) -> None:
    report = store(
        world.channels.northwind_x, post("1", text="Where is my bag? &amp; why", mentions=(personas.NORTHWIND_X_ID,))
    )
    conversation = Conversation.objects.get()
    message = Message.objects.get()
    assert (report.stored, report.duplicates, report.conversations) == (1, 0, {conversation.pk})
    assert (conversation.status, conversation.waiting_since, conversation.last_message) == ("open", START, message.pk)
    assert (conversation.thread_key, conversation.queue) == ("post:1", world.queues.care)
    assert (message.text, message.notes, message.names_us) == ("Where is my bag? & why", Message.Noted.ENTITIES, True)
    assert message.profile is not None
    assert message.profile.contact.profiles.get().handle == "h900"
    assert bytes(MessageRaw.objects.get().raw).startswith(b'{"id": "1"')
    assert Case.objects.get().first_inbound_at == START
    opened = ConversationEvent.objects.get()
    assert (opened.kind, opened.data["queue_id"]) == ("conversation.opened", world.queues.care.pk)


def test_reach_goes_to_pr(world: personas.World) -> None:
    store(world.channels.northwind_x, post("1", by=person("7", followers=400_000)))
    assert Conversation.objects.get().queue == world.queues.pr


def test_a_page_again_adds_nothing(world: personas.World) -> None:
    page = [post("1"), post("2", minute=1, in_reply_to="1", by=person("901"))]
    first = store(world.channels.northwind_x, *page)
    before = _everything()
    again = store(world.channels.northwind_x, *page)
    assert (first.stored, again.stored, again.duplicates) == (2, 0, 2)
    assert _everything() == before


def test_two_commenters_under_one_post_are_two_conversations_of_one_thread(world: personas.World) -> None:
    channel = world.channels.northwind_x
    store(
        channel,
        post("1", by=account(channel)),
        post("2", by=person("a"), in_reply_to="1", minute=1),
        post("3", by=person("b"), in_reply_to="1", minute=2),
        post("4", by=person("a"), in_reply_to="3", minute=3),
    )
    assert sorted(Conversation.objects.values_list("thread_key", "profile__external_id")) == [
        ("post:1", "a"),
        ("post:1", "b"),
    ]
    own = Message.objects.get(external_id="1")
    assert own.conversation is None
    assert own.thread is not None
    assert own.thread.own_post


TALK = [("1", "a", None), ("2", "us", "1"), ("3", "a", "2"), ("4", "b", "1"), ("5", "us", "4"), ("6", "us", "5")]


@pytest.mark.parametrize("order", list(itertools.permutations(range(6)))[::37])
def test_the_same_state_for_every_order_of_arrival(world: personas.World, order: tuple[int, ...]) -> None:
    channel = world.channels.northwind_x
    talk = [
        post(id_, by=account(channel) if who == "us" else person(who), in_reply_to=parent, minute=int(id_))
        for id_, who, parent in TALK
    ]
    for index in order:
        stream = StreamKind.OWN_POSTS if TALK[index][1] == "us" else StreamKind.MENTIONS
        store(channel, talk[index], stream=stream)
    where = dict(Message.objects.values_list("external_id", "conversation__profile__external_id"))
    assert where == {"1": "a", "2": "a", "3": "a", "4": "b", "5": "b", "6": "b"}
    live = Conversation.objects.filter(merged_into=None)
    assert set(live.values_list("thread_key", "profile__external_id", "status", "waiting_since")) == {
        ("post:1", "a", "open", START + timedelta(minutes=3)),
        ("post:1", "b", "pending", None),
    }
    assert _counts_are_true()


def test_the_networks_root_needs_no_parents(world: personas.World) -> None:
    store(
        world.channels.northwind_x,
        post("9", in_reply_to="8", root="1"),
        post("8", in_reply_to="7", root="1", minute=-1),
    )
    assert Conversation.objects.get().thread_key == "post:1"


def test_an_answer_to_a_stranger_joins_the_strangers_conversation(world: personas.World) -> None:
    channel = world.channels.northwind_x
    store(
        channel,
        post("2", by=account(channel), in_reply_to="1"),
        context=(post("1", by=person("s")),),
        stream=StreamKind.OWN_POSTS,
    )
    conversation = Conversation.objects.get()
    assert (conversation.profile.external_id, conversation.status) == ("s", "pending")
    assert Message.objects.get(external_id="1").conversation is None


def test_our_other_accounts_are_nobodys_customers(world: personas.World) -> None:
    channel, other = world.channels.northwind_x, person(personas.LUMO_X_ID)
    page = [post("1", by=other), post("2", by=account(channel), in_reply_to="1", minute=1)]
    store(channel, *page)
    store(channel, *page)
    assert Conversation.objects.count() == 0
    assert set(Message.objects.values_list("external_id", "direction")) == {("1", "in"), ("2", "out")}


def test_context_becomes_work_when_a_stream_brings_it(world: personas.World) -> None:
    channel = world.channels.northwind_x
    store(channel, post("2", minute=1, by=person("b"), in_reply_to="1"), context=(post("1", by=person("a")),))
    store(channel, post("1", by=person("a")))
    assert set(Message.objects.values_list("external_id", "conversation__profile__external_id")) == {
        ("1", "a"),
        ("2", "b"),
    }
    assert Conversation.objects.get(profile__external_id="a").waiting_since == START


def test_a_private_exchange_is_a_conversation_of_its_own(world: personas.World) -> None:
    channel = world.channels.northwind_x
    ann = person("a")
    store(
        channel,
        private("d1", by=ann, root="x-1"),
        private("d2", by=account(channel), root="x-1", recipient=ann, minute=2),
        stream=StreamKind.DIRECT_MESSAGES,
    )
    conversation = Conversation.objects.get()
    assert (conversation.thread_key, conversation.thread, conversation.status) == ("dm:x-1", None, "pending")
    assert Case.objects.get().first_answer_at == START + timedelta(minutes=2)


def test_an_unknown_author_is_one_profile_per_top_level_comment(world: personas.World) -> None:
    hidden = person(None, handle="", name="")  # type: ignore[arg-type]
    store(
        world.channels.northwind_facebook,
        post("p_1", by=hidden, root="p", in_reply_to="p"),
        post("p_2", by=hidden, root="p", in_reply_to="p"),
        post("p_3", by=hidden, root="p", in_reply_to="p_1"),
        stream=StreamKind.PAGE_FEED,
    )
    assert set(Profile.objects.values_list("external_id", flat=True)) == {"unknown:p_1", "unknown:p_2"}
    assert not Profile.objects.get(external_id="unknown:p_1").is_known


def test_an_edit_with_a_new_id_is_a_version_of_one_message(world: personas.World) -> None:
    channel = world.channels.northwind_x
    store(channel, post("1", text="first"))
    store(channel, post("2", text="second", versions=("1", "2"), minute=5))
    store(channel, post("2", text="second", versions=("1", "2"), minute=5))
    store(channel, post("3", by=account(channel), in_reply_to="2", minute=6), stream=StreamKind.OWN_POSTS)
    assert Message.objects.get(external_id="1").text == "first"
    assert MessageVersion.objects.get().text == "second"
    assert Conversation.objects.get().status == "pending"
    assert ConversationEvent.objects.filter(kind="message.edited").count() == 1


def test_a_post_without_text_keeps_its_attachments(world: personas.World) -> None:
    store(
        world.channels.northwind_x,
        post("1", text="", media=(Media("image", "https://pbs.twimg.com/a.jpg", alt="a bag"),)),
    )
    assert Attachment.objects.get().alt == "a bag"


def test_the_bad_item_is_kept_and_the_others_go_on(world: personas.World) -> None:
    page = [
        post("1"),
        Unreadable("No author.", b'{"id": 5}', "5"),
        post("2", text="x" * 300_000),
        post("3", text="ok \0 \ud83d"),
    ]
    report = store(world.channels.northwind_x, *page)
    store(world.channels.northwind_x, *page)
    assert (report.stored, report.unreadable) == (2, 2)
    assert UnreadableItem.objects.count() == 2
    assert Message.objects.get(external_id="3").text == "ok \ufffd \ufffd"


@pytest.mark.parametrize("ours", [False, True])
def test_nul_in_an_address_does_not_stop_the_page(world: personas.World, ours: bool) -> None:
    channel = world.channels.northwind_x
    odd = {"permalink": "https://x.com/\0", "language": "e\0", "media": (Media("image", "\0", preview_url="\0"),)}
    report = store(channel, post("1"), post("2", by=account(channel) if ours else person(), **odd))
    assert report.stored == 2
    assert Message.objects.get(external_id="2").permalink == "https://x.com/\ufffd"
    assert Attachment.objects.get().url == "\ufffd"


def test_card_numbers_are_nowhere_in_the_database(world: personas.World) -> None:
    report = store(world.channels.northwind_x, post("1", text="charge 4111 1111 1111 1111 again"))
    assert report.masked == 1
    assert Message.objects.get().text == "charge •••• 1111 again"
    assert b"1111 1111" not in bytes(MessageRaw.objects.get().raw)


def test_a_muted_profile_is_stored_and_asks_for_nobody(world: personas.World) -> None:
    channel = world.channels.northwind_x
    store(channel, post("1"))
    Mute.objects.create(profile=Profile.objects.get(), brand=channel.brand)
    store(channel, post("2", minute=1))
    assert Message.objects.count() == 2
    assert Conversation.objects.get(thread_key="post:2").status == "resolved"


def test_who_is_muted_at_one_brand_asks_at_the_other(world: personas.World) -> None:
    store(world.channels.northwind_x, post("1"))
    Mute.objects.create(profile=Profile.objects.get(), brand=world.channels.northwind_x.brand)
    lumo = connected(world.channels.lumo_x)
    store(lumo, post("2", minute=1))
    assert Conversation.objects.get(thread_key="post:2").waiting_since == START + timedelta(minutes=1)


def test_nobody_waits_behind_an_answer_to_a_muted_author(world: personas.World) -> None:
    channel = world.channels.northwind_x
    store(channel, post("1"))
    Mute.objects.create(profile=Profile.objects.get(), brand=channel.brand)
    store(channel, post("2", in_reply_to="1", minute=5))
    store(channel, post("3", by=account(channel), in_reply_to="1", minute=3), stream=StreamKind.OWN_POSTS)
    conversation = Conversation.objects.get()
    assert (conversation.status, conversation.waiting_since) == ("pending", None)


@pytest.mark.parametrize(("undone", "waits"), [(True, True), (False, False)])
def test_a_resolution_that_was_taken_back_hides_nobody(world: personas.World, undone: bool, waits: bool) -> None:
    channel = world.channels.northwind_x
    store(channel, post("1"), post("2", in_reply_to="1", minute=5))
    conversation = Conversation.objects.get()
    lifecycle.resolve(conversation.pk, actor=world.ana, disposition="expired")
    if undone:
        lifecycle.reopen(conversation.pk, actor=world.ana)
    else:
        store(channel, post("4", in_reply_to="1", minute=1))  # opens it again, for itself alone
    store(channel, post("3", by=account(channel), in_reply_to="1", minute=3), stream=StreamKind.OWN_POSTS)
    conversation.refresh_from_db()
    assert (conversation.waiting_since == START + timedelta(minutes=5)) is waits
    assert conversation.waiting_since == status.oldest_waiting(conversation)


def test_what_is_older_than_the_connection_carries_no_clock(world: personas.World) -> None:
    store(world.channels.northwind_x, post("1", minute=-60 * 24 * 3))
    conversation = Conversation.objects.get()
    assert (conversation.status, conversation.waiting_since) == ("open", None)


def test_a_new_message_reopens_and_continues_the_case(world: personas.World) -> None:
    channel = world.channels.northwind_x
    store(channel, post("1"))
    conversation = Conversation.objects.get()
    status.rested(conversation, Conversation.Status.RESOLVED)
    conversation.save()
    Case.objects.update(resolved_at=START, disposition="answered")
    Case.objects.filter(conversation=conversation).update(resolved_at=_now())
    store(channel, post("2", minute=60, in_reply_to="1"))
    conversation.refresh_from_db()
    assert (conversation.status, conversation.waiting_since) == ("open", START + timedelta(minutes=60))
    assert Case.objects.get().resolved_at is None
    Case.objects.update(resolved_at=_now() - timedelta(days=8), disposition="answered")
    Conversation.objects.update(status="resolved", waiting_since=None)
    store(channel, post("3", minute=90, in_reply_to="1"))
    assert [(case.number, case.resolved_at is None) for case in Case.objects.order_by("number")] == [
        (1, False),
        (2, True),
    ]
    assert ConversationEvent.objects.filter(kind="conversation.reopened").count() == 2


def test_the_same_person_is_one_profile_and_news_of_it_is_kept(world: personas.World) -> None:
    store(world.channels.northwind_x, post("1"), post("2", minute=1))
    store(world.channels.northwind_x, post("3", by=person(name="New Name", followers=500)))
    profile = Profile.objects.get()
    assert (profile.name, profile.followers) == ("New Name", 500)


def test_a_late_parent_joins_the_threads_of_one_person(world: personas.World) -> None:
    channel = world.channels.northwind_x
    store(channel, post("3", in_reply_to="2", minute=3))
    store(channel, post("1", minute=1))
    store(channel, post("2", in_reply_to="1", minute=2))
    live = Conversation.objects.filter(merged_into=None)
    assert live.get().thread_key == "post:1"
    assert set(Message.objects.values_list("conversation_id", flat=True)) == {live.get().pk}
    assert _counts_are_true()


def test_the_number_of_statements_does_not_grow_with_the_page(world: personas.World) -> None:
    _statements(world, range(2))  # what is read once per process: the rules and promises in force
    small, large = _statements(world, range(10, 14)), _statements(world, range(100, 180))
    assert large == small


def _statements(world: personas.World, ids: range) -> int:
    with CaptureQueriesContext(connection) as captured:
        store(world.channels.northwind_x, *(post(str(i), by=person(str(i)), minute=i) for i in ids))
    return len(captured)


def _now() -> datetime:
    return timezone.now()


def _everything() -> list[object]:
    rows = [list(model.objects.order_by("pk").values_list()) for model in (Message, Conversation, Case, Profile)]
    return [*rows, ConversationEvent.objects.count()]


def _counts_are_true() -> bool:
    """The kept counters equal a recount."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT count(*) FROM (
                 SELECT queue_id, brand_id, owner_id, status, waiting, sum(n) FROM (
                   SELECT queue_id, brand_id, owner_id, status, waiting, n FROM inbox_countdelta
                   UNION ALL SELECT queue_id, brand_id, owner_id, status, waiting, n FROM inbox_count
                   UNION ALL SELECT queue_id, brand_id, owner_id, status, waiting_since IS NOT NULL, -1
                             FROM inbox_conversation) AS all_rows
                 GROUP BY 1, 2, 3, 4, 5 HAVING sum(n) <> 0) AS wrong"""
        )
        return bool(cursor.fetchone()[0] == 0)


def _figures() -> list[tuple[str, int | None, int | None, int | None, int | None]]:
    rows = MessageFigures.objects.order_by("message")
    return list(rows.values_list("message__external_id", "views", "shares", "likes", "replies"))


def test_how_far_posts_have_come_is_kept_and_follows_what_is_read_later(world: personas.World) -> None:
    x = world.channels.northwind_x
    store(x, post("1", figures=Figures(40, 1, 2, 0)), post("2", figures=Figures(0, 0, 0, 0)), post("3"))
    assert _figures() == [("1", 40, 1, 2, 0)], "what nobody has looked at yet is not kept"
    read_at = MessageFigures.objects.get().read_at
    store(x, post("1", figures=Figures(40, 1, 2, 0)), post("3", figures=None))
    assert MessageFigures.objects.get().read_at == read_at, "nothing new was counted"
    store(x, context=(post("1", figures=Figures(48_300, 38, 0, 7)), post("2", figures=Figures(9))))
    assert _figures() == [("1", 48_300, 38, 0, 7), ("2", 9, None, None, None)]
    assert MessageFigures.objects.get(message__external_id="1").read_at > read_at
    store(x, post("1"))
    store(x, post("1", figures=Figures(likes=3)))
    assert _figures()[0] == ("1", 48_300, 38, 3, 7), "who says nothing changes nothing"
    forgetting.erase([Message.objects.get(external_id="1").pk])
    store(x, post("1", figures=Figures(50_000)))
    assert [line[0] for line in _figures()] == ["2"], "what is erased stays so"


def test_of_several_versions_on_a_page_the_last_one_says_how_far_it_came(world: personas.World) -> None:
    first = post("1", versions=("1", "2"), figures=Figures(5))
    later = post("2", versions=("1", "2"), figures=Figures(6))
    store(world.channels.northwind_x, later, first)
    assert _figures() == [("1", 6, None, None, None)]
