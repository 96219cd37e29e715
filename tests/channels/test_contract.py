"""What every adapter must do, with the real vendor clients over HTTP against the sandbox."""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from channels import http
from channels.contracts import OutboundMessage, StreamKind, Visibility
from channels.registry import ADAPTERS, capabilities
from core.errors import ChannelError, OutcomeUnknown, RateLimited, TokenDead, TransientChannelError
from tests.channels.peers import LINKS_MAX, FacebookPeer, Peer, XOAuth2Peer, XPeer, ids, walk
from tests.sandbox.running import Sandbox, running

PEERS = [XPeer, XOAuth2Peer, FacebookPeer]
READ_FAULTS = ["429", "5xx", "timeout", "reset", "truncated", "malformed", "duplicate_page", "reordered"]


@pytest.fixture(scope="module")
def sandbox_process() -> Iterator[Sandbox]:
    with running() as sandbox:
        yield sandbox


@pytest.fixture(params=PEERS, ids=lambda peer: peer.__name__)
def peer(request: pytest.FixtureRequest, sandbox_process: Sandbox, settings: Any) -> Peer:
    sandbox_process.control("POST", "reset")
    sandbox_process.control("POST", "settings", {"rate_limits": False})
    settings.X_API_URL = sandbox_process.base_url
    settings.FACEBOOK_GRAPH_URL = f"{sandbox_process.base_url}/graph"
    return request.param(sandbox_process, sandbox_process.brand("northwindair", request.param.kind))


def test_every_network_is_in_the_table_and_under_test() -> None:
    assert {str(kind) for kind in ADAPTERS} == {peer.kind for peer in PEERS}
    for kind in ADAPTERS:
        assert capabilities(kind).kind == kind
        rules = ADAPTERS[kind].adapter({}, "1", {})
        assert rules.count("hello", visibility=Visibility.PUBLIC) == 5
        assert rules.split("hello") == ("hello",)
        assert rules.split("hello " * 10_000) == ()
        price = rules.price(OutboundMessage("hello", Visibility.PRIVATE))
        assert (price is None) == (not rules.capabilities.prices)


def test_the_account_is_named(peer: Peer) -> None:
    identity = peer.adapter().identify()
    assert (identity.external_id, identity.name) == (peer.brand["id"], peer.brand["name"])


def test_all_pages_complete_while_new_posts_arrive(peer: Peer) -> None:
    expected = peer.say_all(list(range(250)))
    adapter, resume, seen, late = peer.adapter(), None, [], []
    for number in range(LINKS_MAX):
        page = adapter.fetch(peer.stream, mark={}, resume=resume, options={})
        seen += ids([page])
        resume = page.resume
        if resume is None:
            break
        late += peer.say_all([1000 + 2 * number, 1001 + 2 * number])
    assert set(expected) <= set(seen)
    assert len(seen) == len(set(seen))
    pages, _ = walk(peer, page.mark)
    assert late
    assert set(seen) | set(ids(pages)) == set(expected) | set(late)


def test_a_walk_goes_on_in_another_process_after_each_page(peer: Peer) -> None:
    expected = peer.say_all(list(range(250)))
    _, mark = walk(peer, {})
    expected = peer.say_all(list(range(250, 520)))
    resume, seen = None, []
    for _ in range(LINKS_MAX):
        stored = json.loads(json.dumps({"mark": mark, "resume": resume}))
        page = peer.adapter().fetch(peer.stream, options={"overlap_s": 0}, **stored)
        again = peer.adapter().fetch(peer.stream, options={"overlap_s": 0}, **stored)
        assert ids([again]) == ids([page])
        seen += ids([page])
        resume = page.resume
        if resume is None:
            break
    assert set(expected) <= set(seen)


def test_nothing_new_costs_little_and_keeps_the_mark(peer: Peer) -> None:
    peer.say_all(list(range(5)))
    _, mark = walk(peer, {})
    pages, again = walk(peer, mark, options={"overlap_s": 0})
    assert (len(pages), again) == (1, mark)
    assert pages[0].use.calls <= 3


def test_a_late_post_within_the_overlap_is_found(peer: Peer) -> None:
    peer.say(1)
    _, mark = walk(peer, {})
    late = peer.say(2, created_at=(datetime.now(UTC) - timedelta(seconds=100)).isoformat())
    assert late in ids(walk(peer, mark)[0])


