"""X as tweepy meets it."""

from datetime import UTC, datetime

import pytest
import requests
import tweepy

from tests.sandbox.clients import x_api, x_client
from tests.sandbox.running import Sandbox

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c6360606000000004"
    "0001f61738550000000049454e44ae426082"
)


@pytest.fixture
def brand(sandbox: Sandbox) -> dict:
    return sandbox.brand()


@pytest.fixture
def client(sandbox: Sandbox, brand: dict) -> tweepy.Client:
    return x_client(sandbox, brand["credentials"])


@pytest.fixture
def raw(sandbox: Sandbox, brand: dict) -> tweepy.Client:
    return x_client(sandbox, brand["credentials"], return_type=dict)


def test_me_by_signature_and_by_token(sandbox: Sandbox, brand: dict, client: tweepy.Client) -> None:
    assert str(client.get_me(user_auth=True).data.id) == brand["id"]
    headers = {"Authorization": f"Bearer {brand['credentials']['oauth2_access_token']}"}
    answer = requests.get(f"{sandbox.base_url}/2/users/me", headers=headers, timeout=5)
    assert answer.json()["data"] == {"id": brand["id"], "name": "northwindair", "username": "northwindair"}


def test_a_wrong_secret_is_refused(sandbox: Sandbox, brand: dict) -> None:
    wrong = x_client(sandbox, {**brand["credentials"], "access_token_secret": "x" * 44})
    with pytest.raises(tweepy.Unauthorized) as refusal:
        wrong.get_me(user_auth=True)
    assert refusal.value.response.json() == {
        "title": "Unauthorized",
        "type": "about:blank",
        "status": 401,
        "detail": "Unauthorized",
    }


def test_an_app_alone_may_not_write(sandbox: Sandbox, brand: dict, client: tweepy.Client) -> None:
    with pytest.raises(tweepy.Forbidden) as refusal:
        client.create_tweet(text="hello", user_auth=False)
    assert refusal.value.response.json()["title"] == "Unsupported Authentication"


def test_mentions_page_from_the_newest_down(sandbox: Sandbox, brand: dict, client: tweepy.Client) -> None:
    posts = [
        {"network": "x", "author": {"handle": f"person{n}"}, "text": f"@NorthwindAir number {n}"} for n in range(23)
    ]
    ids = [item["id"] for item in sandbox.control("POST", "posts", posts)["posts"]]
    pages = list(tweepy.Paginator(client.get_users_mentions, brand["id"], max_results=10))
    assert [len(page.data) for page in pages] == [10, 10, 3]
    assert [str(tweet.id) for page in pages for tweet in page.data] == list(reversed(ids))
    assert pages[0].meta["newest_id"] == ids[-1]
    assert "next_token" not in pages[-1].meta
    back = client.get_users_mentions(brand["id"], max_results=10, pagination_token=pages[1].meta["previous_token"])
    assert [tweet.id for tweet in back.data] == [tweet.id for tweet in pages[0].data]


def test_since_and_until_bound_the_list(sandbox: Sandbox, brand: dict, client: tweepy.Client) -> None:
    ids = [sandbox.say("ana", f"@northwindair {n}") for n in range(6)]
    found = client.get_users_mentions(brand["id"], since_id=ids[1], until_id=ids[4]).data
    assert [str(tweet.id) for tweet in found] == [ids[3], ids[2]]
    assert client.get_users_mentions(brand["id"], since_id=ids[-1]).data is None


def test_only_asked_fields_and_their_includes_come_back(sandbox: Sandbox, brand: dict, raw: tweepy.Client) -> None:
    root = sandbox.say("root_writer", "Late again", media=[{"type": "photo"}])
    sandbox.say("ana", "@northwindair see this", in_reply_to=root)
    bare = raw.get_users_mentions(brand["id"])
    assert set(bare["data"][0]) == {"id", "text", "edit_history_tweet_ids"}
    assert "includes" not in bare
    full = raw.get_users_mentions(
        brand["id"],
        tweet_fields=["created_at", "conversation_id", "entities", "in_reply_to_user_id"],
        user_fields=["public_metrics", "profile_image_url"],
        media_fields=["url"],
        expansions=["author_id", "referenced_tweets.id", "referenced_tweets.id.author_id", "attachments.media_keys"],
    )
    tweet = full["data"][0]
    assert tweet["conversation_id"] == root
    assert tweet["referenced_tweets"] == [{"type": "replied_to", "id": root}]
    assert tweet["entities"]["mentions"] == [{"start": 0, "end": 13, "username": "northwindair", "id": brand["id"]}]
    assert [user["username"] for user in full["includes"]["users"]] == ["ana", "root_writer"]
    assert full["includes"]["tweets"][0]["id"] == root
    assert set(full["includes"]["users"][0]) == {"id", "name", "username", "public_metrics", "profile_image_url"}


