"""One pretend account per network for the contract suite: who speaks, where, and through which adapter."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from channels import http
from channels.contracts import (
    Adapter,
    FetchPage,
    InboundMessage,
    Kind,
    OutboundMessage,
    StreamKind,
    Visibility,
    type_json,
)
from channels.registry import ADAPTERS
from tests.sandbox.running import Sandbox

QUICK = http.Policy(connect=1.0, read=1.0, total=1.5)
LINKS_MAX = 400


@dataclass
class Peer(ABC):
    """A brand account in the sandbox and the people who write to it."""

    sandbox: Sandbox
    brand: dict[str, Any]

    kind = ""
    stream = StreamKind.MENTIONS
    own_stream = StreamKind.OWN_POSTS
    private_stream = StreamKind.DIRECT_MESSAGES
    reads = ""
    writes = ""
    private_reads = ""

    @property
    @abstractmethod
    def credentials(self) -> type_json: ...

    def adapter(self, **options: Any) -> Adapter:
        """A fresh adapter with short time-outs, as a new process would build it."""
        return ADAPTERS[Kind(self.kind)].adapter(self.credentials, self.brand["id"], options, policy=QUICK)

    def say(self, number: int, **more: Any) -> str:
        """A person writes to the brand in public; the id."""
        return self.say_all([number], **more)[0]

    def say_all(self, numbers: list[int], **more: Any) -> list[str]:
        posts = [self.post(number, **more) for number in numbers]
        return [post["id"] for post in self.sandbox.control("POST", "posts", posts)["posts"]]

    @abstractmethod
    def post(self, number: int, **more: Any) -> dict[str, Any]: ...

    def whisper(self, number: int, **more: Any) -> dict[str, Any]:
        """A person writes to the brand in private; the post."""
        post = {
            "network": self.kind,
            "author": {"handle": f"person{number}"},
            "text": f"private {number}",
            "to": self.brand["handle"],
            "private": True,
            **more,
        }
        return self.sandbox.control("POST", "posts", [post])["posts"][0]

    def answers(self, external_id: str) -> list[dict[str, Any]]:
        """What stands under a post, as the sandbox has it."""
        return self.sandbox.control("GET", "posts", network=self.kind, in_reply_to=external_id)["posts"]

    def reply(self, to: str, text: str) -> OutboundMessage:
        return OutboundMessage(text=text, visibility=Visibility.PUBLIC, in_reply_to=to)

    @property
    def secrets(self) -> list[str]:
        public = {"consumer_key", "client_id", "app_id", "page_id"}
        return [str(value) for key, value in self.credentials.items() if key not in public and value]


class XPeer(Peer):
    kind = "x"
    reads = "GET /2/users/*/mentions"
    private_reads = "GET /2/dm_events"
    writes = "POST /2/tweets"

    @property
    def credentials(self) -> type_json:
        keys = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")
        return {key: self.brand["credentials"][key] for key in keys}

    def post(self, number: int, **more: Any) -> dict[str, Any]:
        text = f"@{self.brand['handle']} message {number}"
        return {"network": "x", "author": {"handle": f"person{number % 37}"}, "text": text, **more}


class XOAuth2Peer(XPeer):
    """The same with an OAuth 2 user token."""

    @property
    def credentials(self) -> type_json:
        given = self.brand["credentials"]
        return {
            "client_id": given["client_id"],
            "client_secret": given["client_secret"],
            "access_token": given["oauth2_access_token"],
            "refresh_token": given["oauth2_refresh_token"],
            "expires_at": (datetime.now(UTC) + timedelta(hours=2)).isoformat(),
        }


class FacebookPeer(Peer):
    """A page; what people say to it in public are posts of visitors."""

    kind = "facebook"
    stream = own_stream = StreamKind.PAGE_FEED
    private_stream = StreamKind.PAGE_MESSAGES
    reads = "GET /graph/*/feed"
    private_reads = "GET /graph/*/conversations"
    writes = "POST /graph/*/comments"

    @property
    def credentials(self) -> type_json:
        return {key: self.brand["credentials"][key] for key in ("page_access_token", "app_id", "app_secret")}

    def post(self, number: int, **more: Any) -> dict[str, Any]:
        who = {"handle": f"person{number % 37}"}
        text = f"message {number}"
        return {"network": "facebook", "author": who, "text": text, "to": self.brand["handle"], **more}

    def comment(self, post_id: str, number: int, **more: Any) -> str:
        """A person comments on a post or on a comment; the id."""
        return self.say(number, in_reply_to=post_id, **more)


def walk(
    peer: Peer, mark: type_json, stream: StreamKind | None = None, options: type_json | None = None
) -> tuple[list[FetchPage], type_json]:
    """All pages of one walk without faults, and the new mark."""
    adapter, resume, pages = peer.adapter(), None, []
    for _ in range(LINKS_MAX):
        page = adapter.fetch(stream or peer.stream, mark=mark, resume=resume, options=options or {})
        pages.append(page)
        resume = page.resume
        if resume is None:
            return pages, page.mark
    raise AssertionError("the walk does not end")


def ids(pages: list[FetchPage]) -> list[str]:
    """The ids of all items in the order in which they came; fails on anything unreadable."""
    items = [item for page in pages for item in page.items]
    assert all(isinstance(item, InboundMessage) for item in items), items
    return [item.external_id for item in items if isinstance(item, InboundMessage)]
