"""Parents that we were not sent are asked for in batches, and once."""

import pytest

from channels import registry
from channels.contracts import FetchPage
from inbox.models.conversation import Conversation
from inbox.models.message import LookedUp, Message
from inbox.services import context
from tests.domain.channels.kit import stream_of
from tests.domain.channels.test_polling import again
from tests.factories.pages import person, post

pytestmark = pytest.mark.django_db(transaction=True)
LOOKUP = ("GET", "/2/tweets")


def lookups(sandbox) -> int:
    rows = sandbox.control("GET", "calls")["calls"]
    return sum(row["count"] for row in rows if (row["method"], row["route"]) == LOOKUP)


def test_an_absent_parent_is_asked_for_once(sandbox, connected) -> None:
    channel = connected()
    stream = stream_of(channel)
    parent = sandbox.say("stranger", "who knows a good airline?")
    first = sandbox.say("ann", "@northwindair is one", in_reply_to=parent)
    sandbox.control("DELETE", f"posts/{parent}")
    second = sandbox.say("ben", "@northwindair is none", in_reply_to=first)

    again(stream)
    assert lookups(sandbox) == 1
    assert LookedUp.objects.get().external_id == parent
    third = sandbox.say("eva", "@northwindair what do you say?", in_reply_to=second)
    again(stream)

    assert lookups(sandbox) == 1
    assert set(Message.objects.values_list("external_id", flat=True)) == {first, second, third}


def test_a_parent_that_is_there_is_stored_as_context(sandbox, connected) -> None:
    channel = connected()
    stream = stream_of(channel)
    root = sandbox.say("stranger", "who knows a good airline?")
    parent = sandbox.say("another", "I do", in_reply_to=root)
    sandbox.say("ann", "@northwindair is one", in_reply_to=parent)
    again(stream)
    assert Message.objects.get(external_id=root).conversation is None
    assert not LookedUp.objects.exists()


def test_more_parents_than_one_call_takes_are_all_asked_for(sandbox, connected) -> None:
    channel = connected()
    posts = [{"network": "x", "author": {"handle": f"p{n}"}, "text": f"thought {n}"} for n in range(130)]
    parents = [made["id"] for made in sandbox.control("POST", "posts", posts)["posts"]]
    page = FetchPage(items=tuple(post(f"9{n}", by=person("7"), in_reply_to=each) for n, each in enumerate(parents)))

    page = context.with_parents(page, channel, registry.adapter_for(channel))

    assert {each.external_id for each in page.context} == set(parents)
    assert lookups(sandbox) == 2


def test_a_failed_look_up_says_nothing_about_the_parent(sandbox, connected) -> None:
    channel = connected()
    stream = stream_of(channel)
    root = sandbox.say("stranger", "who knows a good airline?")
    parent = sandbox.say("another", "I do", in_reply_to=root)  # X sends the parent along, and not what is above it
    child = sandbox.say("ann", "@northwindair is one", in_reply_to=parent)
    sandbox.fault(" ".join(LOOKUP), "5xx", times=1)
    again(stream)
    assert lookups(sandbox) == 1
    assert set(Message.objects.values_list("external_id", flat=True)) == {parent, child}
    assert not LookedUp.objects.exists()


def test_a_chain_is_followed_to_its_top_where_the_network_does_not_name_it(sandbox, connected) -> None:
    channel = connected()
    stream = stream_of(channel)
    sandbox.control("POST", "settings", {"conversation_ids": False})
    chain = [sandbox.say("stranger", "who knows a good airline?")]
    for number in range(7):
        chain.append(sandbox.say(f"friend{number}", "not me", in_reply_to=chain[-1]))
    sandbox.say("ann", "@northwindair is one", in_reply_to=chain[-1])

    again(stream)

    assert Conversation.objects.get().thread_key == f"post:{chain[0]}"
