"""Pages as X answers them: 100 posts with their authors, as bytes."""

import random
from datetime import UTC, datetime, timedelta

import orjson

WORDS = [
    "flight",
    "bag",
    "delay",
    "refund",
    "seat",
    "gate",
    "crew",
    "boarding",
    "voucher",
    "signal",
    "outage",
    "tariff",
    "roaming",
    "bill",
    "router",
    "call",
    "hold",
    "app",
    "please",
    "thanks",
    "still",
    "waiting",
    "hours",
    "today",
    "tomorrow",
    "never",
    "again",
    "lost",
    "found",
    "broken",
    "help",
    "with",
    "from",
    "about",
    "when",
    "where",
]
PAGE = 100
START = datetime(2026, 10, 1, tzinfo=UTC)
EPOCH_MS = 1_288_834_974_657


class Network:
    """A stream of mentions that never repeats: about a third open a conversation's second message or later."""

    def __init__(self, seed: int, account: str, *, begin: datetime = START) -> None:
        self.random = random.Random(seed)
        self.account = account
        self.now = begin
        self.number = 0
        self.recent: list[tuple[str, str, str]] = []

    def page(self, size: int = PAGE) -> bytes:
        users: dict[str, dict] = {}
        posts = [self._post(users) for _ in range(size)]
        meta = {"result_count": size, "newest_id": posts[-1]["id"], "oldest_id": posts[0]["id"]}
        return orjson.dumps({"data": posts[::-1], "includes": {"users": list(users.values())}, "meta": meta})

    def _post(self, users: dict[str, dict]) -> dict:
        self.number += 1
        self.now += timedelta(milliseconds=self.random.randrange(1, 900))
        id_ = str(((int(self.now.timestamp() * 1000) - EPOCH_MS) << 22) + self.number % 4096)
        parent = self.random.choice(self.recent) if self.recent and self.random.random() < 0.35 else None
        author = parent[2] if parent else str(10_000_000 + self.random.randrange(40_000_000))
        root = parent[1] if parent else id_
        users[author] = {
            "id": author,
            "username": f"person{author}",
            "name": f"Person {author}",
            "verified": False,
            "description": "Writes now and then. " * 2,
            "profile_image_url": f"https://pbs.twimg.com/profile_images/{author}/a_normal.jpg",
            "public_metrics": {"followers_count": int(author) % 9_000, "following_count": 10, "tweet_count": 100},
            "created_at": "2015-03-01T10:00:00.000Z",
        }
        post = {
            "id": id_,
            "text": "@bench " + " ".join(self.random.choices(WORDS, k=18)) + f" ref{self.number}",
            "author_id": author,
            "conversation_id": root,
            "created_at": self.now.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
            "edit_history_tweet_ids": [id_],
            "lang": "en",
            "entities": {"mentions": [{"start": 0, "end": 6, "username": "bench", "id": self.account}]},
            "public_metrics": {"retweet_count": 0, "reply_count": 1, "like_count": 2, "quote_count": 0},
        }
        if parent:
            post["in_reply_to_user_id"] = self.account
            post["referenced_tweets"] = [{"type": "replied_to", "id": parent[0]}]
        self.recent = [*self.recent[-400:], (id_, root, author)]
        return post
