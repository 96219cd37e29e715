"""The stream of a page's feed: posts of the page and of visitors, and the comments under all of them.

Graph has no list of new comments. So a round goes over the newest posts, compares each one's number of comments and
time of change with what is known, looks at some of the older known posts in turn, and then reads the comments of
those that changed, newest first, one page of each post after the other: a busy post delays the others by one page,
and an old post that wakes up is found.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from channels.adapters import reading
from channels.adapters.facebook import fields, parse, progress
from channels.adapters.facebook.client import Graph
from channels.contracts import FetchPage, InboundMessage, type_json
from core.errors import PermanentChannelError

# Posts whose comments are watched, the most recently active ones; each costs a 50th of a call when its turn comes.
WATCHED_MAX = 500
Known = list[Any]  # [number of comments, updated_time, time of the newest comment read]


@dataclass(slots=True)
class Round:
    """Where a round stands; all of it is JSON, so that it can go on anywhere.

    Args:
        phase: feed, check, comments.
        floor / newest: of posts (ISO times).
        after: where the feed goes on.
        seen: digests of the pages of the feed so far.
        read: watched posts that this round has met, as they are now.
        checked: how many older posts were looked at in this round.
        todo: [post id, where its comments go on, floor, newest seen, digests of its pages] of changed posts.
    """

    floor: str
    newest: str
    phase: str = "feed"
    after: dict[str, str] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)
    checked: int = 0
    read: dict[str, Known] = field(default_factory=dict)
    todo: list[list[Any]] = field(default_factory=list)

    def as_json(self) -> type_json:
        return {name: getattr(self, name) for name in self.__slots__}


class Feed:
    """One step of a round over the feed of one page.

    The mark: {newest: time of the newest post, posts: id → Known, turn: how many older posts were looked at}.
    """

    def __init__(self, graph: Graph, page_id: str) -> None:
        self._graph = graph
        self._page = page_id

    def fetch(self, mark: type_json, resume: type_json | None, options: type_json) -> FetchPage:
        """One page of posts or comments.

        Raises: `TransientChannelError` and the other named errors; the round is where it was.
        """
        if resume:
            # A copy: the caller's record must not change when a later call of this step fails.
            state = Round(**copy.deepcopy(reading.known_fields(Round, resume)))
        else:
            floor = progress.floor_of(mark.get("newest"), options)
            state = Round(floor=floor.isoformat(), newest=mark.get("newest") or floor.isoformat())
        step = {"feed": self._feed, "check": self._check, "comments": self._comments}[state.phase]
        page = step(state, mark)
        if state.phase == "done":
            return replace(page, resume=None, mark=self._mark(state, mark))
        return replace(page, resume=state.as_json(), mark=mark)

    def _feed(self, state: Round, mark: type_json) -> FetchPage:
        page = self._page_of_feed(state)
        if not state.after:
            state.seen = []
        digest = progress.digest_of(item.external_id for item in page.items)
        seen = progress.go_on(digest, state.seen)
        floor = datetime.fromisoformat(state.floor)
        context = self._meet(page, state, mark)
        if page.newest:
            state.newest = max(state.newest, page.newest.isoformat())
        deep_enough = bool(mark.get("posts")) or len(state.read) >= WATCHED_MAX
        reached = page.oldest is not None and page.oldest < floor and deep_enough
        if page.next and not reached:
            state.after, state.seen = page.next, seen
        else:
            self._go_to_check(state, mark)
        items = tuple(item for item in page.items if not isinstance(item, InboundMessage) or item.posted_at >= floor)
        return FetchPage(items=items, context=tuple(item for item in context if item.posted_at < floor))

    def _page_of_feed(self, state: Round) -> parse.Page:
        def ask() -> parse.Page:
            body = self._graph.read(
                self._graph.get_connections,
                self._page,
                "feed",
                fields=fields.POST,
                limit=fields.FEED_LIMIT,
                **state.after,
            )
            return parse.posts_page(body, self._page)

        return progress.from_start_if_refused(ask, state.after)

    def _meet(self, page: parse.Page, state: Round, mark: type_json) -> list[InboundMessage]:
        """Note each post as it is now, and which have comments to read; those posts."""
        known: dict[str, Known] = mark.get("posts", {})
        changed = []
        for item, raw in zip(page.items, page.raw, strict=True):
            if not isinstance(item, InboundMessage) or item.external_id in state.read:
                continue
            count, updated = parse.comment_count(raw), str(raw.get("updated_time") or "")
            before = known.get(item.external_id)
            newest = before[2] if before else ""
            state.read[item.external_id] = [count, updated, newest]
            if self._has_new_comments(before, count, updated, state):
                floor = progress.floor_of(newest, {}) if newest else datetime.fromisoformat(state.floor)
                state.todo.append([item.external_id, {}, floor.isoformat(), newest, []])
                changed.append(item)
        return changed

    def _has_new_comments(self, before: Known | None, count: int | None, updated: str, state: Round) -> bool:
        if before:
            return [count, updated] != before[:2]
        return count != 0 and (not updated or reading.moment(updated) >= datetime.fromisoformat(state.floor))

    def _go_to_check(self, state: Round, mark: type_json) -> None:
        state.after, state.seen = {}, []
        state.phase = "check" if self._others(state, mark) else self._after_check(state)

    def _after_check(self, state: Round) -> str:
        return "comments" if state.todo else "done"

    def _others(self, state: Round, mark: type_json) -> list[str]:
        """Watched posts whose turn it is in this round, of those that the feed did not show."""
        others = sorted(set(mark.get("posts", {})) - set(state.read))
        if not others:
            return []
        start = mark.get("turn", 0) % len(others)
        return (others[start:] + others[:start])[: fields.IDS_MAX]

    def _check(self, state: Round, mark: type_json) -> FetchPage:
        others = self._others(state, mark)
        found, gone = objects(self._graph, others, fields.POST)
        state.checked = len(others)
        page = parse.posts_page({"data": found}, self._page)
        changed = self._meet(page, state, mark)
        for external_id in gone:
            # Met and not there: the mark forgets it.
            state.read[external_id] = [-1, "", ""]
        state.phase = self._after_check(state)
        return FetchPage(context=tuple(changed), gone=tuple(gone))

    def _comments(self, state: Round, mark: type_json) -> FetchPage:  # noqa: ARG002 - a step like the others
        post_id, after, floor, newest, seen = state.todo[0]
        try:
            page = self._page_of_comments(post_id, after)
        except PermanentChannelError as error:
            if error.code != "gone":
                raise
            state.todo.pop(0)
            state.read[post_id] = [-1, "", ""]
            state.phase = self._after_check(state)
            return FetchPage(gone=(post_id,))
        digest = progress.digest_of(item.external_id for item in page.items)
        seen = progress.go_on(digest, seen if after else [])
        if page.newest:
            newest = max(newest, page.newest.isoformat())
        reached = page.oldest is not None and page.oldest < datetime.fromisoformat(floor)
        state.todo.pop(0)
        if page.next and not reached:
            # To the end of the line: no post starves another.
            state.todo.append([post_id, page.next, floor, newest, seen])
        else:
            state.read[post_id][2] = newest
        state.phase = self._after_check(state)
        bound = datetime.fromisoformat(floor)
        return FetchPage(
            items=tuple(item for item in page.items if not isinstance(item, InboundMessage) or item.posted_at >= bound)
        )

    def _page_of_comments(self, post_id: str, after: dict[str, str]) -> parse.Page:
        return progress.from_start_if_refused(lambda: comments_of(self._graph, self._page, post_id, after), after)

    def _mark(self, state: Round, mark: type_json) -> type_json:
        known: dict[str, Known] = {**mark.get("posts", {}), **state.read}
        present = {post_id: each for post_id, each in known.items() if each[0] != -1}
        active = sorted(present, key=lambda post_id: max(present[post_id][1], present[post_id][2]), reverse=True)
        return {
            "newest": state.newest,
            "posts": {post_id: present[post_id] for post_id in active[:WATCHED_MAX]},
            "turn": (mark.get("turn", 0) + state.checked) % (WATCHED_MAX * fields.IDS_MAX),
        }


def comments_of(graph: Graph, page_id: str, post_id: str, after: dict[str, str]) -> parse.Page:
    """A page of all comments under a post, the newest first."""
    body = graph.read(
        graph.get_connections,
        post_id,
        "comments",
        fields=fields.COMMENT,
        filter="stream",
        order="reverse_chronological",
        limit=fields.COMMENT_LIMIT,
        **after,
    )
    return parse.comments_page(body, page_id, post_id)


def objects(graph: Graph, external_ids: list[str], asked: str) -> tuple[list[Any], list[str]]:
    """The named objects (at most 50 a call), and the ids of those that are gone.

    One object that is gone makes Graph refuse the whole call, so the list is halved until it is found.
    """
    if not external_ids:
        return [], []
    try:
        body = graph.read(graph.get_objects, external_ids, fields=asked)
    except PermanentChannelError as error:
        if error.code != "gone":
            raise
        if len(external_ids) == 1:
            return [], external_ids
        middle = len(external_ids) // 2
        first, first_gone = objects(graph, external_ids[:middle], asked)
        second, second_gone = objects(graph, external_ids[middle:], asked)
        return first + second, first_gone + second_gone
    return [body[each] for each in external_ids if each in body], [each for each in external_ids if each not in body]
