"""What only Facebook has: comments under posts of any age, private replies, windows, OAuth."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from PIL import Image

from channels.adapters.facebook import oauth
from channels.adapters.facebook.adapter import FacebookAdapter
from channels.contracts import InboundMessage, OutboundMessage, StreamKind, Upload, Visibility, type_json
from core.errors import PermanentChannelError, Refused
from tests.channels.peers import FacebookPeer, ids, walk
from tests.sandbox.running import Sandbox, running

HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def sandbox_process() -> Iterator[Sandbox]:
    with running() as sandbox:
        yield sandbox


@pytest.fixture
def peer(sandbox_process: Sandbox, settings: Any) -> FacebookPeer:
    sandbox_process.control("POST", "reset")
    sandbox_process.control("POST", "settings", {"rate_limits": False})
    settings.FACEBOOK_GRAPH_URL = f"{sandbox_process.base_url}/graph"
    settings.FACEBOOK_DIALOG_URL = sandbox_process.base_url
    return FacebookPeer(sandbox_process, sandbox_process.brand("northwindair", "facebook"))


def by_id(pages: list[Any]) -> dict[str, InboundMessage]:
    return {item.external_id: item for page in pages for item in page.items}


def ago(**span: float) -> str:
    return (datetime.now(UTC) - timedelta(**span)).isoformat()


def own_post(peer: FacebookPeer, **more: Any) -> str:
    return peer.say(0, author={"handle": "northwindair"}, text="We fly to Oslo", **more)


def test_comments_and_nested_replies_come_with_their_places(peer: FacebookPeer) -> None:
    post = own_post(peer)
    comment = peer.comment(post, 1)
    reply = peer.comment(comment, 2)
    answer = peer.comment(reply, 3, author={"handle": "northwindair"})
    found = by_id(walk(peer, {})[0])
    assert set(found) == {post, comment, reply, answer}
    assert [found[each].in_reply_to for each in (comment, reply, answer)] == [post, comment, reply]
    assert {found[each].root for each in found} == {post}
    assert found[answer].author.external_id == found[post].author.external_id == peer.brand["id"]


def test_an_old_post_that_wakes_up_is_found_with_its_context(peer: FacebookPeer) -> None:
    old = own_post(peer, created_at=ago(days=40))
    since = {"since": ago(days=2)}
    first, mark = walk(peer, {}, options=since)
    assert ids(first) == []
    comment = peer.comment(old, 1)
    pages, mark = walk(peer, mark, options=since)
    assert ids(pages) == [comment]
    assert [item.external_id for page in pages for item in page.context] == [old]
    again, _ = walk(peer, mark, options=since)
    assert ids(again) == []


def test_old_posts_with_fresh_comments_are_read_at_the_first_connection(peer: FacebookPeer) -> None:
    old = own_post(peer, created_at=ago(days=40))
    stale = peer.comment(old, 1, created_at=ago(days=39))
    fresh = peer.comment(old, 2)
    found = ids(walk(peer, {}, options={"since": ago(days=2)})[0])
    assert fresh in found
    assert stale not in found


def test_posts_beyond_the_first_page_of_the_feed_wake_up_in_their_turn(peer: FacebookPeer) -> None:
    old = [own_post(peer, created_at=ago(days=40, minutes=number)) for number in range(20)]
    for number in range(0, 230, 10):
        peer.say_all(list(range(number, number + 10)), created_at=ago(minutes=300 - number))
    _, mark = walk(peer, {}, options={"since": ago(days=2)})
    comments = [peer.comment(post, number) for number, post in enumerate(old)]
    seen: set[str] = set()
    for _ in range(5):
        pages, mark = walk(peer, mark)
        seen |= set(ids(pages))
    assert set(comments) <= seen


def test_a_busy_post_does_not_starve_the_others(peer: FacebookPeer) -> None:
    quiet = peer.say(1)
    busy = own_post(peer)
    peer.say_all(list(range(350)), in_reply_to=busy)
    lone = peer.comment(quiet, 900)
    pages, _ = walk(peer, {})
    at = next(number for number, page in enumerate(pages) if lone in ids([page]))
    assert at <= 2, "the feed, a page of the busy post, and then the quiet one"
    assert len(set(ids(pages))) == 353


def test_comments_that_arrive_between_pages_are_found_in_the_next_round(peer: FacebookPeer) -> None:
    post = own_post(peer)
    expected = set(peer.say_all(list(range(250)), in_reply_to=post))
    resume: type_json | None = None
    seen: list[str] = []
    for number in range(20):
        page = peer.adapter().fetch(StreamKind.PAGE_FEED, mark={}, resume=resume, options={})
        seen += ids([page])
        resume = page.resume
        if resume is None:
            break
        expected.add(peer.comment(post, 500 + number))
    pages, _ = walk(peer, page.mark)
    assert expected <= set(seen) | set(ids(pages))


def test_a_comment_without_author_and_one_with_only_a_picture(peer: FacebookPeer) -> None:
    post = own_post(peer)
    hidden = peer.comment(post, 1, author={"handle": "shy", "shows_name": False})
    picture = peer.comment(post, 2, text="", media=[{"type": "photo", "url": "https://x.fbcdn.net/bag.jpg"}])
    found = by_id(walk(peer, {})[0])
    assert (found[hidden].author.external_id, found[hidden].author.scope) == (None, peer.brand["id"])
    assert (found[picture].text, found[picture].media[0].url) == ("", "https://x.fbcdn.net/bag.jpg")


def test_a_watched_post_that_is_deleted_is_reported_gone(peer: FacebookPeer) -> None:
    old = own_post(peer, created_at=ago(days=40))
    peer.say_all(list(range(120)))
    _, mark = walk(peer, {}, options={"since": ago(days=2)})
    peer.sandbox.control("DELETE", f"posts/{old}")
    pages, mark = walk(peer, mark)
    assert [each for page in pages for each in page.gone] == [old]
    assert old not in mark["posts"]


def test_hiding_and_showing_a_comment(peer: FacebookPeer) -> None:
    comment = peer.comment(own_post(peer), 1)
    for hidden in (True, False):
        peer.adapter().hide(comment, hidden=hidden)
        assert peer.adapter().lookup((comment,)).context[0].hidden is hidden


def test_a_private_reply_goes_once_to_the_author_of_the_comment(peer: FacebookPeer) -> None:
    comment = peer.comment(own_post(peer), 1)
    message = OutboundMessage("Write to us here.", Visibility.PRIVATE, in_reply_to=comment, first_private=True)
    receipt = peer.adapter().send(message)
    pages, _ = walk(peer, {}, StreamKind.PAGE_MESSAGES)
    assert ids(pages) == [receipt.external_id]
    with pytest.raises(Refused):
        peer.adapter().send(message)


@pytest.mark.parametrize(("days", "allowed"), [(0.5, True), (3, True), (8, False)])
def test_the_window_of_24_hours_is_extended_for_people_to_seven_days(
    peer: FacebookPeer, days: float, allowed: bool
) -> None:
    peer.whisper(1, created_at=ago(days=days))
    (message,) = by_id(walk(peer, {}, StreamKind.PAGE_MESSAGES)[0]).values()
    answer = OutboundMessage("Hello again", Visibility.PRIVATE, recipient=message.author.external_id)
    if allowed:
        assert peer.adapter().send(answer).external_id
    else:
        with pytest.raises(Refused, match="over"):
            peer.adapter().send(answer)


def test_an_exchange_that_jumps_to_the_top_during_the_walk_loses_nothing(peer: FacebookPeer) -> None:
    expected = [peer.whisper(number, created_at=ago(hours=3, seconds=-number))["id"] for number in range(60)]
    adapter = peer.adapter()
    page = adapter.fetch(StreamKind.PAGE_MESSAGES, mark={}, resume=None, options={})
    assert page.resume is not None
    expected.append(peer.whisper(0, text="are you there?")["id"])
    seen = ids([page])
    while page.resume is not None:
        page = adapter.fetch(StreamKind.PAGE_MESSAGES, mark={}, resume=page.resume, options={})
        seen += ids([page])
    assert set(expected) == set(seen)


def picture() -> Upload:
    content = io.BytesIO()
    Image.new("RGB", (4, 4)).save(content, "PNG")
    return Upload(content.getvalue(), "image/png", alt="Your bag")


def test_pictures_go_with_a_comment_and_alone_in_private(peer: FacebookPeer) -> None:
    comment = peer.comment(own_post(peer), 1)
    public = OutboundMessage("Here", Visibility.PUBLIC, in_reply_to=comment, uploads=(picture(),))
    sent = peer.adapter().send(public).external_id
    assert len(by_id(walk(peer, {})[0])[sent].media) == 1
    peer.whisper(1)
    (message,) = by_id(walk(peer, {}, StreamKind.PAGE_MESSAGES)[0]).values()
    person = message.author.external_id
    alone = OutboundMessage("", Visibility.PRIVATE, recipient=person, uploads=(picture(),))
    sent = peer.adapter().send(alone).external_id
    assert [media.kind for media in by_id(walk(peer, {}, StreamKind.PAGE_MESSAGES)[0])[sent].media] == ["image"]
    with pytest.raises(Refused):
        peer.adapter().send(OutboundMessage("both", Visibility.PRIVATE, recipient=person, uploads=(picture(),)))


def test_an_expired_place_is_read_again_from_the_start(peer: FacebookPeer) -> None:
    expected = peer.say_all(list(range(150)))
    page = peer.adapter().fetch(StreamKind.PAGE_FEED, mark={}, resume=None, options={})
    assert page.resume is not None
    resume: Any = {**page.resume, "after": {"after": "!expired"}}
    seen = ids([page])
    while resume is not None:
        page = peer.adapter().fetch(StreamKind.PAGE_FEED, mark={}, resume=resume, options={})
        seen += ids([page])
        resume = page.resume
    assert set(seen) == set(expected)


BACK = "http://127.0.0.1:8000/channels/back"


def consent(url: str, page_id: str) -> dict[str, str]:
    """What a person does in the dialog; the parameters that the browser brings back."""
    parts = urlsplit(url)
    form = {**dict(parse_qsl(parts.query)), "page": page_id, "decision": "allow"}
    base = f"{parts.scheme}://{parts.netloc}"
    answer = requests.post(f"{base}/dialog/oauth", data=form, allow_redirects=False, timeout=10)
    return dict(parse_qsl(urlsplit(answer.headers["location"]).query))


def test_connecting_a_page_through_the_dialog(peer: FacebookPeer) -> None:
    app = peer.brand["credentials"]
    given = {"app_id": app["app_id"], "app_secret": app["app_secret"]}
    url = oauth.authorize_url(app_id=app["app_id"], redirect_uri=BACK, state="st4te")
    assert requests.get(url, timeout=10).status_code == 200
    back = consent(url, peer.brand["id"])
    assert back["state"] == "st4te"
    credentials = oauth.exchange(code=back["code"], redirect_uri=BACK, **given)
    (found,) = oauth.pages(credentials)
    assert found.identity.external_id == peer.brand["id"]
    adapter = FacebookAdapter(found.credentials, found.identity.external_id, {})
    assert adapter.identify().name == peer.brand["name"]
    assert oauth.debug(found.credentials["page_access_token"], found.credentials)["is_valid"] is True
    with pytest.raises(PermanentChannelError) as caught:
        oauth.exchange(code=back["code"], redirect_uri=BACK, **given)
    assert back["code"] not in str(caught.value)


def test_a_wrong_app_secret_is_refused_and_not_shown(peer: FacebookPeer) -> None:
    with pytest.raises(PermanentChannelError) as caught:
        oauth.exchange(
            app_id=peer.brand["credentials"]["app_id"], app_secret="wr0ng-secret", code="c0de", redirect_uri=BACK
        )
    assert "wr0ng-secret" not in str(caught.value)


def test_an_expired_place_in_an_exchange_is_read_again_from_the_start(peer: FacebookPeer) -> None:
    expected = [peer.whisper(1, text=f"line {number}")["id"] for number in range(140)]
    page = peer.adapter().fetch(StreamKind.PAGE_MESSAGES, mark={}, resume=None, options={})
    assert page.resume is not None
    ((exchange, _, seen_pages),) = page.resume["todo"]
    resume: Any = {**page.resume, "todo": [[exchange, {"after": "!expired"}, seen_pages]]}
    seen = ids([page])
    while resume is not None:
        page = peer.adapter().fetch(StreamKind.PAGE_MESSAGES, mark={}, resume=resume, options={})
        seen += ids([page])
        resume = page.resume
    assert set(seen) == set(expected)
