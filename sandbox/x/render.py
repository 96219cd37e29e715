"""Accounts, posts, messages and media in the JSON of X: only what was asked for, with the objects they refer to."""

from collections.abc import Iterable
from typing import Any

from sandbox import text as reading
from sandbox.clock import iso
from sandbox.ids import EPOCH_MS
from sandbox.model import Account, Media, Post, X
from sandbox.world import World
from sandbox.x import problems
from sandbox.x.auth import Caller
from sandbox.x.fields import Wanted

# Source: docs.x.com/x-api/fundamentals/edit-posts (read 2026-11): within an hour, up to 5 edits.
EDIT_SECONDS = 3600
EDITS = 5
SEEN_BY = 40  # one of so many followers sees a post of this pretend network


class Renderer:
    """Renders one answer and gathers its `includes` and `errors`."""

    def __init__(self, world: World, caller: Caller, base: str, wanted: Wanted) -> None:
        self._world, self._caller, self._base, self._wanted = world, caller, base, wanted
        self._users: dict[str, dict] = {}
        self._tweets: dict[str, dict] = {}
        self._media: dict[str, dict] = {}
        self.errors: list[dict] = []

    def finish(self, body: dict[str, Any]) -> dict[str, Any]:
        """Add what was gathered and put the whole into the language of the question."""
        names = (("media", self._media), ("users", self._users), ("tweets", self._tweets))
        includes = {name: list(things.values()) for name, things in names if things}
        if includes:
            body["includes"] = includes
        if self.errors:
            body["errors"] = self.errors
        return self._wanted.speak(body)

    # Users

    def user(self, account: Account) -> dict:
        return {name: value for name, value in self._user_values(account).items() if name in self._wanted.user}

    def _user_values(self, account: Account) -> dict[str, Any]:
        values: dict[str, Any] = {"id": account.id, "name": account.name, "username": account.handle}
        asked = self._wanted.user
        if len(asked) == 3:
            return values
        if "public_metrics" in asked:
            values["public_metrics"] = {
                "followers_count": account.followers,
                "following_count": account.following,
                "tweet_count": self._world.store.by_author.count((X, account.id)),
                "listed_count": account.followers // 500,
                "like_count": 0,
                "media_count": 0,
            }
        return values | {
            "created_at": iso(account.created_ms or EPOCH_MS),
            "description": account.bio,
            "verified": account.verified,
            "verified_type": "business" if account.verified and account.brand else _blue(account),
            "protected": account.protected,
            "profile_image_url": account.avatar or f"{self._base}/media/avatar/x/{account.id}_normal.png",
            "receives_your_dm": account.receives_messages,
            **({"location": account.location} if account.location else {}),
        }

    def include_user(self, account_id: str) -> None:
        account = self._world.store.account(X, account_id)
        if account is not None and account_id not in self._users:
            self._users[account_id] = self.user(account)

    # Posts

    def tweet(self, post: Post) -> dict:
        """One post with what it needs of others."""
        self._expand(post)
        asked = self._wanted.tweet
        makers = self._shown_by_expansion(post)
        values: dict[str, Any] = {"id": post.id, "text": post.text, "edit_history_tweet_ids": post.history}
        for name in asked:
            maker = _MAKERS.get(name)
            if maker is not None:
                makers[name] = maker(self._world, post)
        values.update({name: value for name, value in makers.items() if value not in (None, [], {}, "")})
        return values

    def _shown_by_expansion(self, post: Post) -> dict[str, Any]:
        """Asking for an expansion also shows the field that it follows."""
        expansions = self._wanted.expansions
        values: dict[str, Any] = {}
        if "author_id" in expansions:
            values["author_id"] = post.author_id
        if "in_reply_to_user_id" in expansions:
            values["in_reply_to_user_id"] = replied_user(self._world, post)
        if any(name.startswith("referenced_tweets") for name in expansions):
            values["referenced_tweets"] = references(self._world, post)
        if "attachments.media_keys" in expansions:
            values["attachments"] = attachments(self._world, post)
        if "entities.mentions.username" in expansions:
            values["entities"] = entities(self._world, post)
        return values

    def _expand(self, post: Post) -> None:
        expansions = self._wanted.expansions
        if "author_id" in expansions:
            self.include_user(post.author_id)
        if "in_reply_to_user_id" in expansions:
            self.include_user(replied_user(self._world, post) or "")
        if "attachments.media_keys" in expansions:
            self.include_media(post.media)
        if "entities.mentions.username" in expansions:
            for handle in post.mentions:
                named = self._world.store.account_by_handle(X, handle)
                self.include_user(named.id if named else "")
        if "edit_history_tweet_ids" in expansions:
            for version in post.history:
                self._include_tweet(version, "edit_history_tweet_ids")
        if any(name.startswith("referenced_tweets") for name in expansions):
            for reference in references(self._world, post):
                self._include_tweet(reference["id"], "referenced_tweets.id")

    def _include_tweet(self, post_id: str, parameter: str) -> None:
        if post_id in self._tweets:
            return
        post = self._world.store.post(X, post_id)
        problem = self.why_not(post, post_id, parameter)
        if problem is not None:
            self.errors.append(problem)
            return
        if post is None:
            return
        self._tweets[post_id] = self._flat(post)
        if "referenced_tweets.id.author_id" in self._wanted.expansions:
            self.include_user(post.author_id)
        if "referenced_tweets.id.attachments.media_keys" in self._wanted.expansions:
            self.include_media(post.media)

    def _flat(self, post: Post) -> dict:
        """A post inside `includes`: the same fields, nothing followed further."""
        values = {"id": post.id, "text": post.text, "edit_history_tweet_ids": post.history}
        if "author_id" in self._wanted.expansions:
            values["author_id"] = post.author_id
        for name in self._wanted.tweet:
            maker = _MAKERS.get(name)
            value = maker(self._world, post) if maker else None
            if value not in (None, [], {}, ""):
                values[name] = value
        return values

    def why_not(self, post: Post | None, post_id: str, parameter: str) -> dict | None:
        """The error object for a post that the caller cannot see."""
        if post is None or post.deleted or post.private or post.created_ms > self._world.clock.now_ms():
            return problems.not_found("tweet", parameter, post_id)
        author = self._world.store.account(X, post.author_id)
        if author and author.protected and author is not self._caller.account:
            return problems.not_allowed("tweet", parameter, post_id)
        return None

    # Messages and media

    def dm(self, post: Post) -> dict:
        values: dict[str, Any] = {
            "id": post.id,
            "text": post.text,
            "event_type": "MessageCreate",
            "dm_conversation_id": post.conversation_id,
            "created_at": iso(post.created_ms),
            "sender_id": post.author_id,
            "participant_ids": [post.author_id, post.to_id],
        }
        if post.media:
            values["attachments"] = {"media_keys": post.media}
        if post.links:
            values["entities"] = entities(self._world, post)
        asked = set(self._wanted.dm)
        if "sender_id" in self._wanted.expansions:
            asked.add("sender_id")
            self.include_user(post.author_id)
        if "participant_ids" in self._wanted.expansions:
            for account_id in (post.author_id, post.to_id):
                self.include_user(account_id)
        if "attachments.media_keys" in self._wanted.expansions:
            asked.add("attachments")
            self.include_media(post.media)
        return {name: value for name, value in values.items() if name in asked}

    def include_media(self, keys: Iterable[str]) -> None:
        for key in keys:
            media = self._world.store.media.get(key)
            if media is not None and key not in self._media:
                self._media[key] = self._medium(media)

    def _medium(self, media: Media) -> dict:
        address = media.url or f"{self._base}/media/{media.key}"
        values: dict[str, Any] = {
            "media_key": media.key,
            "type": media.kind,
            "width": media.width,
            "height": media.height,
            "alt_text": media.alt or None,
        }
        if media.kind == "photo":
            values["url"] = address
        else:
            values["preview_image_url"] = address
        return {n: v for n, v in values.items() if n in self._wanted.media and v not in (None, "")}


