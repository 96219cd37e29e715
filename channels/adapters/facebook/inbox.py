"""The stream of a page's private messages: exchanges by their last change, and the messages within.

While the list is walked, an exchange can jump to its top and be missed further down. So a walk of more than one
page is followed by another lap from the top to where the lap before began, until a lap fits on one page; messages
are read down to the same floor in every lap.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from channels.adapters import reading
from channels.adapters.facebook import fields, parse, progress
from channels.adapters.facebook.client import Graph
from channels.contracts import FetchPage, InboundMessage, Unreadable, type_json
from core.errors import TransientChannelError


@dataclass(slots=True)
class Laps:
    """Where a walk stands; all of it is JSON.

    Args:
        floor: messages below are known; list_floor: exchanges that changed before are done with in this lap.
        newest: the latest change seen in the walk; top: the latest change seen in this lap.
        pages: pages of the list in this lap.
        todo: [exchange, where its messages go on, digests of its pages].
    """

    floor: str
    list_floor: str
    newest: str
    top: str = ""
    pages: int = 0
    after: dict[str, str] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)
    listed: bool = False
    todo: list[list[Any]] = field(default_factory=list)

    def as_json(self) -> type_json:
        return {name: getattr(self, name) for name in self.__slots__}


class Inbox:
    """One step of a walk over the private messages of one page. The mark: {newest: time of the last change}."""

    def __init__(self, graph: Graph, page_id: str) -> None:
        self._graph = graph
        self._page = page_id

    def fetch(self, mark: type_json, resume: type_json | None, options: type_json) -> FetchPage:
        """One page of exchanges with their newest messages, or one page of older messages of an exchange."""
        if resume:
            # A copy: the caller's record must not change when a later call of this step fails.
            state = Laps(**copy.deepcopy(reading.known_fields(Laps, resume)))
        else:
            floor = progress.floor_of(mark.get("newest"), options).isoformat()
            state = Laps(floor=floor, list_floor=floor, newest=mark.get("newest") or floor)
        items = self._rest_of_one(state) if state.listed else self._list(state)
        if state.listed and not state.todo and state.pages > 1:
            state = Laps(floor=state.floor, list_floor=state.top, newest=state.newest)
        closed = state.listed and not state.todo
        return FetchPage(
            items=items,
            resume=None if closed else state.as_json(),
            mark={"newest": state.newest} if closed else mark,
        )

    def _list(self, state: Laps) -> tuple[InboundMessage | Unreadable, ...]:
        body = self._ask_list(state)
        exchanges = parse.edge_items(body)
        digest = progress.digest_of(str(each.get("id")) for each in reading.objects(exchanges))
        seen = progress.go_on(digest, state.seen)
        items: list[InboundMessage | Unreadable] = []
        changes = [self._take(exchange, state, items) for exchange in exchanges]
        latest = max(changes, default=state.list_floor)
        state.newest, state.pages = max(state.newest, latest), state.pages + 1
        state.top = max(state.top, latest)
        place = parse.next_place(body)
        state.listed = place is None or min(changes, default="") < state.list_floor
        state.after, state.seen = ({}, []) if state.listed else (place or {}, seen)
        return tuple(items)

    def _ask_list(self, state: Laps) -> Any:
        ask = {"fields": fields.CONVERSATION, "limit": fields.CONVERSATION_LIMIT}
        call = self._graph.get_connections
        body = progress.from_start_if_refused(
            lambda: self._graph.read(call, self._page, "conversations", **ask, **state.after), state.after
        )
        if not state.after:
            state.seen = []
        return body

    def _take(self, exchange: Any, state: Laps, items: list[InboundMessage | Unreadable]) -> str:
        """Take up the messages that came with one exchange; when it changed (ISO, UTC)."""
        try:
            exchange_id = reading.text(exchange["id"])
            changed = reading.moment(exchange["updated_time"]).isoformat()
            nested = exchange.get("messages")
            page = parse.messages_page(nested, self._page, exchange_id) if nested else parse.Page(())
        except (*reading.MALFORMED, TransientChannelError) as error:
            items.append(Unreadable(reason=f"{type(error).__name__}"[:200], raw=reading.raw_bytes(exchange)))
            return state.list_floor
        if changed >= state.list_floor:
            items += above(page, state.floor)
            if page.next and not reached(page, state.floor):
                state.todo.append([exchange_id, page.next, []])
        return changed

    def _rest_of_one(self, state: Laps) -> tuple[InboundMessage | Unreadable, ...]:
        exchange_id, after, seen = state.todo[0]
        page = self._messages(exchange_id, after)
        digest = progress.digest_of(item.external_id for item in page.items)
        seen = progress.go_on(digest, seen if after else [])
        state.todo.pop(0)
        if page.next and not reached(page, state.floor):
            state.todo.append([exchange_id, page.next, seen])
        return tuple(above(page, state.floor))

    def _messages(self, exchange_id: str, after: dict[str, str]) -> parse.Page:
        """A page of one exchange, the newest message first; an unknown place in `after` is emptied."""
        ask = {"fields": fields.MESSAGE, "limit": fields.MESSAGE_LIMIT}
        call = self._graph.get_connections
        body = progress.from_start_if_refused(
            lambda: self._graph.read(call, exchange_id, "messages", **ask, **after), after
        )
        return parse.messages_page(body, self._page, exchange_id)


def above(page: parse.Page, floor: str) -> list[InboundMessage | Unreadable]:
    """The items that are not below the floor."""
    bound = datetime.fromisoformat(floor)
    return [item for item in page.items if not isinstance(item, InboundMessage) or item.posted_at >= bound]


def reached(page: parse.Page, floor: str) -> bool:
    """Whether the page goes below the floor."""
    return page.oldest is not None and page.oldest < datetime.fromisoformat(floor)


def between(page: FetchPage, people: set[str]) -> FetchPage:
    """Only the messages whose two sides are these."""
    kept = tuple(
        item
        for item in page.items
        if isinstance(item, InboundMessage)
        and {item.author.external_id, item.recipient.external_id if item.recipient else None} == people
    )
    return replace(page, items=kept)
