"""X through tweepy: streams, sending, settling, moderation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from functools import cached_property

from channels import http
from channels.adapters.x import capabilities, oauth, parse, prices, queries, snowflake
from channels.adapters.x.client import Client
from channels.adapters.x.connecting import XConnecting
from channels.adapters.x.sending import Sender
from channels.adapters.x.walk import REPEATED, Walk
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
    Visibility,
    type_json,
)
from core.errors import PermanentChannelError, TransientChannelError

# X keeps direct message events for 30 days. Source: docs.x.com direct messages lookup, read 2026-08.
DM_DAYS_S = 30 * 86_400
# Recent search reaches back 7 days. Source: docs.x.com recent search, read 2026-08.
SEARCH_DAYS_S = 7 * 86_400


class XAdapter:
    """One account on X.

    Args:
        options: enterprise (bool: the app is exempt from the reply rule), own_app (bool: the app belongs to this
            account, so that its mentions cost less).
    """

    capabilities = capabilities.CAPABILITIES
    connecting = XConnecting()

    def __init__(
        self,
        credentials: type_json,
        account_external_id: str,
        options: type_json,
        *,
        policy: http.Policy | None = None,
    ) -> None:
        self._credentials = credentials
        self._account = account_external_id
        self._options = options
        self._policy = policy

    @cached_property
    def _client(self) -> Client:
        """Made when the first call is: counting and judging need no credentials."""
        return Client(self._credentials, policy=self._policy)

    def identify(self) -> Identity:
        """The account that the credentials belong to, as X says."""
        body = parse.load(self._client.read("users/me", self._client.get_me, **queries.ME_FIELDS))
        try:
            author = parse.parse_author(body["data"])
        except parse.MALFORMED:
            raise TransientChannelError("X did not say whose keys these are.") from None
        return Identity(
            external_id=author.external_id or "",
            handle=author.handle,
            name=author.name,
            followers=author.followers,
            avatar_url=author.avatar_url,
        )

    def fetch(self, stream: StreamKind, *, mark: type_json, resume: type_json | None, options: type_json) -> FetchPage:
        """One page; `resume` and `mark` are those of `walk.Walk`."""
        walk = Walk.of(mark, resume, options)
        page, walk, gap = self._next_page(stream, walk, options)
        walk = walk.advance(page)
        closed = walk.token is None
        if stream is StreamKind.DIRECT_MESSAGES:
            page, closed, gap = _cut_at_floor(page, walk)
        elif closed and stream is StreamKind.MENTIONS and _may_have_missed(walk):
            walk, closed = walk.fill(self.identify().handle), False
            gap = f"More mentions than X keeps: reading those {walk.span()} through search."
        elif closed and stream is StreamKind.OWN_POSTS and walk.window_ended(queries.OWN_POSTS_WINDOW):
            gap = f"X no longer shows the account's own posts {walk.span()}."
        return replace(self._page(stream, page), resume=None if closed else walk.resume(), mark=walk.mark(), gap=gap)

    def lookup(self, external_ids: tuple[str, ...]) -> FetchPage:
        """The named posts (at most 100) as context, and which are gone."""
        page = parse.posts_page(
            self._client.read("tweets", self._client.get_tweets, list(external_ids), **queries.POST_FIELDS)
        )
        found = self._page(StreamKind.OWN_POSTS, page)
        posts = tuple(item for item in page.items if isinstance(item, InboundMessage))
        return replace(found, items=(), context=posts + found.context)

    def send(self, message: OutboundMessage) -> SendReceipt:
        """Post a reply, or send a direct message; see `Sender`."""
        return Sender(self._client).send(message)

    def sent_since(
        self,
        since: datetime,
        *,
        private_with: str | None,
        in_reply_to: str | None,  # noqa: ARG002 - the own timeline holds every reply
    ) -> FetchPage:
        """Our own posts, or direct messages to one person, at or after `since`; all pages of them."""
        walk = Walk.begin({}, {"since": since.isoformat()})
        pages = tuple(self._walk_all(walk, private_with))
        items = tuple(
            item
            for page in pages
            for item in page.items
            if not isinstance(item, InboundMessage)
            or (item.author.external_id == self._account and int(item.external_id) >= walk.floor)
        )
        return replace(self._page(StreamKind.OWN_POSTS, replace(pages[0], items=items)), context=())

    def delete(self, external_id: str) -> None:
        """Delete our own post; one that is gone already is done."""
        try:
            self._client.read("delete_tweet", self._client.delete_tweet, external_id)
        except PermanentChannelError as error:
            if error.code != "gone":
                raise

    def hide(self, external_id: str, *, hidden: bool) -> None:
        """Hide a reply under our own post, or show it again."""
        act = self._client.hide_reply if hidden else self._client.unhide_reply
        self._client.read("hide_reply", act, external_id)

    def like(self, external_id: str, *, liked: bool) -> None:
        """Like a post as the account, or take it back."""
        route = f"/2/users/{self._account}/likes"
        if liked:
            call = ("POST", route)
            self._client.read("likes", self._client.request, *call, json={"tweet_id": external_id})
        else:
            self._client.read("likes", self._client.request, "DELETE", f"{route}/{external_id}")

    def count(self, text: str, *, visibility: Visibility) -> int:
        return capabilities.length(text, visibility)

    def split(self, text: str) -> tuple[str, ...]:
        return capabilities.split(text)

    def price(self, message: OutboundMessage) -> Decimal | None:
        return prices.USD[prices.resource(message)]

    def answerable(self, facts: MessageFacts, *, now: datetime) -> Answerable:  # noqa: ARG002 - no deadlines on X
        return capabilities.answerable(facts, enterprise=bool(self._options.get("enterprise")))

    def refresh(self) -> type_json | None:
        """New OAuth 2 credentials when the old ones are about to expire; OAuth 1.0a keys never do."""
        return oauth.refresh_due(self._credentials, now=datetime.now(UTC), policy=self._policy)

    def _next_page(self, stream: StreamKind, walk: Walk, options: type_json) -> tuple[parse.Page, Walk, str]:
        """The next page of the walk, which may have to be put differently than last time.

        A token can expire between two polls, and search refuses a floor more than seven days old.
        """
        try:
            page = self._ask(stream, walk, options)
            walk.advance(page)
            return page, walk, ""
        except TransientChannelError as error:
            if error.code != REPEATED or stream is StreamKind.DIRECT_MESSAGES:
                raise
            walk = walk.below()
        except PermanentChannelError as error:
            if error.code != "bad_request":
                raise
            if walk.token:
                restart = replace(walk, token=None, oldest=None)
                walk = restart if stream is StreamKind.DIRECT_MESSAGES else walk.below()
            elif not walk.floor or not (walk.filling or stream is StreamKind.SEARCH):
                raise
            else:
                gap = f"X search reaches back seven days only: posts {walk.span()} may be missing."
                if walk.just_short_of(SEARCH_DAYS_S):
                    gap = ""  # the minutes between choosing "7 days" and the first reading
                walk = replace(walk, floor=0)
                return self._ask(stream, walk, options), walk, gap
        return self._ask(stream, walk, options), walk, ""

    def _ask(self, stream: StreamKind, walk: Walk, options: type_json) -> parse.Page:
        if walk.filling:
            return self._search(queries.naming(walk.filling), walk)
        if stream is StreamKind.MENTIONS:
            return self._timeline("mentions", self._client.get_users_mentions, walk)
        if stream is StreamKind.OWN_POSTS:
            return self._timeline("own_posts", self._client.get_users_tweets, walk)
        if stream is StreamKind.DIRECT_MESSAGES:
            return self._messages(walk, None)
        if stream is StreamKind.SEARCH:
            enterprise = bool(self._options.get("enterprise"))
            terms = [str(term) for term in options.get("terms", ())]
            return self._search(queries.brand_words(terms, account=self._account, enterprise=enterprise), walk)
        raise PermanentChannelError(f"X has no stream called {stream}.")

    def _timeline(self, endpoint: str, call: Callable[..., object], walk: Walk) -> parse.Page:
        return parse.posts_page(
            self._client.read(
                endpoint,
                call,  # type: ignore[arg-type]
                self._account,
                max_results=queries.PAGE_SIZE,
                pagination_token=walk.token,
                **walk.params(),
                **queries.POST_FIELDS,
            )
        )

    def _search(self, query: str, walk: Walk) -> parse.Page:
        return parse.posts_page(
            self._client.read(
                "search",
                self._client.search_recent_tweets,
                query,
                max_results=queries.PAGE_SIZE,
                next_token=walk.token,
                **walk.params(),
                **queries.POST_FIELDS,
            )
        )

    def _messages(self, walk: Walk, participant: str | None) -> parse.Page:
        return parse.dm_page(
            self._client.read(
                "dm_events",
                self._client.get_direct_message_events,
                participant_id=participant,
                max_results=queries.PAGE_SIZE,
                pagination_token=walk.token,
                **queries.DM_FIELDS,
            )
        )

    def _walk_all(self, walk: Walk, private_with: str | None) -> Iterator[parse.Page]:
        while True:
            if private_with:
                page = self._messages(walk, private_with)
            else:
                page = self._timeline("own_posts", self._client.get_users_tweets, walk)
            walk = walk.advance(page)
            yield page
            if walk.token is None or (page.oldest is not None and page.oldest <= walk.floor):
                return

    def _page(self, stream: StreamKind, page: parse.Page) -> FetchPage:
        return FetchPage(
            items=page.items,
            context=page.context,
            gone=page.gone,
            use=CallUse(calls=self._client.drain_calls(), resources=self._resources(stream, page)),
            windows=self._client.drain_windows(),
        )

    def _resources(self, stream: StreamKind, page: parse.Page) -> dict[str, int]:
        name = "post_read"
        if stream is StreamKind.DIRECT_MESSAGES:
            name = "dm_event"
        elif stream is StreamKind.MENTIONS and self._options.get("own_app"):
            name = "own_mention"
        used = {name: len(page.items)}
        used["post_read"] = used.get("post_read", 0) + page.posts
        return {name: count for name, count in used.items() if count}


def _may_have_missed(walk: Walk) -> bool:
    return walk.window_ended(queries.MENTIONS_WINDOW) or walk.interrupted()


def _cut_at_floor(page: parse.Page, walk: Walk) -> tuple[parse.Page, bool, str]:
    """Direct messages know no since_id: the walk ends where the floor appears."""
    items = tuple(
        item for item in page.items if not isinstance(item, InboundMessage) or int(item.external_id) > walk.floor
    )
    reached = page.oldest is not None and page.oldest <= walk.floor
    closed = reached or walk.token is None
    window_start = snowflake.from_time(datetime.now(UTC)) - (DM_DAYS_S * 1000 << snowflake.SHIFT)
    gap = ""
    if closed and not reached and 0 < walk.floor < window_start:
        gap = "X keeps direct messages for 30 days only: older ones may be missing."
    return replace(page, items=items), closed, gap
