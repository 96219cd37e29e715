"""What only X has: windows, search, edits, OAuth 2, over HTTP against the sandbox."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from PIL import Image

from channels.adapters.x import oauth
from channels.adapters.x.adapter import XAdapter
from channels.contracts import StreamKind, Upload
from core.errors import PermanentChannelError, Refused, TokenDead
from tests.channels.peers import XOAuth2Peer, XPeer, ids, walk
from tests.sandbox.running import Sandbox, running


@pytest.fixture(scope="module")
def sandbox_process() -> Iterator[Sandbox]:
    with running() as sandbox:
        yield sandbox


@pytest.fixture
def peer(sandbox_process: Sandbox, settings: Any) -> XPeer:
    sandbox_process.control("POST", "reset")
    settings.X_API_URL = settings.X_AUTH_URL = sandbox_process.base_url
    return XPeer(sandbox_process, sandbox_process.brand("northwindair"))


def search(peer: XPeer, **options: Any) -> list[str]:
    return ids(walk(peer, {}, StreamKind.SEARCH, {"terms": ["northwind", "lost bag"], **options})[0])


def test_more_mentions_than_the_window_holds_are_filled_by_search(peer: XPeer) -> None:
    peer.say(0)
    _, mark = walk(peer, {})
    expected = peer.say_all(list(range(1, 1400)))
    pages, new_mark = walk(peer, mark)
    assert set(expected) <= set(ids(pages))
    gaps = [page.gap for page in pages if page.gap]
    assert len(gaps) == 1
    assert "search" in gaps[0]
    assert pages[-1].gap == ""
    assert int(new_mark["since_id"]) == max(map(int, expected))


def test_what_search_cannot_reach_either_is_named(peer: XPeer) -> None:
    now = datetime.now(UTC)
    peer.say(0, created_at=(now - timedelta(days=20)).isoformat())
    _, mark = walk(peer, {})
    peer.say_all(list(range(1, 300)), created_at=(now - timedelta(days=15)).isoformat())
    young = peer.say_all(list(range(300, 1200)), created_at=(now - timedelta(days=1)).isoformat())
    pages, _ = walk(peer, mark)
    assert set(young) <= set(ids(pages))
    assert "seven days" in pages[-1].gap or any("seven days" in page.gap for page in pages)


def test_search_finds_brand_words_and_leaves_out_our_own_and_reposts(peer: XPeer) -> None:
    said = [peer.sandbox.say("ann", text) for text in ("I love Northwind!", "a LOST BAG again", "unrelated")]
    peer.sandbox.say("northwindair", "Northwind is on time today")
    assert set(search(peer)) == set(said[:2])


def test_a_search_mark_older_than_seven_days_goes_on_with_a_gap(peer: XPeer) -> None:
    young = peer.sandbox.say("ann", "northwind")
    pages, _ = walk(
        peer,
        {},
        StreamKind.SEARCH,
        {"terms": ["northwind"], "since": (datetime.now(UTC) - timedelta(days=30)).isoformat()},
    )
    assert ids(pages) == [young]
    assert "seven days" in pages[0].gap


def test_a_stale_token_goes_on_by_ids(peer: XPeer) -> None:
    expected = peer.say_all(list(range(250)))
    first = peer.adapter().fetch(StreamKind.MENTIONS, mark={}, resume=None, options={})
    assert first.resume is not None
    resume: Any = {**first.resume, "token": "expired"}
    seen = ids([first])
    while resume is not None:
        page = peer.adapter().fetch(StreamKind.MENTIONS, mark={}, resume=resume, options={})
        seen += ids([page])
        resume = page.resume
    assert sorted(seen) == sorted(expected)


def test_an_edit_arrives_with_all_its_versions(peer: XPeer) -> None:
    first = peer.say(1)
    edited = peer.sandbox.control("PATCH", f"posts/{first}", {"text": "@northwindair message, corrected"})
    (page,), _ = walk(peer, {})
    (item,) = page.items
    assert item.versions == (first, item.external_id)
    assert item.text.endswith("corrected")
    assert item.external_id in str(edited)


def test_the_reply_rule_refuses_and_enterprise_is_told_so(peer: XPeer) -> None:
    stranger = peer.sandbox.say("zed", "northwind was late")
    with pytest.raises(Refused, match="mentioned"):
        peer.adapter().send(peer.reply(stranger, "Sorry!"))
    assert peer.answers(stranger) == []


def test_pictures_travel_with_their_alternative_text(peer: XPeer) -> None:
    target = peer.say(1)
    picture = io.BytesIO()
    Image.new("RGB", (4, 4)).save(picture, "PNG")
    message = peer.reply(target, "Here it is")
    upload = Upload(picture.getvalue(), "image/png", alt="Your bag")
    receipt = peer.adapter().send(
        type(message)(message.text, message.visibility, in_reply_to=target, uploads=(upload, upload))
    )
    (post,) = peer.adapter().lookup((receipt.external_id,)).context[:1]
    assert [(media.kind, media.alt) for media in post.media] == [("image", "Your bag")] * 2


def test_mentions_cost_less_where_the_app_is_our_own(peer: XPeer) -> None:
    peer.say(1)
    fetch = {"mark": {}, "resume": None, "options": {}}
    assert peer.adapter().fetch(StreamKind.MENTIONS, **fetch).use.resources == {"post_read": 1}
    assert peer.adapter(own_app=True).fetch(StreamKind.MENTIONS, **fetch).use.resources == {"own_mention": 1}


def test_a_token_is_renewed_once_and_the_old_renewal_is_dead(peer: XPeer) -> None:
    given = XOAuth2Peer(peer.sandbox, peer.brand).credentials
    soon = {**given, "expires_at": (datetime.now(UTC) + timedelta(minutes=5)).isoformat()}
    assert oauth.refresh_due(given, now=datetime.now(UTC)) is None
    fresh = oauth.refresh_due(soon, now=datetime.now(UTC))
    assert fresh is not None
    assert fresh["access_token"] != given["access_token"]
    assert fresh["refresh_token"] != given["refresh_token"]
    assert oauth.refresh_due(fresh, now=datetime.now(UTC)) is None
    with pytest.raises(TokenDead):
        oauth.refresh_due(soon, now=datetime.now(UTC))


def test_connecting_an_account_through_authorize(peer: XPeer) -> None:
    client = peer.brand["credentials"]
    verifier = oauth.new_verifier()
    back = "http://127.0.0.1:8000/channels/back"
    url = oauth.authorize_url(client_id=client["client_id"], redirect_uri=back, state="st4te", verifier=verifier)
    assert requests.get(url, timeout=10).status_code == 200
    form = {**dict(parse_qsl(urlsplit(url).query)), "account": peer.brand["id"], "decision": "allow"}
    answer = requests.post(url.partition("?")[0], data=form, allow_redirects=False, timeout=10)
    brought = dict(parse_qsl(urlsplit(answer.headers["location"]).query))
    assert brought["state"] == "st4te"
    app = {"client_id": client["client_id"], "client_secret": client["client_secret"]}
    credentials = oauth.exchange(code=brought["code"], redirect_uri=back, verifier=verifier, **app)
    assert XAdapter(credentials, peer.brand["id"], {}).identify().external_id == peer.brand["id"]
    assert datetime.fromisoformat(credentials["expires_at"]) > datetime.now(UTC) + timedelta(hours=1)
    with pytest.raises(PermanentChannelError):
        oauth.exchange(code=brought["code"], redirect_uri=back, verifier=verifier, **app)


def test_a_wrong_code_is_refused_without_showing_it(peer: XPeer) -> None:
    client = peer.brand["credentials"]
    with pytest.raises(PermanentChannelError) as caught:
        oauth.exchange(
            client_id=client["client_id"],
            client_secret=client["client_secret"],
            code="c0de-nobody-gave",
            redirect_uri="https://care.example/back",
            verifier=oauth.new_verifier(),
        )
    assert "c0de-nobody-gave" not in str(caught.value)
    assert client["client_secret"] not in str(caught.value)
