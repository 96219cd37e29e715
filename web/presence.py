"""Who looks at a conversation and who writes in it. Kept in Redis for half a minute; Redis away = nothing is shown."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import redis
import structlog
from django.utils.translation import gettext as _

from accounts.models import User
from core import live
from inbox.models.conversation import Conversation
from inbox.services.events import lane_topic

log = structlog.get_logger(__name__)

LOOKING, REPLYING, NOTING, GONE = "looking", "replying", "noting", ""
DOINGS = (LOOKING, REPLYING, NOTING, GONE)
MOST_NAMES = 3
STALE_S = 30  # browsers say it again every 12 s


@dataclass(frozen=True, slots=True)
class Here:
    """Somebody who has the conversation open."""

    user_id: int
    name: str
    doing: str

    @property
    def words(self) -> str:
        return {REPLYING: _("is replying"), NOTING: _("is writing a note")}.get(self.doing, "")


def _key(conversation_id: int) -> str:
    return f"here:{conversation_id}"


def say(conversation: Conversation, user: User, doing: str) -> None:
    """Note what somebody does here, and tell the others when that is new. No table is written."""
    key, field = _key(conversation.pk), str(user.pk)
    entry = orjson.dumps({"name": user.short_name, "doing": doing, "at": time.time()})
    try:
        pipe = live.client().pipeline(transaction=False)
        pipe.hget(key, field)
        if doing:
            pipe.hset(key, mapping={field: entry})
            pipe.expire(key, STALE_S)
        else:
            pipe.hdel(key, field)
        before = _read(field, pipe.execute()[0])
    except redis.RedisError:
        log.warning("presence.away")
        return
    if (before.doing if before else GONE) != doing:
        ping = {"presence": [conversation.pk]}
        lane = lane_topic(conversation.queue_id, conversation.brand_id)
        live.publish({lane: ping, f"presence:{conversation.pk}": ping})


def here(conversation_ids: Sequence[int], *, but: User) -> dict[int, list[Here]]:
    """Who else is at each of these conversations; one round trip."""
    try:
        pipe = live.client().pipeline(transaction=False)
        for pk in conversation_ids:
            pipe.hgetall(_key(pk))
        answers = pipe.execute() if conversation_ids else []
    except redis.RedisError:
        log.warning("presence.away")
        return {}
    return {pk: _others(found.items(), but) for pk, found in zip(conversation_ids, answers, strict=True) if found}


def _others(entries: Iterable[tuple[bytes, bytes]], but: User) -> list[Here]:
    found = [_read(field.decode(), entry) for field, entry in entries]
    return sorted((one for one in found if one and one.user_id != but.pk), key=lambda one: one.name)


def _read(field: str, entry: bytes | None) -> Here | None:
    """What Redis holds; nothing where it is old or not ours."""
    try:
        data: dict[str, Any] = orjson.loads(entry or b"{}")
        if time.time() - float(data["at"]) > STALE_S:
            return None
        return Here(int(field), str(data["name"]), str(data["doing"]))
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
        return None


def lookers(found: Iterable[Here]) -> str:
    """The names for the row: who has it open and writes no answer; three at most."""
    return ", ".join([one.name for one in found if one.doing != REPLYING][:MOST_NAMES])


def first_replying(found: Iterable[Here]) -> str:
    """The name for the row: who is replying, or nobody."""
    return next((one.name for one in found if one.doing == REPLYING), "")
