"""X's JSON as recorded, and broken on purpose, against our records."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels.adapters.x import parse
from channels.contracts import Figures, InboundMessage, Unreadable, Visibility
from core.errors import TransientChannelError
from tests.channels import captured
from tests.channels.mutants import mutants

BULK = settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))


def page_of(*items: Any, **more: Any) -> bytes:
    return json.dumps({"data": list(items), "meta": {"result_count": len(items)}, **more}).encode()


def only(content: bytes) -> InboundMessage:
    (item,) = parse.posts_page(content).items
    assert isinstance(item, InboundMessage)
    return item


POST = {"id": "1578516295611748353", "text": "@a hi", "author_id": "7", "created_at": "2022-10-07T22:43:06.000Z"}


def test_every_captured_page_is_read_item_by_item() -> None:
    captured.read("x/python-twitter/timeline/timeline_mentions.json")
    pages = captured.x_pages()
    assert len(pages) > 50
    for content in pages:
        data = json.loads(content)["data"]
        items = parse.posts_page(content).items
        assert [type(item) for item in items] == [InboundMessage] * len(items)
        assert [item.external_id for item in items] == [
            each["id"] for each in (data if isinstance(data, list) else [data])
        ]


def test_captured_direct_messages_are_read_and_those_without_a_sender_kept_raw() -> None:
    captured.read("x/python-twitter/dm_events/events.json")
    for content in captured.x_dm_pages():
        data = json.loads(content)["data"]
        for item, source in zip(parse.dm_page(content).items, data if isinstance(data, list) else [data], strict=True):
            readable = "sender_id" in source
            assert isinstance(item, InboundMessage) is readable
            assert orjson.loads(item.raw) == source


@pytest.mark.parametrize(
    ("metrics", "figures"),
    [
        ({"impression_count": 48_300, "retweet_count": 38, "like_count": 212, "reply_count": 0}, (48_300, 38, 212, 0)),
        ({"repost_count": 3}, (None, 3, None, None)),
        ({"like_count": -1, "impression_count": True, "reply_count": "7", "retweet_count": 10**30}, None),
        ({}, None),
        (None, None),
        ("many", None),
    ],
)
def test_how_far_a_post_has_come_is_taken_where_it_is_told(
    metrics: Any, figures: tuple[int | None, ...] | None
) -> None:
    post = only(page_of({**POST, "public_metrics": metrics}))
    assert post.figures == (Figures(*figures) if figures else None)


def test_a_post_with_everything() -> None:
    post = {
        **POST,
        "text": "short …",
        "note_tweet": {"text": "The long &amp; whole text", "entities": {"mentions": [{"id": "9", "username": "b"}]}},
        "conversation_id": "1",
        "lang": "en",
        "entities": {"mentions": [{"id": "8", "username": "a"}]},
        "referenced_tweets": [{"type": "replied_to", "id": "2"}, {"type": "quoted", "id": "3"}],
        "attachments": {"media_keys": ["3_1", "3_2"]},
        "unknown": {"of": ["the", "future"]},
    }
    includes = {
        "users": [
            {"id": "7", "username": "ann", "name": "Ann", "public_metrics": {"followers_count": 5}, "verified": True}
        ],
        "media": [{"media_key": "3_1", "type": "photo", "url": "https://pbs.twimg.com/1.jpg", "alt_text": "a bag"}],
        "tweets": [{"id": "2", "text": "parent", "author_id": "9"}],
    }
    page = parse.posts_page(page_of(post, includes=includes))
    (item,) = page.items
    assert isinstance(item, InboundMessage)
    assert (item.text, item.root, item.in_reply_to, item.quoted) == ("The long &amp; whole text", "1", "2", "3")
    assert item.mentions == ("8", "9")
    assert (item.author.handle, item.author.followers, item.author.verified) == ("ann", 5, True)
    assert [(media.kind, media.url, media.external_id) for media in item.media] == [
        ("image", "https://pbs.twimg.com/1.jpg", "3_1"),
        ("file", "", "3_2"),
    ]
    assert item.permalink == "https://x.com/ann/status/1578516295611748353"
    assert [each.external_id for each in page.context] == ["2"]
    assert orjson.loads(item.raw) == post


def test_an_edit_carries_its_versions_and_the_time_of_the_first() -> None:
    first, second = "1578516295611748353", "1578516999999999999"
    item = only(page_of({**POST, "id": second, "edit_history_tweet_ids": [first, second]}))
    assert item.versions == (first, second)
    assert item.posted_at.replace(microsecond=0) == datetime(2022, 10, 7, 22, 43, 6, tzinfo=UTC)
    assert item.edited_at == datetime(2022, 10, 7, 22, 43, 6, tzinfo=UTC)


def test_a_repost_a_post_without_author_and_one_without_text() -> None:
    assert only(page_of({**POST, "referenced_tweets": [{"type": "retweeted", "id": "5"}]})).is_repost
    assert only(page_of({"id": "5", "text": "x"})).author.external_id is None
    assert only(page_of({"id": "5", "attachments": {"media_keys": ["1"]}})).media[0].external_id == "1"


def test_the_time_is_the_ids_where_x_sends_none() -> None:
    assert only(page_of({"id": "1578516295611748353", "text": ""})).posted_at.replace(microsecond=0) == datetime(
        2022, 10, 7, 22, 43, 6, tzinfo=UTC
    )


def test_a_direct_message_knows_both_sides() -> None:
    event = {"id": "5", "sender_id": "7", "text": "psst", "dm_conversation_id": "7-99", "event_type": "MessageCreate"}
    (item,) = parse.dm_page(page_of(event)).items
    assert isinstance(item, InboundMessage)
    assert (item.visibility, item.root, item.author.external_id) == (Visibility.PRIVATE, "7-99", "7")
    assert item.recipient is not None
    assert item.recipient.external_id == "99"


@pytest.mark.parametrize(
    "poison",
    [
        {**POST, "id": None},
        {**POST, "text": {"a": 1}},
        {**POST, "created_at": "yesterday"},
        {**POST, "text": "\ud800"},
        {**POST, "author_id": ["7"]},
        {**POST, "entities": "none"},
        {**POST, "referenced_tweets": [{"type": "quoted"}]},
        "not an object",
        None,
    ],
)
def test_one_unreadable_item_is_kept_and_its_page_goes_on(poison: Any) -> None:
    first, bad, last = parse.posts_page(page_of(POST, poison, {**POST, "id": "9"})).items
    assert isinstance(first, InboundMessage)
    assert isinstance(last, InboundMessage)
    assert isinstance(bad, Unreadable)
    assert json.loads(bad.raw) == poison


@pytest.mark.parametrize(
    "content",
    [b"", b"<html>", b"[]", b"null", b'{"data": 5}', b"{}", b'{"meta": {"result_count": 3}}', b'{"data": [',
     b'{"data": [], "meta": {"next_token": 5}}', b"[" * 100_000, b'{"data": [], "meta": []}x'],
)  # fmt: skip
def test_an_unreadable_page_raises(content: bytes) -> None:
    with pytest.raises(TransientChannelError):
        parse.posts_page(content)


def test_partial_errors_keep_the_data_and_name_what_is_gone() -> None:
    error = {"resource_type": "tweet", "resource_id": "456", "type": "https://api.x.com/2/problems/resource-not-found"}
    page = parse.posts_page(page_of(POST, errors=[error]))
    assert (len(page.items), page.gone) == (1, ("456",))
    assert parse.posts_page(json.dumps({"errors": [error]}).encode()).gone == ("456",)


@BULK
@given(data=st.data())
def test_no_mutant_crashes_and_none_skips_an_item(data: st.DataObject) -> None:
    captured.read("x/python-twitter/timeline/timeline_mentions.json")
    reader, bodies = data.draw(
        st.sampled_from([(parse.posts_page, captured.x_pages()), (parse.dm_page, captured.x_dm_pages())])
    )
    content = data.draw(mutants(bodies))
    try:
        page = reader(content)
    except TransientChannelError:
        return
    source = json.loads(content).get("data", [])
    assert len(page.items) == (len(source) if isinstance(source, list) else 1)
    for item in page.items:
        assert isinstance(item, InboundMessage | Unreadable)
        assert isinstance(item.raw, bytes)
        if isinstance(item, InboundMessage):
            item.text.encode()
            item.author.name.encode()
            assert item.posted_at.tzinfo is UTC