def test_the_new_language_of_posts_is_spoken_too(sandbox: Sandbox, brand: dict) -> None:
    root = sandbox.say("ana", "@northwindair first")
    sandbox.say("ana", "@northwindair second", in_reply_to=root)
    answer = requests.get(
        f"{sandbox.base_url}/2/users/{brand['id']}/mentions",
        params={"post.fields": "public_metrics", "expansions": "referenced_posts"},
        headers={"Authorization": f"Bearer {brand['credentials']['bearer_token']}"},
        timeout=5,
    ).json()
    assert answer["data"][0]["referenced_posts"] == [{"type": "replied_to", "id": root}]
    assert answer["includes"]["posts"][0]["edit_history_post_ids"] == [root]
    assert answer["data"][0]["public_metrics"]["repost_count"] == 0


@pytest.mark.parametrize(
    ("arguments", "parameter"),
    [
        ({"max_results": 4}, "max_results"),
        ({"max_results": 101}, "max_results"),
        ({"since_id": "abc"}, "since_id"),
        ({"start_time": "yesterday"}, "start_time"),
        ({"pagination_token": "zzz"}, "pagination_token"),
        ({"tweet_fields": ["colour"]}, "tweet.fields"),
        ({"expansions": ["everything"]}, "expansions"),
    ],
)
def test_bad_parameters_get_a_problem(brand: dict, client: tweepy.Client, arguments: dict, parameter: str) -> None:
    with pytest.raises(tweepy.BadRequest) as refusal:
        client.get_users_mentions(brand["id"], **arguments)
    body = refusal.value.response.json()
    assert body["title"] == "Invalid Request"
    assert list(body["errors"][0]["parameters"]) == [parameter]
    assert refusal.value.response.headers["content-type"].startswith("application/problem+json")


def test_the_window_of_mentions_is_800(sandbox: Sandbox, brand: dict, client: tweepy.Client) -> None:
    posts = [{"network": "x", "author": {"handle": "many"}, "text": f"@northwindair {n}"} for n in range(950)]
    ids = [item["id"] for item in sandbox.control("POST", "posts", posts)["posts"]]
    seen = [
        str(tweet.id)
        for page in tweepy.Paginator(client.get_users_mentions, brand["id"], max_results=100)
        for tweet in page.data or []
    ]
    assert seen == list(reversed(ids))[:800]


def test_search_knows_its_grammar_and_its_seven_days(sandbox: Sandbox, client: tweepy.Client) -> None:
    now = datetime(2026, 11, 21, 12, tzinfo=UTC).timestamp()
    sandbox.control("POST", "clock", {"now": now})
    sandbox.say("old", "northwind was nice", created_at=now - 8 * 86_400)
    plain = sandbox.say("ana", "Northwind Air lost my bag #fail", created_at=now - 100)
    reply = sandbox.say("ben", "northwind? never again", created_at=now - 90, in_reply_to=plain)
    spanish = sandbox.say("eva", "northwind muy mal", created_at=now - 80, lang="es")
    own = sandbox.say("northwindair", "Northwind Air news @ana", created_at=now - 70)

    def found(query: str) -> list[str]:
        return [str(tweet.id) for tweet in client.search_recent_tweets(query).data or []]

    assert found("northwind") == [own, spanish, reply, plain]
    assert found('"northwind air"') == [own, plain]
    assert found("northwind -from:northwindair -is:retweet") == [spanish, reply, plain]
    assert found("(mal OR #fail) northwind") == [spanish, plain]
    assert found("northwind is:reply") == [reply]
    assert found("to:ana") == [reply]
    assert found("@ana") == [own]
    assert found(f"conversation_id:{plain}") == [reply, plain]
    assert found("northwind lang:es") == [spanish]
    assert found('northwind -(mal OR "never again") -@ana') == [plain]
    for query in ("(northwind", "northwind is:funny", "-northwind"):
        with pytest.raises(tweepy.BadRequest):
            found(query)
    with pytest.raises(tweepy.BadRequest, match="since_id"):
        client.search_recent_tweets("northwind", since_id=sandbox.say("x1", "old", created_at=now - 20 * 86_400))


