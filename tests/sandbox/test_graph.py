"""Facebook as facebook-sdk meets it."""

import hashlib
import hmac
import json
from datetime import UTC, datetime

import facebook
import pytest
import requests

from tests.sandbox.clients import PageGraph
from tests.sandbox.running import Sandbox

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC).timestamp()
HOUR = 3600


@pytest.fixture
def lumo(sandbox: Sandbox) -> dict:
    return sandbox.brand("lumomobile", "facebook")


@pytest.fixture
def graph(sandbox: Sandbox, lumo: dict) -> PageGraph:
    return PageGraph(sandbox, lumo["credentials"]["page_access_token"])


def write(sandbox: Sandbox, who: str, text: str, **more: object) -> str:
    return sandbox.say(who, text, "facebook", **({"to": "lumomobile"} | more))


def code_of(refusal: pytest.ExceptionInfo) -> tuple[int, int | None]:
    error = refusal.value.result["error"]
    assert error["fbtrace_id"]
    return error["code"], error.get("error_subcode")


def test_me_is_the_page(lumo: dict, graph: PageGraph) -> None:
    assert graph.get_object("me") == {"name": "lumomobile", "id": lumo["id"]}
    assert graph.get_version() == "26.0"


def test_an_expired_version_is_answered_by_the_oldest(sandbox: Sandbox, lumo: dict) -> None:
    old = PageGraph(sandbox, lumo["credentials"]["page_access_token"], "v3.1")
    assert old.get_version() == "21.0"


def test_the_feed_pages_by_its_next_links(sandbox: Sandbox, lumo: dict, graph: PageGraph) -> None:
    ids = [write(sandbox, "ana", f"post {n}") for n in range(7)]
    seen = [post["id"] for post in graph.get_all_connections(lumo["id"], "feed", limit=3)]
    assert seen == list(reversed(ids))
    first = graph.get_connections(lumo["id"], "feed", limit=3, fields="id")
    second = graph.get_connections(lumo["id"], "feed", limit=3, after=first["paging"]["cursors"]["after"])
    back = graph.get_connections(lumo["id"], "feed", limit=3, fields="id", before=second["paging"]["cursors"]["before"])
    assert back["data"] == first["data"]


def test_comments_nested_streamed_and_with_their_fields(sandbox: Sandbox, lumo: dict, graph: PageGraph) -> None:
    post = write(sandbox, "lumomobile", "New plans!")
    top = write(sandbox, "ana", "too dear", in_reply_to=post)
    reply = write(sandbox, "ben", "agreed", in_reply_to=top)
    later = write(sandbox, "eva", "nice", in_reply_to=post)
    direct = graph.get_connections(post, "comments")
    assert [c["id"] for c in direct["data"]] == [top, later]
    stream = graph.get_connections(
        post,
        "comments",
        filter="stream",
        summary="true",
        fields="id,from,message,parent{id},comment_count,can_hide,permalink_url,created_time",
    )
    assert [c["id"] for c in stream["data"]] == [top, reply, later]
    assert stream["summary"] == {"order": "chronological", "total_count": 3, "can_comment": True}
    assert stream["data"][1]["parent"] == {"id": top}
    assert "parent" not in stream["data"][0]
    assert stream["data"][0]["comment_count"] == 1
    assert stream["data"][0]["from"]["name"] == "ana"
    assert f"reply_comment_id={reply.rpartition('_')[2]}" in stream["data"][1]["permalink_url"]
    newest = graph.get_connections(post, "comments", filter="stream", order="reverse_chronological", limit=2)
    assert [c["id"] for c in newest["data"]] == [later, reply]
    nested = graph.get_connections(
        lumo["id"], "feed", fields="message,comments.limit(1).summary(true){message,comments{message}}"
    )
    comments = nested["data"][0]["comments"]
    assert comments["data"][0]["comments"]["data"][0]["message"] == "agreed"
    assert comments["summary"]["total_count"] == 2
    assert "after" in comments["paging"]["cursors"]


def test_a_nameless_person_has_no_from(sandbox: Sandbox, lumo: dict, graph: PageGraph) -> None:
    post = write(sandbox, "lumomobile", "Hello")
    comment = sandbox.control(
        "POST",
        "posts",
        [
            {
                "network": "facebook",
                "author": {"handle": "shy", "shows_name": False},
                "text": "hm",
                "in_reply_to": post,
            }
        ],
    )["posts"][0]["id"]
    assert "from" not in graph.get_object(comment, fields="from,message")