def _blue(account: Account) -> str:
    return "blue" if account.verified else "none"


def replied_user(world: World, post: Post) -> str | None:
    parent = world.store.post(X, post.parent_id) if post.parent_id else None
    return parent.author_id if parent else None


def references(world: World, post: Post) -> list[dict]:
    pairs = (("quoted", post.quoted_id), ("replied_to", post.parent_id))
    return [{"type": kind, "id": post_id} for kind, post_id in pairs if post_id]


def attachments(world: World, post: Post) -> dict | None:
    return {"media_keys": post.media} if post.media else None


def entities(world: World, post: Post) -> dict:
    """Mentions, tags and links with their places in the text (code points)."""
    found: dict[str, list[dict]] = {
        "mentions": _mentions(world, post),
        "hashtags": [{"start": s, "end": e, "tag": t} for s, e, t in reading.spans(reading.HASHTAG, post.text)],
        "cashtags": [{"start": s, "end": e, "tag": t} for s, e, t in reading.spans(reading.CASHTAG, post.text)],
        "urls": _urls(post),
    }
    return {name: items for name, items in found.items() if items}


def _mentions(world: World, post: Post) -> list[dict]:
    items, seen = [], set()
    for start, end, handle in reading.spans(reading.MENTION, reading.without_links(post.text)):
        seen.add(handle.lower())
        items.append({"start": start, "end": end, **_named(world, handle)})
    # Named by `to` alone: an answer whose hidden prefix names the one who is answered.
    items += [{"start": 0, "end": 0, **_named(world, handle)} for handle in post.mentions if handle not in seen]
    return items