def test_since_bounds_the_first_walk(peer: Peer) -> None:
    old = peer.say(1, created_at=(datetime.now(UTC) - timedelta(days=3)).isoformat())
    young = peer.say(2, created_at=(datetime.now(UTC) - timedelta(hours=3)).isoformat())
    pages, _ = walk(peer, {}, options={"since": (datetime.now(UTC) - timedelta(days=1)).isoformat()})
    assert young in ids(pages)
    assert old not in ids(pages)


@pytest.mark.parametrize("kind", READ_FAULTS)
def test_read_faults_are_typed_and_lose_nothing(peer: Peer, kind: str) -> None:
    expected = peer.say_all(list(range(450)))
    fault = {"match": peer.reads, "kind": kind, "rate": 0.5, "seed": 7, "seconds": 3}
    peer.sandbox.control("POST", "faults", fault)
    mark: dict[str, Any] = {}
    resume, seen, failed = None, [], []
    for _ in range(60):
        try:
            page = peer.adapter().fetch(peer.stream, mark=mark, resume=resume, options={})
        except TransientChannelError as error:
            failed.append(error)
            continue
        seen += ids([page])
        resume = page.resume
        if resume is None:
            mark = page.mark
            if set(expected) <= set(seen):
                break
    assert set(seen) == set(expected)
    assert peer.sandbox.control("GET", "faults")["fired"].get(kind, 0) > 0
    assert failed or kind in ("duplicate_page", "reordered")
    assert all((kind == "429") is isinstance(error, RateLimited) for error in failed)


def test_a_limit_says_when_it_ends(peer: Peer) -> None:
    peer.sandbox.fault(peer.reads, "429", times=1, retry_after=30)
    with pytest.raises(RateLimited) as caught:
        peer.adapter().fetch(peer.stream, mark={}, resume=None, options={})
    assert caught.value.retry_after is not None
    assert timedelta(0) < caught.value.retry_after - datetime.now(UTC) < timedelta(hours=1)


def test_rate_windows_come_with_every_page(peer: Peer) -> None:
    peer.say(1)
    page = peer.adapter().fetch(peer.stream, mark={}, resume=None, options={})
    assert page.windows
    assert all(window.remaining is not None or window.used_percent is not None for window in page.windows)


def test_a_dead_token_is_named_by_every_call(peer: Peer) -> None:
    target = peer.say(1)
    peer.sandbox.control("POST", "revoke", {"account": peer.brand["handle"], "network": peer.kind})
    adapter = peer.adapter()
    calls = [
        lambda: adapter.identify(),
        lambda: adapter.fetch(peer.stream, mark={}, resume=None, options={}),
        lambda: adapter.fetch(peer.private_stream, mark={}, resume=None, options={}),
        lambda: adapter.send(peer.reply(target, "sorry")),
        lambda: adapter.delete(target),
    ]
    for call in calls:
        with pytest.raises(TokenDead):
            call()


def test_an_answer_appears_once_under_its_post_by_the_right_account(peer: Peer) -> None:
    target = peer.say(1)
    receipt = peer.adapter().send(peer.reply(target, "We are on it."))
    (answer,) = peer.answers(target)
    assert answer["id"] == receipt.external_id
    assert answer["author"]["id"] == peer.brand["id"]
    assert receipt.author_external_id in (None, peer.brand["id"])
    assert receipt.posted_at is None or receipt.posted_at.tzinfo is UTC


def test_our_answer_comes_back_by_the_stream_of_own_posts(peer: Peer) -> None:
    target = peer.say(1)
    receipt = peer.adapter().send(peer.reply(target, "We are on it."))
    items = [item for page in walk(peer, {}, peer.own_stream)[0] for item in page.items]
    (own,) = [item for item in items if item.external_id == receipt.external_id]
    assert own.author.external_id == peer.brand["id"]
    assert own.in_reply_to == target


@pytest.mark.parametrize("kind", ["after_effect", "timeout", "reset", "5xx", "malformed", "truncated"])
def test_an_unknown_outcome_is_called_so_and_can_be_settled_by_reading(peer: Peer, kind: str) -> None:
    target = peer.say(1)
    since = datetime.now(UTC) - timedelta(seconds=2)
    peer.sandbox.fault(peer.writes, kind, times=1, seconds=3)
    with pytest.raises(OutcomeUnknown):
        peer.adapter().send(peer.reply(target, "We are on it."))
    there = {answer["id"] for answer in peer.answers(target)}
    found = peer.adapter().sent_since(since, private_with=None, in_reply_to=target)
    assert {item.external_id for item in found.items if item.in_reply_to == target} == there
    assert len(there) <= 1
    assert kind != "after_effect" or there


