"""Pages of an edge: limits and cursors."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from sandbox.clock import parse_time
from sandbox.graph import errors
from sandbox.model import Post
from sandbox.numbers import is_number

DEFAULT_LIMIT = 25
# Source: developers.facebook.com/docs/graph-api/results: an edge gives at most 100 objects a page (feed).
MAX_LIMIT = 100


@dataclass(frozen=True, slots=True)
class Slice:
    """The asked part of an edge: how many, after or before which cursor, in which span of time (ms)."""

    limit: int = DEFAULT_LIMIT
    after: str = ""
    before: str = ""
    since_ms: int = 0
    until_ms: int = 1 << 62

    @classmethod
    def read(cls, arguments: dict[str, str]) -> "Slice":
        """Raises: code 100 for a limit or a time that is none."""
        limit = arguments.get("limit", str(DEFAULT_LIMIT))
        if not is_number(limit):
            raise errors.bad_parameter("param limit must be an integer")
        return cls(
            min(int(limit), MAX_LIMIT),
            arguments.get("after", ""),
            arguments.get("before", ""),
            _moment(arguments, "since", 0),
            _moment(arguments, "until", 1 << 62),
        )


def _moment(arguments: dict[str, str], name: str, default: int) -> int:
    value = arguments.get(name)
    if not value:
        return default
    try:
        return int(value) * 1000 if is_number(value) else parse_time(value)
    except ValueError as error:
        raise errors.bad_parameter(f"param {name} must be a valid time") from error


def cursor(post: Post) -> str:
    return base64.urlsafe_b64encode(str(post.key).encode()).decode().rstrip("=")


def key_of(text: str) -> int:
    """Raises: code 100 for a cursor that this sandbox did not make."""
    try:
        return int(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode())
    except ValueError as error:
        raise errors.bad_parameter("Invalid cursors values") from error


@dataclass(frozen=True, slots=True)
class Part:
    """One page of posts with what its paging needs."""

    posts: list[Post]
    has_next: bool
    has_previous: bool


def cut(posts: Sequence[Post], part: Slice) -> Part:
    """The asked page of posts that stand in the order of the edge.

    A cursor is found by its place, so a post that has gone since leaves the place of the next one.
    """
    posts = [post for post in posts if part.since_ms <= post.created_ms < part.until_ms]
    if not posts:
        return Part([], has_next=False, has_previous=False)
    falling = posts[0].key > posts[-1].key
    start, end = 0, len(posts)
    if part.after:
        start = _place(posts, key_of(part.after), falling=falling, past=True)
    if part.before:
        end = _place(posts, key_of(part.before), falling=falling, past=False)
        start = max(start, end - part.limit)
    page = posts[start : min(end, start + part.limit)]
    return Part(page, has_next=start + len(page) < len(posts), has_previous=start > 0)


def _place(posts: Sequence[Post], key: int, *, falling: bool, past: bool) -> int:
    for at, post in enumerate(posts):
        beyond = post.key < key if falling else post.key > key
        if beyond or (post.key == key and not past):
            return at
    return len(posts)


def paging(part: Part, address: str, arguments: dict[str, str]) -> dict:
    """The `paging` object; links carry the token, as Graph's do."""
    if not part.posts:
        return {}
    first, last = cursor(part.posts[0]), cursor(part.posts[-1])
    body: dict = {"cursors": {"before": first, "after": last}}
    rest = {name: value for name, value in arguments.items() if name not in ("after", "before")}
    if part.has_next:
        body["next"] = f"{address}?{urlencode({**rest, 'after': last})}"
    if part.has_previous:
        body["previous"] = f"{address}?{urlencode({**rest, 'before': first})}"
    return body
