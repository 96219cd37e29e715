"""In whatever order the posts of a tree become known, over however many pages, the same rows come of it."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from channels.contracts import FetchPage, InboundMessage, StreamKind
from channels.models import Channel
from inbox.models.conversation import Case, Conversation
from inbox.models.message import Message, MessageVersion
from inbox.models.work import ConversationEvent
from inbox.services import ingest
from tests import personas
from tests.domain.lifecycle.looking import counted, recounted
from tests.factories.pages import START, account, connected, person, post

pytestmark = pytest.mark.django_db(transaction=True)
SEEDS, ORDERS = 8, 5
PEOPLE = ("a", "b", "c")


@dataclass(frozen=True)
class Tree:
    """What happened at the network: posts, later versions of some, and some that were deleted in the end."""

    posts: tuple[InboundMessage, ...]
    gone: tuple[str, ...]


def grown(dice: random.Random, channel: Channel, *, rooted: bool) -> Tree:
    """Up to three roots with 4 to 14 posts below them, a third of them ours, some edited, some deleted."""
    posts: list[InboundMessage] = []
    later: list[InboundMessage] = []
    for n in range(dice.randint(5, 15)):
        ours = bool(n) and dice.random() < 0.35
        parent = dice.choice(posts) if posts and dice.random() < 0.85 else None
        versions = {one.versions[0]: one.external_id for one in later}
        answered = parent and dice.choice([parent.external_id, versions.get(parent.external_id, parent.external_id)])
        posts.append(
            post(
                f"{n:02}",
                by=account(channel) if ours else person(dice.choice(PEOPLE)),
                minute=n,
                in_reply_to=answered,
                root=(parent.root if parent else f"{n:02}") if rooted else None,
            )
        )
        if n % 4 == 0:
            changed = {"external_id": f"{n:02}e", "versions": (f"{n:02}", f"{n:02}e"), "text": "changed"}
            later.append(replace(posts[-1], **changed, edited_at=START + timedelta(minutes=n, seconds=30)))
    theirs = [each.external_id for each in posts if each.author.external_id != channel.external_id]
    return Tree((*posts, *later), tuple(dice.sample(theirs, len(theirs) // 5)))


def arrive(channel: Channel, tree: Tree, dice: random.Random) -> None:
    """In random order, in pages of random length, some of it twice; deletions are noticed at the end."""
    left = [*tree.posts, *dice.sample(tree.posts, 3)]
    dice.shuffle(left)
    while left:
        size = dice.randint(1, 5)
        page, left = left[:size], left[size:]
        with transaction.atomic():
            ingest.store_page(channel, StreamKind.MENTIONS, FetchPage(items=tuple(page)))
    with transaction.atomic():
        ingest.store_page(channel, StreamKind.MENTIONS, FetchPage(items=(post("99"),), gone=tree.gone))


def outcome() -> dict[str, Sequence[Any]]:
    """All that is to be the same: places, newest words, turns. Ids, times of storing and the order of events are not,
    and whoever sees an edited post first sees its first wording never.
    """
    newest = MessageVersion.objects.filter(message=OuterRef("pk")).order_by("-posted_at").values("text")[:1]
    messages = Message.objects.order_by("external_id")
    living = Conversation.objects.filter(merged_into=None).order_by("thread_key", "profile__external_id")
    return {
        "messages": [
            (*row[:-1], row[-1] is not None)
            for row in messages.values_list(
                "external_id",
                Coalesce(Subquery(newest), "text"),
                "direction",
                "thread__root_external_id",
                "conversation__thread_key",
                "conversation__profile__external_id",
                "conversation__merged_into",
                "deleted_at",
            )
        ],
        "turns": list(
            living.values_list(
                "thread_key", "profile__external_id", "status", "waiting_since", "answered_at", "last_message_at"
            )
        ),
    }


def forget_all() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE inbox_thread, inbox_profile, inbox_countdelta, inbox_count CASCADE")


@pytest.mark.timeout(300)
@pytest.mark.parametrize("rooted", [True, False], ids=["roots", "parents"])
def test_any_order_ends_in_the_same_rows(rooted: bool) -> None:
    channel = connected(personas.world().channels.northwind_x)
    for seed in range(SEEDS):
        tree = grown(random.Random(seed), channel, rooted=rooted)
        first = None
        for order in range(ORDERS):
            forget_all()
            arrive(channel, tree, random.Random(1000 * seed + order))
            found = outcome()
            first = first or found
            for name, rows in found.items():
                assert rows == first[name], f"seed {seed}, order {order}: {name}"
            assert_sound()


def assert_sound() -> None:
    """The counters are true, every conversation that is not resolved has one open case, and every one has a story."""
    assert counted() == recounted()
    living = Conversation.objects.exclude(status="resolved")
    cases = Case.objects.filter(resolved_at=None).values("conversation").annotate(n=Count("id"))
    assert {row["conversation"]: row["n"] for row in cases} == dict.fromkeys(living.values_list("pk", flat=True), 1)
    opened = set(ConversationEvent.objects.filter(kind="conversation.opened").values_list("conversation", flat=True))
    assert opened == set(Conversation.objects.values_list("pk", flat=True))