def test_a_limit_on_sending_proves_that_nothing_was_posted(peer: Peer) -> None:
    target = peer.say(1)
    peer.sandbox.fault(peer.writes, "429", times=1)
    with pytest.raises(RateLimited):
        peer.adapter().send(peer.reply(target, "We are on it."))
    assert peer.answers(target) == []


def test_nobody_listening_proves_that_nothing_was_posted(peer: Peer, settings: Any) -> None:
    settings.X_API_URL = settings.FACEBOOK_GRAPH_URL = "http://127.0.0.1:1"
    with pytest.raises(TransientChannelError):
        peer.adapter().send(peer.reply("1", "We are on it."))


def test_a_private_message_is_read_answered_and_found_again(peer: Peer) -> None:
    whispered = peer.whisper(1)
    (message,) = [item for page in walk(peer, {}, peer.private_stream)[0] for item in page.items]
    assert (message.external_id, message.visibility) == (whispered["id"], Visibility.PRIVATE)
    assert message.recipient.external_id == peer.brand["id"]
    since = datetime.now(UTC) - timedelta(seconds=2)
    person = message.author.external_id
    receipt = peer.adapter().send(
        OutboundMessage("Let me look.", Visibility.PRIVATE, recipient=person, exchange=message.root)
    )
    found = peer.adapter().sent_since(since, private_with=person, in_reply_to=None)
    assert [item.external_id for item in found.items] == [receipt.external_id]
    again = [item for page in walk(peer, {}, peer.private_stream)[0] for item in page.items]
    (own,) = [item for item in again if item.external_id == receipt.external_id]
    assert (own.author.external_id, own.root, own.recipient.external_id) == (peer.brand["id"], message.root, person)


def test_private_messages_page_and_resume(peer: Peer) -> None:
    expected = [peer.whisper(number % 5, text=f"private {number}")["id"] for number in range(230)]
    pages, mark = walk(peer, {}, peer.private_stream)
    assert sorted(ids(pages)) == sorted(expected)
    fresh = peer.whisper(3, text="one more")["id"]
    assert fresh in ids(walk(peer, mark, peer.private_stream)[0])


def test_lookup_gives_what_is_there_and_names_what_is_gone(peer: Peer) -> None:
    there, gone = peer.say(1), peer.say(2)
    peer.sandbox.control("DELETE", f"posts/{gone}")
    page = peer.adapter().lookup((there, gone))
    assert [item.external_id for item in page.context] == [there]
    assert page.gone == (gone,)


def test_acts_are_done_and_deleting_twice_is_harmless(peer: Peer) -> None:
    target = peer.say(1)
    adapter = peer.adapter()
    adapter.like(target, liked=True)
    adapter.like(target, liked=False)
    receipt = adapter.send(peer.reply(target, "We are on it."))
    adapter.delete(receipt.external_id)
    adapter.delete(receipt.external_id)
    assert peer.answers(target) == []


def test_no_secret_in_any_error_or_log(peer: Peer, caplog: pytest.LogCaptureFixture) -> None:
    for name in (*http.LEAKY_LOGGERS, "urllib3", "requests", "facebook"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    caplog.set_level(logging.DEBUG)
    target = peer.say(1)
    told: list[str] = []
    for kind in (*READ_FAULTS[:6], "after_effect"):
        for match in (peer.reads, peer.writes):
            peer.sandbox.fault(match, kind, times=1, seconds=3)
        for call in (
            lambda: peer.adapter().fetch(peer.stream, mark={}, resume=None, options={}),
            lambda kind=kind: peer.adapter().send(peer.reply(target, f"About {kind}")),
        ):
            try:
                call()
            except ChannelError as error:
                told.append("".join(traceback.format_exception(error)) + repr(vars(error)))
        peer.sandbox.control("DELETE", "faults")
    assert len(told) >= 12
    for secret in peer.secrets:
        assert secret not in caplog.text
        assert not any(secret in text for text in told)


def test_every_stream_of_the_kind_can_be_read(peer: Peer) -> None:
    for stream in capabilities(peer.kind).streams:
        page = peer.adapter().fetch(StreamKind(stream), mark={}, resume=None, options={"terms": ["northwind"]})
        assert page.resume is None