def test_an_answer_is_written_read_hidden_liked_and_deleted(
    sandbox: Sandbox, brand: dict, client: tweepy.Client
) -> None:
    question = sandbox.say("ana", "@northwindair where is my bag?")
    made = client.create_tweet(text="Sorry & see https://northwind.example/bags", in_reply_to_tweet_id=question).data
    assert made["text"].startswith("@ana Sorry &amp; see https://t.co/")
    answers = sandbox.control("GET", "posts", in_reply_to=question)["posts"]
    assert answers[0]["text"] == "Sorry & see https://northwind.example/bags"
    assert answers[0]["wire_text"] == made["text"]
    assert [(a["id"], a["author"]["handle"], a["conversation_id"]) for a in answers] == [
        (made["id"], "northwindair", question)
    ]
    own = client.get_users_tweets(brand["id"], tweet_fields=["entities"]).data
    assert own[0].entities["urls"][0]["expanded_url"] == "https://northwind.example/bags"
    root = client.create_tweet(text="News").data["id"]
    reply = sandbox.say("troll", "@northwindair boo", in_reply_to=root)
    assert client.hide_reply(reply).data == {"hidden": True}
    assert client.unhide_reply(reply).data == {"hidden": False}
    with pytest.raises(tweepy.Forbidden):
        client.hide_reply(question)
    assert client.like(question).data == {"liked": True}
    assert client.unlike(question).data == {"liked": False}
    assert client.delete_tweet(made["id"]).data == {"deleted": True}
    assert client.get_tweet(made["id"]).errors[0]["title"] == "Not Found Error"


def test_what_x_refuses_to_post(sandbox: Sandbox, brand: dict, client: tweepy.Client) -> None:
    stranger = sandbox.say("stranger", "northwind air is awful")
    with pytest.raises(tweepy.Forbidden, match="not been mentioned or otherwise engaged"):
        client.create_tweet(text="Sorry to hear", in_reply_to_tweet_id=stranger)
    sandbox.control("POST", "settings", {"reply_rule": False})
    client.create_tweet(text="Sorry to hear", in_reply_to_tweet_id=stranger)
    with pytest.raises(tweepy.Forbidden, match="duplicate content"):
        client.create_tweet(text="Sorry to hear")
    with pytest.raises(tweepy.Forbidden, match="too long"):
        client.create_tweet(text="ü" * 200 + "日" * 41)
    client.create_tweet(text="日" * 140)
    gone = sandbox.say("ana", "@northwindair hi")
    sandbox.control("DELETE", f"posts/{gone}")
    with pytest.raises(tweepy.Forbidden, match="deleted or not visible"):
        client.create_tweet(text="too late", in_reply_to_tweet_id=gone)


def test_a_quoting_author_may_be_answered(sandbox: Sandbox, client: tweepy.Client) -> None:
    news = client.create_tweet(text="We fly to Oslo").data["id"]
    quote = sandbox.say("ana", "really?", quoted=news)
    assert client.create_tweet(text="Really!", in_reply_to_tweet_id=quote).data["id"]


def test_lookup_names_what_is_missing(sandbox: Sandbox, client: tweepy.Client) -> None:
    here, gone = sandbox.say("ana", "one"), sandbox.say("ana", "two")
    secret = sandbox.say("shy", "three")
    sandbox.control("POST", "accounts", {"network": "x", "handle": "shy", "protected": True})
    sandbox.control("DELETE", f"posts/{gone}")
    answer = client.get_tweets([here, gone, secret])
    assert [str(tweet.id) for tweet in answer.data] == [here]
    assert [error["title"] for error in answer.errors] == ["Not Found Error", "Authorization Error"]
    users = client.get_users(usernames=["ana", "nobody_here"])
    assert users.data[0].username == "ana"
    assert users.errors[0]["value"] == "nobody_here"


def test_an_edit_makes_a_new_id(sandbox: Sandbox, brand: dict, client: tweepy.Client) -> None:
    first = sandbox.say("ana", "@northwindair helo")
    newer = sandbox.control("PATCH", f"posts/{first}", {"text": "@northwindair hello"})
    assert newer["id"] != first
    found = client.get_users_mentions(brand["id"], since_id=first).data
    assert [(str(t.id), t.text) for t in found] == [(newer["id"], "@northwindair hello")]
    assert [str(n) for n in found[0].edit_history_tweet_ids] == [first, newer["id"]]
    old = client.get_tweet(first).data
    assert (old.text, [str(n) for n in old.edit_history_tweet_ids]) == ("@northwindair helo", [first, newer["id"]])
    sandbox.control("DELETE", f"posts/{newer['id']}")
    assert client.get_tweet(first).data is None