def test_answering_hiding_liking_editing_deleting(sandbox: Sandbox, lumo: dict, graph: PageGraph) -> None:
    post = write(sandbox, "ana", "My phone is dead")
    question = write(sandbox, "ben", "mine too", in_reply_to=post)
    first = graph.put_comment(post, "Sorry, Ana!")["id"]
    second = graph.put_comment(question, "Sorry, Ben!")["id"]
    assert [a["id"] for a in sandbox.control("GET", "posts", in_reply_to=question)["posts"]] == [second]
    assert graph.get_object(first, fields="from")["from"] == {"name": "lumomobile", "id": lumo["id"]}
    assert graph.request(f"v26.0/{question}", post_args={"is_hidden": "true"}) == {"success": True}
    assert graph.get_object(question, fields="is_hidden")["is_hidden"] is True
    assert graph.put_like(question) == {"success": True}
    assert graph.get_object(question, fields="like_count,user_likes") == {
        "like_count": 1,
        "user_likes": True,
        "id": question,
    }
    assert graph.request(f"v26.0/{first}", post_args={"message": "So sorry"}) == {"success": True}
    assert graph.get_object(first, fields="message")["message"] == "So sorry"
    assert graph.delete_object(second) == {"success": True}
    with pytest.raises(facebook.GraphAPIError) as refusal:
        graph.get_object(second)
    assert code_of(refusal) == (100, 33)


def test_another_pages_things_are_not_there(sandbox: Sandbox, graph: PageGraph) -> None:
    sandbox.brand("northwind", "facebook")
    foreign = sandbox.say("ana", "hi", "facebook", to="northwind")
    with pytest.raises(facebook.GraphAPIError) as refusal:
        graph.put_comment(foreign, "hello")
    assert code_of(refusal) == (100, 33)


def test_conversations_and_the_window_of_a_day(sandbox: Sandbox, lumo: dict, graph: PageGraph) -> None:
    sandbox.control("POST", "clock", {"now": NOW})
    write(sandbox, "ana", "my number is 5", private=True, created_at=NOW - 23 * HOUR)
    write(sandbox, "ben", "hello?", private=True, created_at=NOW - 25 * HOUR)
    talks = graph.get_connections(
        lumo["id"], "conversations", fields="id,updated_time,participants,messages{message,from,to,created_time}"
    )["data"]
    assert [t["participants"]["data"][0]["name"] for t in talks] == ["ana", "ben"]
    ana, ben = (t["participants"]["data"][0]["id"] for t in talks)
    sent = graph.put_object(
        lumo["id"], "messages", recipient=json.dumps({"id": ana}), message=json.dumps({"text": "Thank you"})
    )
    assert sent["recipient_id"] == ana
    messages = graph.get_connections(talks[0]["id"], "messages", fields="message,from")["data"]
    assert [m["message"] for m in messages] == ["Thank you", "my number is 5"]
    late = {"recipient": json.dumps({"id": ben}), "message": json.dumps({"text": "Hi"})}
    with pytest.raises(facebook.GraphAPIError) as refusal:
        graph.put_object(lumo["id"], "messages", **late)
    assert code_of(refusal) == (10, 2018278)
    tagged = graph.put_object(lumo["id"], "messages", messaging_type="MESSAGE_TAG", tag="HUMAN_AGENT", **late)
    assert tagged["message_id"]
    sandbox.control("POST", "clock", {"now": NOW + 7 * 24 * HOUR})
    with pytest.raises(facebook.GraphAPIError) as refusal:
        graph.put_object(lumo["id"], "messages", tag="HUMAN_AGENT", **late)
    assert code_of(refusal) == (10, 2018278)


def test_one_private_reply_per_comment_within_seven_days(sandbox: Sandbox, lumo: dict, graph: PageGraph) -> None:
    sandbox.control("POST", "clock", {"now": NOW})
    post = write(sandbox, "lumomobile", "News", created_at=NOW - 9 * 24 * HOUR)
    fresh = write(sandbox, "ana", "help", in_reply_to=post, created_at=NOW - HOUR)
    old = write(sandbox, "ben", "help", in_reply_to=post, created_at=NOW - 8 * 24 * HOUR)

    def reply(comment: str) -> dict:
        recipient = json.dumps({"comment_id": comment})
        return graph.put_object(lumo["id"], "messages", recipient=recipient, message='{"text": "Hi"}')

    assert graph.get_object(fresh, fields="can_reply_privately")["can_reply_privately"] is True
    assert reply(fresh)["message_id"]
    assert graph.get_object(fresh, fields="can_reply_privately")["can_reply_privately"] is False
    for comment, code in ((fresh, 10900), (old, 10903)):
        with pytest.raises(facebook.GraphAPIError) as refusal:
            reply(comment)
        assert code_of(refusal)[0] == code


