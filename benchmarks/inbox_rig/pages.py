"""Pages as X answers them: 100 posts with their authors, as bytes."""

import random
from datetime import UTC, datetime, timedelta

import orjson

TEXT = """
flight bag delay refund seat gate crew boarding voucher signal outage tariff roaming bill router call hold app please
thanks still waiting hours today tomorrow never again lost found broken help with from about when where
"""
WORDS = TEXT.split()
PAGE = 100
COUNTED = ("retweet_count", "reply_count", "like_count", "quote_count", "bookmark_count", "impression_count")
DOMAIN = {"id": "47", "name": "Brand", "description": "Brands and Companies"}
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

    def _entities(self, id_: str) -> dict:
        """What X says about names, links and things in a text: most of the bytes of a post."""
        link = {"start": 140, "end": 163, "url": f"https://t.co/{id_[-10:]}", "display_url": "pic.x.com/bench"}
        thing = {"start": 7, "end": 20, "probability": 0.9512, "type": "Product", "normalized_text": "Northwind Air"}
        return {
            "mentions": [{"start": 0, "end": 6, "username": "bench", "id": self.account}],
            "urls": [{**link, "expanded_url": f"https://x.com/person/status/{id_}/photo/1", "media_key": f"3_{id_}"}],
            "annotations": [thing, {**thing, "type": "Place", "normalized_text": "Oslo Gardermoen"}],
            "hashtags": [{"start": 21, "end": 34, "tag": "northwinddelay"}],
        }

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
            "description": "Writes now and then about trains, planes and whatever else is late. " * 2,
            "verified_type": "none",
            "protected": False,
            "profile_image_url": f"https://pbs.twimg.com/profile_images/{author}/a_normal.jpg",
            "public_metrics": {"followers_count": int(author) % 9_000, "following_count": 10, "tweet_count": 100},
            "created_at": "2015-03-01T10:00:00.000Z",
        }
        post = {
            "id": id_,
            "text": "@bench " + " ".join(self.random.choices(WORDS, k=22)) + f" ref{self.number}",
            "author_id": author,
            "conversation_id": root,
            "created_at": self.now.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
            "edit_history_tweet_ids": [id_],
            "lang": "en",
            "entities": self._entities(id_),
            "public_metrics": dict.fromkeys(COUNTED, self.number % 7),
            "possibly_sensitive": False,
            "reply_settings": "everyone",
            "edit_controls": {
                "edits_remaining": 5,
                "is_edit_eligible": False,
                "editable_until": self.now.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
            },
            "context_annotations": [{"domain": DOMAIN, "entity": {"id": "10045225402", "name": "Northwind Air"}}],
        }
        if parent:
            post["in_reply_to_user_id"] = self.account
            post["referenced_tweets"] = [{"type": "replied_to", "id": parent[0]}]
        self.recent = [*self.recent[-400:], (id_, root, author)]
        return post
