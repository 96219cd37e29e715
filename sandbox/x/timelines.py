"""Mentions, own timeline and recent search."""

from datetime import UTC, datetime

from sandbox.ids import EPOCH_MS, first_of, time_of
from sandbox.model import Account, Post, X
from sandbox.numbers import is_number
from sandbox.writing import is_visible, lags
from sandbox.x import problems
from sandbox.x.endpoint import Ask
from sandbox.x.fields import wanted
from sandbox.x.paging import Bounds, Page, read_bounds, walk
from sandbox.x.query import parse_query
from sandbox.x.render import Renderer

# Source: docs.x.com/x-api/posts/timelines/introduction: the newest 800 mentions, the newest 3,200 own posts.
MENTIONS_WINDOW = 800
TIMELINE_WINDOW = 3200
# Source: docs.x.com/x-api/posts/search/introduction: recent search reaches back 7 days.
SEARCH_MS = 7 * 86_400_000
# Source: docs.x.com rate-limits (recent search: 512 characters of query).
QUERY_LENGTH = 512


def mentions(ask: Ask) -> dict:
    account = account_or_error(ask, ask.path["id"])
    bounds = read_bounds(ask.query, low=5, high=100, default=10)
    store = ask.world.store

    def shown(post: Post) -> bool:
        return post.author_id != account.id and can_see(ask, post)

    name = (X, account.handle.lower())
    page = walk(store.by_mention, name, store.by_key, bounds, shown, window=MENTIONS_WINDOW)
    return render(ask, page)


def own_timeline(ask: Ask) -> dict:
    account = account_or_error(ask, ask.path["id"])
    bounds = read_bounds(ask.query, low=5, high=100, default=10)
    without_replies = "replies" in ask.query.get("exclude", "").split(",")
    store = ask.world.store

    def shown(post: Post) -> bool:
        if without_replies and post.parent_id:
            return False
        return can_see(ask, post) and not lags(ask.world, post)

    page = walk(store.by_author, (X, account.id), store.by_key, bounds, shown, window=TIMELINE_WINDOW)
    return render(ask, page)


def search_recent(ask: Ask) -> dict:
    text = ask.query.get("query", "")
    if not text:
        raise problems.invalid("query", text, "The `query` query parameter can not be empty")
    if len(text) > QUERY_LENGTH:
        message = f"The `query` query parameter length [{len(text)}] is more than {QUERY_LENGTH}"
        raise problems.invalid("query", text, message)
    query = parse_query(text)
    bounds = read_bounds(ask.query, low=10, high=100, default=10)
    oldest = ask.world.clock.now_ms() - SEARCH_MS
    _refuse_too_old(ask, bounds, oldest)
    store = ask.world.store

    def shown(post: Post) -> bool:
        return post.created_ms >= oldest and can_see(ask, post) and query.matches(ask.world, post)

    index, name = query.narrowest(ask.world)
    return render(ask, walk(index, name, store.by_key, bounds, shown))


def _refuse_too_old(ask: Ask, bounds: Bounds, oldest: int) -> None:
    """Recent search answers 400 to a start that lies before its window."""
    if bounds.since > 0 and time_of(bounds.since) < oldest and bounds.since >= first_of(EPOCH_MS + 1):
        message = (
            f"'since_id' must be a tweet id created after {_minutes(oldest)}. "
            f"Please use a 'since_id' that is larger than {first_of(oldest)}"
        )
        raise problems.invalid("since_id", str(bounds.since), message)
    if bounds.start_ms and bounds.start_ms < oldest:
        value = ask.query["start_time"]
        message = f"Invalid 'start_time':'{value}'. 'start_time' must be on or after {_minutes(oldest)}"
        raise problems.invalid("start_time", value, message)


def _minutes(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).strftime("%Y-%m-%dT%H:%MZ")


def account_or_error(ask: Ask, account_id: str) -> Account:
    """Raises: 400 for an id that is none, 404-like 200 body for an unknown one, as X does."""
    if not is_number(account_id):
        message = f"The `id` query parameter value [{account_id}] is not valid"
        raise problems.invalid("id", account_id, message)
    account = ask.world.store.account(X, account_id)
    if account is None:
        raise problems.Refusal(200, {"errors": [problems.not_found("user", "id", account_id)]})
    return account


def can_see(ask: Ask, post: Post) -> bool:
    if not is_visible(ask.world, post):
        return False
    author = ask.world.store.account(X, post.author_id)
    return author is None or not author.protected or author is ask.caller.account


def render(ask: Ask, page: Page) -> dict:
    renderer = Renderer(ask.world, ask.caller, ask.base, wanted(ask.query))
    tweets = [renderer.tweet(post) for post in page.posts]
    body: dict = {"data": tweets} if tweets else {}
    body = renderer.finish(body)
    body["meta"] = page.meta()
    return body
