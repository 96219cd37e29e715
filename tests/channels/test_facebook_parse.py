"""Graph's JSON as recorded, and broken on purpose, against our records."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels.adapters.facebook import parse
from channels.contracts import Figures, InboundMessage, Unreadable, Visibility
from core.errors import TransientChannelError
from tests.channels import captured
from tests.channels.mutants import mutants

BULK = settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
PAGE = "77"
READERS = {
    "posts": lambda body: parse.posts_page(body, PAGE),
    "comments": lambda body: parse.comments_page(body, PAGE, "77_1"),
    "messages": lambda body: parse.messages_page(body, PAGE, "t_1"),
}
ITEM = {"id": "1_2", "created_time": "2026-07-21T21:05:14+0000", "message": "hi", "from": {"id": "5", "name": "Ann"}}


@pytest.mark.parametrize("kind", READERS)
def test_every_captured_object_is_read(kind: str) -> None:
    captured.read("facebook/python-facebook/error.json")
    bodies = captured.facebook_edges(kind)
    assert bodies
    for content in bodies:
        data = json.loads(content)["data"]
        page = READERS[kind](parse.load(content))
        assert [item.external_id for item in page.messages] == [each["id"] for each in data]


def test_how_far_posts_and_comments_have_come_is_taken_where_it_is_told() -> None:
    summed = {"reactions": {"data": [], "summary": {"total_count": 4}}, "comments": {"summary": {"total_count": 2}}}
    (post,) = READERS["posts"]({"data": [{**ITEM, **summed}]}).messages
    (comment,) = READERS["comments"]({"data": [{**ITEM, "like_count": 9, "comment_count": None}]}).messages
    (silent,) = READERS["posts"]({"data": [{**ITEM, "reactions": {"summary": 7}, "comments": []}]}).messages
    assert post.figures == Figures(likes=4, replies=2)
    assert comment.figures == Figures(likes=9)
    assert silent.figures is None


def test_captured_paging_is_followed_by_place_and_never_by_its_link() -> None:
    feed = captured.read("facebook/python-facebook/posts/feed_fields_p1.json")
    place = parse.next_place(feed)
    assert place is not None
    assert set(place) <= {"until", "__paging_token"}
    comments = captured.read("facebook/python-facebook/comments/comments_p1.json")
    assert parse.next_place(comments) == {"after": "after"}
    last = captured.read("facebook/python-facebook/comments/comments_p2.json")
    assert parse.next_place(last) is None


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "//elsewhere.example/", "https://a b/"])
def test_only_web_addresses_become_links(address: str) -> None:
    honest = "https://www.facebook.com/77/posts/1_2?comment_id=3"
    items = [{**ITEM, "permalink_url": honest}, {**ITEM, "permalink_url": address}]
    for page in (parse.posts_page({"data": items}, PAGE), parse.comments_page({"data": items}, PAGE, "77_1")):
        assert [item.permalink for item in page.messages] == [honest, ""]


def test_captured_comments_without_an_id_are_kept_raw() -> None:
    body = captured.read("facebook/python-facebook/comments/comments_p1.json")
    page = parse.comments_page(body, PAGE, "77_1")
    assert len(page.items) == len(body["data"])
    for item, source in zip(page.items, body["data"], strict=True):
        assert orjson.loads(item.raw) == source
        assert isinstance(item, InboundMessage) is ("id" in source)


def test_a_comment_knows_its_place_and_may_come_without_author() -> None:
    reply = {
        **ITEM,
        "from": None,
        "parent": {"id": "1_1"},
        "is_hidden": True,
        "message_tags": [{"id": "9", "name": "B"}],
    }
    first, second = parse.comments_page({"data": [ITEM, reply]}, PAGE, "77_1").messages
    assert (first.root, first.in_reply_to) == ("77_1", "77_1")
    assert (first.author.external_id, first.author.scope) == ("5", PAGE)
    assert (second.in_reply_to, second.hidden, second.mentions) == ("1_1", True, ("9",))
    assert (second.author.external_id, second.author.scope) == (None, PAGE)
    assert first.posted_at == datetime(2026, 7, 21, 21, 5, 14, tzinfo=UTC)


def test_a_post_without_text_keeps_all_pictures_of_its_album() -> None:
    pictures = [
        {"type": "photo", "media": {"image": {"src": f"https://x.fbcdn.net/{n}"}}, "target": {"id": n}} for n in "ab"
    ]
    album = {"type": "album", "subattachments": {"data": pictures}}
    post = {"id": "77_1", "created_time": ITEM["created_time"], "attachments": {"data": [album]}}
    (item,) = parse.posts_page({"data": [post]}, PAGE).messages
    assert item.text == ""
    assert [(media.kind, media.url, media.external_id) for media in item.media] == [
        ("image", "https://x.fbcdn.net/a", "a"),
        ("image", "https://x.fbcdn.net/b", "b"),
    ]


def test_a_captured_message_keeps_both_sides_and_its_picture() -> None:
    message = captured.read("facebook/python-facebook/messages/message_info.json")
    (item,) = parse.messages_page({"data": [message]}, "2121008874780932", "t_1").messages
    assert (item.visibility, item.root) == (Visibility.PRIVATE, "t_1")
    assert item.recipient is not None
    assert (item.author.external_id, item.recipient.external_id) == ("2711636948859886", "2121008874780932")
    assert [media.kind for media in item.media] == ["image"]


@pytest.mark.parametrize(
    "poison",
    [None, 5, {**ITEM, "id": None}, {**ITEM, "id": "a b"}, {**ITEM, "created_time": "now"}, {**ITEM, "message": []},
     {**ITEM, "message": "\ud800"}, {**ITEM, "from": "Ann"}, {**ITEM, "parent": "up"}],
)  # fmt: skip
def test_one_unreadable_item_is_kept_and_its_page_goes_on(poison: Any) -> None:
    content = json.dumps({"data": [ITEM, poison, ITEM]}).encode()
    first, bad, last = parse.comments_page(parse.load(content), PAGE, "77_1").items
    assert isinstance(first, InboundMessage)
    assert isinstance(last, InboundMessage)
    assert isinstance(bad, Unreadable)
    assert json.loads(bad.raw) == poison


@pytest.mark.parametrize(
    "body",
    [{}, {"data": {}}, {"data": None}, {"data": [], "paging": {"next": 5}}, {"data": [], "paging": {"next": "https://x/"}},
     {"data": [], "paging": {"next": "http://[broken"}}],
)  # fmt: skip
def test_an_unreadable_page_raises(body: Any) -> None:
    with pytest.raises(TransientChannelError):
        parse.posts_page(body, PAGE)


@BULK
@given(data=st.data())
def test_no_mutant_crashes_and_none_skips_an_item(data: st.DataObject) -> None:
    captured.read("facebook/python-facebook/error.json")
    kind = data.draw(st.sampled_from(sorted(READERS)))
    content = data.draw(mutants(captured.facebook_edges(kind)))
    try:
        page = READERS[kind](parse.load(content))
    except TransientChannelError:
        return
    assert len(page.items) == len(json.loads(content)["data"])
    for item in page.items:
        assert isinstance(item.raw, bytes)
        if isinstance(item, InboundMessage):
            item.text.encode()
            item.author.name.encode()
            assert item.posted_at.tzinfo is UTC
