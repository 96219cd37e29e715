"""How many posts per CPU second do the parsers turn from bytes into records?

    python -m benchmarks.parse [--rounds N] [--seed N] [--json PATH]

Pages of 100 made-up posts, about 880 bytes each on X and 350 on Facebook; the best of the rounds counts, since a
shared machine only ever slows down. Goal: 60,000 a second on X.
"""

import argparse
import json
import random
import time
from collections.abc import Callable
from pathlib import Path

import orjson

from benchmarks.tables import show
from channels.adapters.facebook import parse as facebook
from channels.adapters.x import parse as x

PAGE = 100
REPEATS = 100
TEXT = "my bag did not arrive in Oslo and nobody answers flight NW123 &amp; please help 😷 日本語"
WORDS = TEXT.split()


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args(arguments)
    chance = random.Random(chosen.seed)
    posts, comments = x_page(chance), facebook_page(chance)
    result = {
        "x_posts_per_cpu_s": best(lambda: x.posts_page(posts), chosen.rounds),
        "facebook_comments_per_cpu_s": best(
            lambda: facebook.comments_page(facebook.load(comments), "77", "77_1"), chosen.rounds
        ),
        "x_bytes_per_post": len(posts) // PAGE,
        "facebook_bytes_per_comment": len(comments) // PAGE,
    }
    show("Parsing", result)
    if chosen.json:
        chosen.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    return 0


def best(work: Callable[[], object], rounds: int) -> int:
    """Items per CPU second in the fastest round."""
    rates = []
    for _ in range(rounds):
        began = time.process_time()
        for _ in range(REPEATS):
            work()
        rates.append(PAGE * REPEATS / (time.process_time() - began))
    return round(max(rates))


def x_page(chance: random.Random) -> bytes:
    users = [_user(number, chance) for number in range(80)]
    posts = [_post(1578516295611748353 - number * 1000, chance.choice(users), chance) for number in range(PAGE)]
    meta = {"result_count": PAGE, "newest_id": posts[0]["id"], "oldest_id": posts[-1]["id"], "next_token": "b26v89c1"}
    return orjson.dumps({"data": posts, "includes": {"users": users}, "meta": meta})


def _user(number: int, chance: random.Random) -> dict:
    return {
        "id": str(10**18 + number),
        "name": f"Person {number}",
        "username": f"person{number}",
        "description": " ".join(chance.choices(WORDS, k=20)),
        "profile_image_url": "https://pbs.twimg.com/profile_images/1/a_normal.jpg",
        "public_metrics": {"followers_count": chance.randrange(10**5), "following_count": 3, "tweet_count": 9},
        "verified": False,
    }


def _post(number: int, author: dict, chance: random.Random) -> dict:
    post = {
        "id": str(number),
        "text": "@northwindair " + " ".join(chance.choices(WORDS, k=18)),
        "author_id": author["id"],
        "created_at": f"2026-10-01T10:{chance.randrange(60):02}:00.000Z",
        "conversation_id": str(number),
        "edit_history_tweet_ids": [str(number)],
        "in_reply_to_user_id": "99",
        "lang": "en",
        "entities": {"mentions": [{"start": 0, "end": 13, "username": "northwindair", "id": "99"}]},
        "public_metrics": {"retweet_count": 0, "reply_count": 0, "like_count": 0, "quote_count": 0},
        "possibly_sensitive": False,
    }
    if chance.random() < 0.5:
        post["referenced_tweets"] = [{"type": "replied_to", "id": str(number - 7)}]
    return post


def facebook_page(chance: random.Random) -> bytes:
    comments = [_comment(number, chance) for number in range(PAGE)]
    following = "https://graph.facebook.com/v26.0/77_1/comments?limit=100&after=QVFI"
    return orjson.dumps({"data": comments, "paging": {"cursors": {"after": "QVFI"}, "next": following}})


def _comment(number: int, chance: random.Random) -> dict:
    return {
        "id": f"1_{number}",
        "message": " ".join(chance.choices(WORDS, k=18)),
        "created_time": f"2026-10-01T10:{chance.randrange(60):02}:00+0000",
        "from": {"id": str(10**15 + number), "name": f"Person {number}"},
        "parent": {"id": "1_2"},
        "permalink_url": f"https://www.facebook.com/77/posts/1/?comment_id=2&reply_comment_id={number}",
        "is_hidden": False,
    }


if __name__ == "__main__":
    raise SystemExit(main())
