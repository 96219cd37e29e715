"""The page for people, as a browser without scripts uses it."""

import io
import re

import pytest
import requests
from PIL import Image

from tests.sandbox.clients import PageGraph, x_client
from tests.sandbox.running import Sandbox


@pytest.fixture
def brand(sandbox: Sandbox) -> dict:
    return sandbox.brand()


def say(sandbox: Sandbox, **form: str) -> requests.Response:
    return requests.post(f"{sandbox.base_url}/say", data=form, allow_redirects=False, timeout=5)


def home(sandbox: Sandbox, **query: str) -> str:
    return requests.get(sandbox.base_url, params=query, timeout=5).text


def test_an_invented_person_writes_and_the_brand_reads_it(sandbox: Sandbox, brand: dict) -> None:
    form = {"handle": "jane_doe", "name": "Jane Doe", "followers": "12000", "text": "Where is my bag? <b>&</b>"}
    answer = say(sandbox, to=f"x:{brand['id']}:public", **form)
    assert answer.status_code == 303
    client = x_client(sandbox, brand["credentials"])
    found = client.get_users_mentions(brand["id"], expansions="author_id", user_fields="public_metrics")
    assert found.data[0].text == "@northwindair Where is my bag? &lt;b&gt;&amp;&lt;/b&gt;"
    assert found.includes["users"][0].public_metrics["followers_count"] == 12000
    made = client.create_tweet(text="Found it & sent it", in_reply_to_tweet_id=found.data[0].id).data["id"]
    shown = home(sandbox)
    assert "Where is my bag? &lt;b&gt;&amp;&lt;/b&gt;" in shown
    answers = shown[shown.index('class="answers"') :]
    assert f'id="post-{made}"' in answers
    assert "@jane_doe Found it &amp; sent it" in answers


def test_every_place_to_write_to(sandbox: Sandbox, brand: dict) -> None:
    page = sandbox.brand("lumo", "facebook")
    who = {"handle": "ana", "text": "hello there"}
    for to in (
        f"x:{brand['id']}:about",
        f"x:{brand['id']}:private",
        f"facebook:{page['id']}:public",
        f"facebook:{page['id']}:private",
    ):
        assert say(sandbox, to=to, **who).status_code == 303
    posts = sandbox.control("GET", "posts", author="ana")["posts"]
    assert sorted((p["network"], p["private"], p["text"]) for p in posts) == [
        ("facebook", False, "hello there"),
        ("facebook", True, "hello there"),
        ("x", False, "hello there"),
        ("x", True, "hello there"),
    ]
    talk = next(p for p in posts if p["network"] == "facebook" and p["private"])
    graph = PageGraph(sandbox, page["credentials"]["page_access_token"])
    graph.put_object(
        page["id"],
        "messages",
        recipient=f'{{"id": "{talk["author"]["id"]}"}}',
        message='{"text": "Hello Ana"}',
    )
    assert say(sandbox, in_reply_to=talk["id"], person="ana", text="thanks").status_code == 303
    assert home(sandbox, kind="private", network="facebook").count('class="post') == 3
    assert say(sandbox, in_reply_to=talk["id"], handle="ben", text="me too").status_code == 422


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"text": ""}, "Write something first"),
        ({"handle": "not a handle"}, "A handle has"),
        ({"handle": "northwindair"}, "That is a brand"),
        ({"followers": "many"}, "whole number"),
        ({"to": "x:1:public"}, "Choose whom"),
        ({"text": "ü" * 400}, "280 characters"),
        ({"in_reply_to": "1"}, "is gone"),
    ],
)
def test_mistakes_are_told_and_keep_what_was_typed(sandbox: Sandbox, brand: dict, form: dict, sentence: str) -> None:
    good = {"to": f"x:{brand['id']}:public", "handle": "ana", "text": "some words", "followers": ""}
    answer = say(sandbox, **(good | form))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert (good | form)["text"] in answer.text
    assert sandbox.control("GET", "posts")["posts"] == []


def test_a_form_of_another_site_is_refused(sandbox: Sandbox, brand: dict) -> None:
    answer = requests.post(
        f"{sandbox.base_url}/say",
        data={"to": f"x:{brand['id']}:public", "handle": "ana", "text": "x"},
        headers={"Origin": "https://evil.example"},
        timeout=5,
    )
    assert answer.status_code == 422
    assert sandbox.control("GET", "posts")["posts"] == []


def test_a_customer_takes_a_post_back_but_not_the_brands(sandbox: Sandbox, brand: dict) -> None:
    mine = sandbox.say("ana", "@northwindair oops")
    theirs = sandbox.say("northwindair", "news")
    address = f"{sandbox.base_url}/unsay"
    assert requests.post(address, data={"id": theirs}, timeout=5).status_code == 422
    requests.post(address, data={"id": mine}, timeout=5).raise_for_status()
    assert [p["id"] for p in sandbox.control("GET", "posts")["posts"]] == [theirs]


def test_pictures_are_real(sandbox: Sandbox, brand: dict) -> None:
    answer = requests.get(f"{sandbox.base_url}/media/avatar/x/{brand['id']}_normal.png", timeout=5)
    assert Image.open(io.BytesIO(answer.content)).format == "PNG"
    post = sandbox.say("ana", "@northwindair look", media=[{"type": "photo", "alt": "A bag"}])
    client = x_client(sandbox, brand["credentials"])
    media = client.get_tweet(post, expansions="attachments.media_keys", media_fields="url").includes["media"]
    drawn = requests.get(media[0].url, timeout=5)
    assert Image.open(io.BytesIO(drawn.content)).format == "JPEG"


def test_the_page_needs_no_inline_script(sandbox: Sandbox, brand: dict) -> None:
    answer = requests.get(sandbox.base_url, timeout=5)
    assert "unsafe-inline" not in answer.headers["content-security-policy"]
    assert not re.search(r"<script(?! src=)|\son[a-z]+=|\sstyle=", answer.text)


def test_watchers_hear_of_a_change(sandbox: Sandbox, brand: dict) -> None:
    with requests.get(f"{sandbox.base_url}/live", stream=True, timeout=5) as stream:
        lines = stream.iter_lines(decode_unicode=True)
        assert next(lines) == "retry: 1000"
        sandbox.say("ana", "@northwindair hello")
        assert next(line for line in lines if line).startswith("data: ")