def _named(world: World, handle: str) -> dict[str, str]:
    account = world.store.account_by_handle(X, handle)
    return {"username": account.handle, "id": account.id} if account else {"username": handle}


def _urls(post: Post) -> list[dict]:
    items = []
    for match in reading.URL.finditer(post.text):
        url = match.group(0)
        long = post.links.get(url, url)
        shown = {"url": url, "expanded_url": long, "display_url": reading.display_url(long)}
        items.append({"start": match.start(), "end": match.end(), **shown})
    return items


def public_metrics(world: World, post: Post) -> dict[str, int]:
    author = world.store.account(X, post.author_id)
    return {
        "retweet_count": 0,
        "reply_count": world.store.by_parent.count((X, post.id)),
        "like_count": len(post.likes),
        "quote_count": 0,
        "bookmark_count": 0,
        "impression_count": author.followers // SEEN_BY if author else 0,
    }


def edit_controls(world: World, post: Post) -> dict:
    first = world.store.post(X, post.history[0]) or post
    until = first.created_ms + EDIT_SECONDS * 1000
    return {
        "edits_remaining": max(EDITS - len(post.history) + 1, 0),
        "is_edit_eligible": not post.parent_id,
        "editable_until": iso(until),
    }


_MAKERS = {
    "author_id": lambda world, post: post.author_id,
    "conversation_id": lambda world, post: post.conversation_id if world.settings.conversation_ids else None,
    "created_at": lambda world, post: iso(post.created_ms),
    "in_reply_to_user_id": replied_user,
    "referenced_tweets": references,
    "attachments": attachments,
    "entities": entities,
    "public_metrics": public_metrics,
    "edit_controls": edit_controls,
    "lang": lambda world, post: post.lang,
    "source": lambda world, post: post.source,
    "possibly_sensitive": lambda world, post: False,
    "reply_settings": lambda world, post: "everyone",
    "display_text_range": lambda world, post: [0, len(post.text)],
}
