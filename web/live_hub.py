"""One Redis subscription per process, however many browsers listen: pings are handed to those who may hear them."""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Collection
from typing import Any

import redis.asyncio
import structlog
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connections
from redis.exceptions import RedisError

from core.live import CHANNEL_PREFIX
from web import live_rights

log = structlog.get_logger(__name__)

HEARTBEAT_S = 15.0
LOOK_S = 4.0  # a disabled person's stream ends within 5 s
FULL = 200  # pings that a slow browser may be behind; then it is told to look at everything again
# What was said between the drawing of a page and the opening of its stream is said again, from this much that is kept.
KEPT_S, KEPT = 30.0, 2_000
FIRST_WAIT_S, LONGEST_WAIT_S = 0.2, 5.0
AGAIN = b'event: ping\ndata: {"topic":"*"}\n\n'
OVER = b"event: over\ndata: {}\n\n"


class Listener:
    """One open stream. `since`: the wall clock before its page was drawn, seconds; None = it knows nothing older."""

    def __init__(self, session_key: str, user_id: int, topics: Collection[str], *, since: float | None = None) -> None:
        self.since = since
        self.session_key = session_key
        self.user_id = user_id
        self.topics = frozenset(topics)
        self.queue: asyncio.Queue[bytes | None] = asyncio.Queue(FULL)

    def put(self, data: bytes | None) -> None:
        """Hand something over, None to end; a browser that is too far behind loses pings, never truth."""
        if self.queue.full():
            while not self.queue.empty():
                self.queue.get_nowait()
            self.queue.put_nowait(AGAIN)
        self.queue.put_nowait(data)

    async def some(self) -> list[bytes | None]:
        """Wait for something, then take all that is there; nothing comes after an end."""
        found = [await self.queue.get()]
        while found[-1] is not None and not self.queue.empty():
            found.append(self.queue.get_nowait())
        return found