def test_dead_tokens_and_proofs(sandbox: Sandbox, lumo: dict, graph: PageGraph) -> None:
    credentials = lumo["credentials"]
    token = credentials["page_access_token"]
    proof = hmac.new(credentials["app_secret"].encode(), token.encode(), hashlib.sha256).hexdigest()
    address = f"{sandbox.base_url}/graph/v26.0/me"

    def ask(**params: str) -> dict:
        return requests.get(address, params=params, headers={"Authorization": f"Bearer {token}"}, timeout=5).json()

    sandbox.control("POST", "settings", {"require_proof": True})
    assert ask()["error"]["code"] == 100
    assert ask(appsecret_proof="0" * 64)["error"]["message"].startswith("Invalid appsecret_proof")
    assert ask(appsecret_proof=proof)["id"] == lumo["id"]
    sandbox.control("POST", "settings", {"require_proof": False})
    sandbox.control("POST", "expire", {"account": "lumomobile"})
    for subcode in (463, 460):
        with pytest.raises(facebook.GraphAPIError) as refusal:
            graph.get_object("me")
        assert code_of(refusal) == (190, subcode)
        sandbox.control("POST", "revoke", {"account": "lumomobile"})
    with pytest.raises(facebook.GraphAPIError) as refusal:
        PageGraph(sandbox, "nonsense").get_object("me")
    assert code_of(refusal) == (190, None)


def test_usage_headers_and_the_limit(sandbox: Sandbox, lumo: dict, graph: PageGraph) -> None:
    sandbox.control("POST", "settings", {"limits": {"GRAPH": 2}})
    address = f"{sandbox.base_url}/graph/me?access_token={lumo['credentials']['page_access_token']}"
    answers = [requests.get(address, timeout=5) for _ in range(3)]
    assert [json.loads(a.headers["x-app-usage"])["call_count"] for a in answers[:2]] == [50, 100]
    business = json.loads(answers[0].headers["x-business-use-case-usage"])
    assert business[lumo["id"]][0]["type"] == "pages"
    assert answers[2].json()["error"]["code"] == 32


def test_unknown_fields_and_broken_ones(graph: PageGraph) -> None:
    for fields, code in (("id,colour", 100), ("comments{", 2500), ("feed.limit(x)", 100)):
        with pytest.raises(facebook.GraphAPIError) as refusal:
            graph.get_object("me", fields=fields)
        assert code_of(refusal)[0] == code


def test_pictures_in_posts_comments_and_messages(sandbox: Sandbox, lumo: dict, graph: PageGraph) -> None:
    post = write(sandbox, "ana", "", media=[{"type": "photo"}])
    shown = graph.get_object(post, fields="message,full_picture,attachments")
    assert "message" not in shown
    assert shown["attachments"]["data"][0]["media"]["image"]["src"] == shown["full_picture"]
    write(sandbox, "ana", "", private=True, media=[{"type": "photo"}])
    talk = graph.get_connections(lumo["id"], "conversations", fields="messages{attachments}")["data"][0]
    assert talk["messages"]["data"][0]["attachments"]["data"][0]["image_data"]["url"].startswith("http")


def test_graph_faults_speak_graph(sandbox: Sandbox, lumo: dict, graph: PageGraph) -> None:
    sandbox.fault("GET /graph/", "429")
    with pytest.raises(facebook.GraphAPIError) as refusal:
        graph.get_object("me")
    assert code_of(refusal) == (4, None)
    sandbox.fault("GET /graph/", "5xx")
    with pytest.raises(facebook.GraphAPIError) as refusal:
        graph.get_object("me")
    assert refusal.value.result["error"]["is_transient"] is True
    post = write(sandbox, "ana", "hi")
    sandbox.fault("POST /graph/*/comments", "after_effect")
    with pytest.raises(requests.ConnectionError):
        graph.put_comment(post, "hello")
    assert len(sandbox.control("GET", "posts", in_reply_to=post)["posts"]) == 1
