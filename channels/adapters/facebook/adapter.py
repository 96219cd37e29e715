"""Facebook pages through facebook-sdk: feed, private messages, sending, settling, moderation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from channels import http
from channels.adapters import reading
from channels.adapters.facebook import capabilities, fields, parse
from channels.adapters.facebook.client import Graph
from channels.adapters.facebook.connecting import FacebookConnecting
from channels.adapters.facebook.feed import Feed, comments_of, objects
from channels.adapters.facebook.inbox import Inbox, between
from channels.adapters.facebook.sending import Sender
from channels.contracts import (
    Answerable,
    CallUse,
    FetchPage,
    Identity,
    InboundMessage,
    MessageFacts,
    OutboundMessage,
    SendReceipt,
    StreamKind,
    Unreadable,
    Visibility,
    type_json,
)
from core.errors import PermanentChannelError, TransientChannelError


class FacebookAdapter:
    """One page.

    Args:
        credentials: {page_access_token, app_id, app_secret}.
        account_external_id: the page's id; also the scope of all people's ids.
    """

    capabilities = capabilities.CAPABILITIES
    connecting = FacebookConnecting()

    def __init__(
        self,
        credentials: type_json,
        account_external_id: str,
        options: type_json,  # noqa: ARG002 - nothing to choose on Facebook
        *,
        policy: http.Policy | None = None,
    ) -> None:
        self._page = account_external_id
        self._app_id = str(credentials.get("app_id") or "")
        self._graph = Graph(
            credentials.get("page_access_token") or "", credentials.get("app_secret") or "", policy=policy
        )

    def identify(self) -> Identity:
        """The page that the token belongs to, as Facebook says."""
        body = self._graph.read(self._graph.get_object, "me", fields=fields.ACCOUNT)
        try:
            author = parse.parse_author(body, self._page)
            avatar = reading.text(body.get("picture", {}).get("data", {}).get("url"))
        except reading.MALFORMED:
            raise TransientChannelError("Facebook did not say whose token this is.") from None
        followers = body.get("followers_count")
        return Identity(
            external_id=author.external_id or "",
            handle=author.handle or author.name,
            name=author.name,
            followers=followers if type(followers) is int else None,
            avatar_url=avatar,
            app_external_id=self._app_id,
        )

    def fetch(self, stream: StreamKind, *, mark: type_json, resume: type_json | None, options: type_json) -> FetchPage:
        """One page; for `resume` and `mark` see `feed.Round` and `inbox.Laps`."""
        walks: dict[StreamKind, Callable[..., FetchPage]] = {
            StreamKind.PAGE_FEED: Feed(self._graph, self._page).fetch,
            StreamKind.PAGE_MESSAGES: Inbox(self._graph, self._page).fetch,
        }
        if stream not in walks:
            raise PermanentChannelError(f"Facebook has no stream called {stream}.")
        return self._counted(walks[stream](mark, resume, options))

    def lookup(self, external_ids: tuple[str, ...]) -> FetchPage:
        """The named posts and comments (at most 100) as context, and which are gone."""
        posts = [each for each in external_ids if self._is_post(each)]
        comments = [each for each in external_ids if not self._is_post(each)]
        found, gone = self._objects(posts, fields.POST)
        context = parse.posts_page({"data": found}, self._page).messages
        found, missing = self._objects(comments, fields.COMMENT)
        read = reading.items(found, lambda item: parse.parse_comment(item, self._page, self._post_of(item["id"])))
        context += tuple(item for item in read if isinstance(item, InboundMessage))
        return self._counted(FetchPage(context=context, gone=tuple(gone + missing)))

    def send(self, message: OutboundMessage) -> SendReceipt:
        """Comment, write in private, or answer a comment in private; see `Sender`."""
        return Sender(self._graph, self._page).send(message)

    def sent_since(self, since: datetime, *, private_with: str | None, in_reply_to: str | None) -> FetchPage:
        """The page's own comments under the post of `in_reply_to`, or its messages to one person."""
        if private_with:
            return self._counted(self._messages_since(since, private_with))
        if not in_reply_to:
            raise PermanentChannelError("Facebook is read under the post that was answered; none was named.")
        return self._counted(self._comments_since(since, in_reply_to))

    def delete(self, external_id: str) -> None:
        """Delete our own comment; one that is gone already is done."""
        try:
            self._graph.read(self._graph.delete_object, external_id)
        except PermanentChannelError as error:
            if error.code != "gone":
                raise

    def hide(self, external_id: str, *, hidden: bool) -> None:
        """Hide a comment under our page's posts, or show it again."""
        path = f"{self._graph.version}/{external_id}"
        self._graph.read(self._graph.request, path, post_args={"is_hidden": str(hidden).lower()}, method="POST")

    def like(self, external_id: str, *, liked: bool) -> None:
        """Like a post or comment as the page, or take it back."""
        if liked:
            self._graph.read(self._graph.put_like, external_id)
        else:
            self._graph.read(self._graph.request, f"{self._graph.version}/{external_id}/likes", method="DELETE")

    def count(self, text: str, *, visibility: Visibility) -> int:  # noqa: ARG002 - both count plainly
        return len(text)

    def split(self, text: str) -> tuple[str, ...]:
        return (text,) if len(text) <= self.capabilities.text_limit else ()

    def price(self, message: OutboundMessage) -> Decimal | None:  # noqa: ARG002 - nothing has a price on Facebook
        return None

    def answerable(self, facts: MessageFacts, *, now: datetime) -> Answerable:
        return capabilities.answerable(facts, now=now)

    def refresh(self) -> type_json | None:
        """Page tokens made from a long-lived token do not expire."""
        return None

    def _is_post(self, external_id: str) -> bool:
        return external_id.startswith(f"{self._page}_")

    def _post_of(self, external_id: str) -> str:
        """The post above: a comment's id is {number of the post}_{its own number}."""
        return external_id if self._is_post(external_id) else f"{self._page}_{external_id.partition('_')[0]}"

    def _objects(self, external_ids: list[str], asked: str) -> tuple[list[Any], list[str]]:
        found: list[Any] = []
        gone: list[str] = []
        for start in range(0, len(external_ids), fields.IDS_MAX):
            some, missing = objects(self._graph, external_ids[start : start + fields.IDS_MAX], asked)
            found, gone = found + some, gone + missing
        return found, gone

    def _comments_since(self, since: datetime, in_reply_to: str) -> FetchPage:
        post_id, after = self._post_of(in_reply_to), dict[str, str]()
        items: list[InboundMessage | Unreadable] = []
        while True:
            page = comments_of(self._graph, self._page, post_id, after)
            items += [item for item in page.items if self._is_own_since(item, since)]
            if not page.next or page.next == after or (page.oldest and page.oldest < since):
                return FetchPage(items=tuple(items))
            after = page.next

    def _messages_since(self, since: datetime, person: str) -> FetchPage:
        inbox, resume = Inbox(self._graph, self._page), None
        items: list[InboundMessage | Unreadable] = []
        while True:
            page = inbox.fetch({}, resume, {"since": since.replace(microsecond=0).isoformat()})
            items += [item for item in between(page, {self._page, person}).items if self._is_own_since(item, since)]
            resume = page.resume
            if resume is None:
                return FetchPage(items=tuple(items))

    def _is_own_since(self, item: InboundMessage | Unreadable, since: datetime) -> bool:
        """What cannot be read may be ours: it stays in, and a person decides."""
        if isinstance(item, Unreadable):
            return True
        # Graph's times are whole seconds.
        return item.author.external_id == self._page and item.posted_at >= since.replace(microsecond=0)

    def _counted(self, page: FetchPage) -> FetchPage:
        return replace(page, use=CallUse(calls=self._graph.drain_calls()), windows=self._graph.drain_windows())