class Hub:
    """All open streams of this process. Bound to the event loop that uses it."""

    def __init__(self) -> None:
        self._by_topic: dict[str, set[Listener]] = defaultdict(set)
        self._listeners: set[Listener] = set()
        self._tasks: list[asyncio.Task[None]] = []
        self._look_now = asyncio.Event()
        self._said: deque[tuple[float, str, bytes]] = deque(maxlen=KEPT)
        self._hears_since = float("inf")

    @property
    def size(self) -> int:
        """How many streams are open."""
        return len(self._listeners)

    @property
    def topics(self) -> int:
        """How many topics somebody listens to."""
        return len(self._by_topic)

    def join(self, listener: Listener) -> None:
        """From now on the listener hears its topics; the first one opens the subscription."""
        self._listeners.add(listener)
        for topic in listener.topics:
            self._by_topic[topic].add(listener)
        self._say_again(listener)
        if not self._tasks or any(task.done() for task in self._tasks):
            self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._look())]

    def leave(self, listener: Listener) -> None:
        """Nothing of a browser that has gone stays behind; a while after the last one the subscription ends."""
        self._listeners.discard(listener)
        self._unhear(listener, listener.topics)
        if not self._listeners:  # the next page is being drawn, perhaps
            asyncio.get_running_loop().call_later(KEPT_S, self._end_if_alone)

    def _end_if_alone(self) -> None:
        if self._listeners:
            return
        for task in self._tasks:
            task.cancel()
        self._tasks = []
        self._said.clear()
        self._hears_since = float("inf")

    def _say_again(self, listener: Listener) -> None:
        """What its page was drawn too early for; where that is not known any more, all of it."""
        if listener.since is None or self._hears_since == float("inf"):
            return  # nothing is heard yet: the first who listen look again as soon as something is
        full = len(self._said) == KEPT and self._said[0][0] > listener.since
        if full or listener.since < max(self._hears_since, time.time() - KEPT_S):
            listener.put(AGAIN)
            return
        for at, topic, data in self._said:
            if at >= listener.since and topic in listener.topics:
                listener.put(data)

    def _unhear(self, listener: Listener, topics: Collection[str]) -> None:
        for topic in topics:
            self._by_topic[topic].discard(listener)
            if not self._by_topic[topic]:
                del self._by_topic[topic]

    async def _listen(self) -> None:
        """Hear Redis for ever; while it is away browsers poll."""
        wait, first = FIRST_WAIT_S, True
        while True:
            client = redis.asyncio.Redis.from_url(
                settings.REDIS_URL, socket_connect_timeout=2, socket_keepalive=True, health_check_interval=10
            )
            try:
                async with client.pubsub(ignore_subscribe_messages=True) as subscription:
                    await subscription.psubscribe(f"{CHANNEL_PREFIX}*")
                    self._hears_since = time.time()
                    self._said.clear()
                    self._tell_all(AGAIN, drawn_only=first)  # what was said meanwhile is lost
                    wait = FIRST_WAIT_S
                    await self._hear(subscription)
            except (RedisError, OSError):
                log.warning("live.subscription_lost", streams=self.size)
            finally:
                await client.aclose()
            first = False
            await asyncio.sleep(wait * random.uniform(0.5, 1))  # noqa: S311 - spreads reconnects, hides nothing
            wait = min(wait * 2, LONGEST_WAIT_S)

    async def _hear(self, subscription: redis.asyncio.client.PubSub) -> None:
        while True:
            # The time limit lets the health check be asked on a quiet day.
            message = await subscription.get_message(timeout=HEARTBEAT_S)
            if message is not None:
                self._hand_out(message)

    def _hand_out(self, message: dict[str, Any]) -> None:
        topic = message["channel"].decode().removeprefix(CHANNEL_PREFIX)
        data = b"event: ping\ndata: " + message["data"] + b"\n\n"
        self._said.append((time.time(), topic, data))
        for listener in self._by_topic.get(topic, ()):
            listener.put(data)
        if b'"session.ended"' in message["data"]:
            self._look_now.set()

    def _tell_all(self, data: bytes, *, drawn_only: bool) -> None:
        """`drawn_only`: those who show what may be old."""
        for listener in self._listeners:
            if not drawn_only or listener.since is not None:
                listener.put(data)

    async def _look(self) -> None:
        """End the streams of sessions that are over and narrow those of people who lost rights, all in two queries."""
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._look_now.wait(), LOOK_S)
            self._look_now.clear()
            listeners = list(self._listeners)
            try:
                alive, topics = await sync_to_async(_still, thread_sensitive=False)(
                    {listener.session_key for listener in listeners}, {listener.user_id for listener in listeners}
                )
            except (DatabaseError, InterfaceError):
                log.warning("live.not_checked", streams=self.size)
                continue
            for listener in listeners:
                if listener.session_key in alive:
                    self._narrow(listener, topics[listener.user_id])
                else:
                    listener.put(None)

    def _narrow(self, listener: Listener, allowed: set[str]) -> None:
        """Topics of one conversation stay: they carry ids only, and every fetch is authorised."""
        lost = {
            topic
            for topic in listener.topics - allowed
            if not topic.startswith(live_rights.OF_ONE_CONVERSATION) and listener in self._listeners
        }
        if lost:
            self._unhear(listener, lost)
            listener.topics -= lost
            listener.put(AGAIN)


def _still(keys: Collection[str], user_ids: Collection[int]) -> tuple[set[str], dict[int, set[str]]]:
    try:
        return live_rights.still(keys, user_ids)
    finally:
        connections.close_all()


hub = Hub()


async def pings(listener: Listener) -> AsyncIterator[bytes]:
    """What one browser hears: pings, and a comment every 15 s so that both sides notice who has gone."""
    hub.join(listener)
    try:
        yield b"retry: %d\n\n" % random.randint(1500, 4500)  # noqa: S311 - browsers should not all come back at once
        beat = time.monotonic() + HEARTBEAT_S
        while True:
            try:
                # Not wait_for: until Python 3.12 it swallows a cancellation that meets a ping, and the stream of a
                # browser that has gone would stay for ever.
                async with asyncio.timeout(max(beat - time.monotonic(), 0.01)):
                    found = await listener.some()
            except TimeoutError:
                yield b": here\n\n"
                beat = time.monotonic() + HEARTBEAT_S
                continue
            if found[-1] is None:
                yield OVER
                return
            yield b"".join(filter(None, found))
    finally:
        hub.leave(listener)