def test_direct_messages(sandbox: Sandbox, brand: dict, client: tweepy.Client) -> None:
    sandbox.say("ana", "my booking is ABC123", to="northwindair", private=True)
    sandbox.say("ana", "not for you", to="northwindair")
    fields = ["id", "text", "event_type", "dm_conversation_id", "created_at", "sender_id", "participant_ids"]
    events = client.get_direct_message_events(dm_event_fields=fields, expansions=["sender_id"])
    assert [(e.text, e.event_type) for e in events.data] == [("my booking is ABC123", "MessageCreate")]
    ana = str(events.data[0].sender_id)
    assert events.includes["users"][0].username == "ana"
    sent = client.create_direct_message(participant_id=ana, text="Found it").data
    assert sent["dm_conversation_id"] == events.data[0].dm_conversation_id
    talk = client.get_direct_message_events(participant_id=ana).data
    assert [event.text for event in talk] == ["Found it", "my booking is ABC123"]
    assert "Found it" not in str(client.get_users_tweets(brand["id"]).data)


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
def test_media_by_v2_and_by_tweepys_v1(sandbox: Sandbox, brand: dict, client: tweepy.Client, tmp_path) -> None:
    headers = {"Authorization": f"Bearer {brand['credentials']['oauth2_access_token']}"}
    address = f"{sandbox.base_url}/2/media/upload"
    simple = requests.post(
        address, headers=headers, files={"media": PNG}, data={"media_category": "tweet_image"}, timeout=5
    ).json()["data"]
    assert simple["image"] == {"image_type": "image/png", "w": 1, "h": 1}
    begun = requests.post(
        f"{address}/initialize",
        headers=headers,
        json={"media_type": "image/png", "total_bytes": len(PNG), "media_category": "tweet_image"},
        timeout=5,
    ).json()["data"]
    for index, piece in enumerate((PNG[:30], PNG[30:])):
        requests.post(
            f"{address}/{begun['id']}/append",
            headers=headers,
            files={"media": piece},
            data={"segment_index": index},
            timeout=5,
        ).raise_for_status()
    done = requests.post(f"{address}/{begun['id']}/finalize", headers=headers, timeout=5).json()["data"]
    assert done["size"] == len(PNG)
    picture = tmp_path / "dot.png"
    picture.write_bytes(PNG)
    old_way = x_api(sandbox, brand["credentials"]).media_upload(str(picture))
    chunked = x_api(sandbox, brand["credentials"]).media_upload(str(picture), chunked=True)
    ids = [simple["id"], done["id"], old_way.media_id_string, chunked.media_id_string]
    made = client.create_tweet(text="look", media_ids=ids).data["id"]
    shown = client.get_tweet(made, expansions=["attachments.media_keys"], media_fields=["url", "width"])
    assert [(m.type, m.width) for m in shown.includes["media"]] == [("photo", 1)] * 4
    with pytest.raises(tweepy.BadRequest):
        client.create_tweet(text="not mine", media_ids=["1"])


def test_limits_are_counted_and_refused(sandbox: Sandbox, brand: dict, raw: tweepy.Client) -> None:
    sandbox.control("POST", "settings", {"limits": {"GET /2/users/{id}/mentions": 2}})
    client = x_client(sandbox, brand["credentials"], return_type=requests.Response)
    answers = [client.get_users_mentions(brand["id"]) for _ in range(2)]
    assert [answer.headers["x-rate-limit-remaining"] for answer in answers] == ["1", "0"]
    with pytest.raises(tweepy.TooManyRequests) as refusal:
        client.get_users_mentions(brand["id"])
    assert refusal.value.response.headers["x-rate-limit-limit"] == "2"
    assert refusal.value.reset_time > datetime.now(UTC).timestamp()
    assert client.get_users_mentions(brand["id"], user_auth=True).headers["x-rate-limit-remaining"] == "1"


def test_a_lagging_timeline_shows_an_own_post_later(sandbox: Sandbox, brand: dict, client: tweepy.Client) -> None:
    sandbox.control("POST", "settings", {"timeline_lag": 3600})
    made = client.create_tweet(text="just now").data["id"]
    assert client.get_users_tweets(brand["id"]).data is None
    assert client.get_tweet(made).data is not None
    sandbox.control("POST", "settings", {"timeline_lag": 0})
    assert str(client.get_users_tweets(brand["id"]).data[0].id) == made


def test_a_revoked_token_is_dead_and_a_new_one_lives(sandbox: Sandbox, brand: dict, client: tweepy.Client) -> None:
    sandbox.control("POST", "revoke", {"account": "northwindair"})
    with pytest.raises(tweepy.Unauthorized):
        client.get_me(user_auth=True)
    fresh = sandbox.control("POST", "reissue", {"account": "northwindair"})
    assert x_client(sandbox, fresh["credentials"]).get_me(user_auth=True).data.username == "northwindair"
