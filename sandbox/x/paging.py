"""Walking a list from the newest down: bounds, windows and opaque page tokens."""

import base64
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from sandbox.clock import parse_time
from sandbox.ids import MAX_ID
from sandbox.index import Index
from sandbox.model import Post
from sandbox.numbers import is_number
from sandbox.x import problems


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a client asked for: ids after `since` and before `until`, times from `start` to before `end`."""

    limit: int
    since: int = -1
    until: int = MAX_ID
    start_ms: int = 0
    end_ms: int = MAX_ID
    # Keys below this one (next pages), or above the other (previous pages).
    below: int | None = None
    above: int | None = None

    def holds(self, post: Post) -> bool:
        return self.since < post.key < self.until and self.start_ms <= post.created_ms < self.end_ms


@dataclass(frozen=True, slots=True)
class Page:
    posts: list[Post]
    next_token: str | None
    previous_token: str | None

    def meta(self) -> dict:
        meta: dict = {"result_count": len(self.posts)}
        if self.posts:
            meta["newest_id"] = self.posts[0].id
            meta["oldest_id"] = self.posts[-1].id
        if self.next_token:
            meta["next_token"] = self.next_token
        if self.previous_token:
            meta["previous_token"] = self.previous_token
        return meta


def read_bounds(query: dict[str, str], *, low: int, high: int, default: int) -> Bounds:
    """Raises: 400 naming the parameter that is out of its bounds or cannot be read."""
    token = query.get("pagination_token") or query.get("next_token")
    below, above = (None, None) if token is None else read_token(token, query)
    return Bounds(
        limit=whole_number(query, "max_results", low, high, default),
        since=post_id(query, "since_id", -1),
        until=post_id(query, "until_id", MAX_ID),
        start_ms=moment(query, "start_time", 0),
        end_ms=moment(query, "end_time", MAX_ID),
        below=below,
        above=above,
    )


def whole_number(query: dict[str, str], name: str, low: int, high: int, default: int) -> int:
    value = query.get(name)
    if value is None:
        return default
    if not is_number(value) or not low <= int(value) <= high:
        message = f"The `{name}` query parameter value [{value}] is not between {low} and {high}"
        raise problems.invalid(name, value, message)
    return int(value)


def post_id(query: dict[str, str], name: str, default: int) -> int:
    value = query.get(name)
    if value is None:
        return default
    if not is_number(value):
        raise problems.invalid(name, value, f"The `{name}` query parameter value [{value}] is not valid")
    return int(value)


def moment(query: dict[str, str], name: str, default: int) -> int:
    value = query.get(name)
    if value is None:
        return default
    try:
        return parse_time(value)
    except ValueError as error:
        message = f"The `{name}` query parameter value [{value}] is not a valid ISO8601/RFC3339 date time"
        raise problems.invalid(name, value, message) from error


def make_token(direction: str, key: int) -> str:
    return base64.b32hexencode(f"{direction}{key:019d}".encode()).decode().rstrip("=").lower()


def read_token(token: str, query: dict[str, str]) -> tuple[int | None, int | None]:
    """Raises: 400 for a token that this sandbox did not make."""
    try:
        padded = token.upper() + "=" * (-len(token) % 8)
        text = base64.b32hexdecode(padded).decode()
        direction, key = text[0], int(text[1:])
    except (ValueError, IndexError) as error:
        name = "next_token" if "next_token" in query else "pagination_token"
        raise problems.invalid(name, token, f"The `{name}` query parameter value [{token}] is not valid") from error
    return (key, None) if direction == "n" else (None, key)


def walk(
    index: Index,
    name: object,
    by_key: dict[int, Post],
    bounds: Bounds,
    shown: Callable[[Post], bool],
    *,
    window: int | None = None,
) -> Page:
    """One page of the posts under a name, newest first; of the newest `window` ones only.

    `shown` says what stands there for this caller at all; the bounds then choose among them.
    """
    start = None if window is not None else min(bounds.until, bounds.below or MAX_ID)
    chosen = _chosen(index.newest(name, below=start), by_key, bounds, shown, window)
    if bounds.above is not None:
        return _previous_page(list(chosen), bounds)
    return _next_page(chosen, bounds)


def _chosen(
    keys: Iterable[int],
    by_key: dict[int, Post],
    bounds: Bounds,
    shown: Callable[[Post], bool],
    window: int | None,
) -> Iterator[Post]:
    count = 0
    for key in keys:
        if key <= bounds.since:
            return
        post = by_key[key]
        if not shown(post):
            continue
        if bounds.holds(post):
            yield post
        count += 1
        if count == window:
            return


def _next_page(posts: Iterable[Post], bounds: Bounds) -> Page:
    page: list[Post] = []
    for post in posts:
        if bounds.below is not None and post.key >= bounds.below:
            continue
        if len(page) == bounds.limit:
            return Page(page, make_token("n", page[-1].key), _back(page, bounds))
        page.append(post)
    return Page(page, None, _back(page, bounds))


def _back(page: list[Post], bounds: Bounds) -> str | None:
    if bounds.below is None or not page:
        return None
    return make_token("p", page[0].key)


def _previous_page(posts: list[Post], bounds: Bounds) -> Page:
    newer = [post for post in posts if bounds.above is not None and post.key > bounds.above]
    page = newer[-bounds.limit :]
    back = make_token("p", page[0].key) if len(newer) > len(page) else None
    return Page(page, make_token("n", page[-1].key) if page else None, back)
