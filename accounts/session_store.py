"""Sessions in PostgreSQL that know whose they are: `SESSION_ENGINE`.

A session ends when it is idle for too long, when it is too old however busy, or when its row is removed: the next
request with it is then a stranger's. Source: reliability.md §3 row 53.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from accounts.models import Device, Session
from core.fixed import Slot, fixed

SIGNED_IN_AT = "signed_in_at"
AGENT = "agent"


def over(row: Session) -> bool:
    """Whether a signed-in session has been idle or alive for too long; expiry by date is the query's business."""
    if row.user_id is None:
        return False
    now = timezone.now()
    started = row.signed_in_at or now
    return now - row.seen_at > timedelta(seconds=settings.SESSION_IDLE_S) or now - started > timedelta(
        seconds=settings.SESSION_COOKIE_AGE
    )


@fixed(key="text", now="timestamptz")
def _alive(key: Slot, now: Slot) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=now)


class SessionStore(DatabaseStore):
    """Django's database store with the row's columns filled; `row` is what was loaded, or None."""

    row: Session | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row = cast(Session, super().create_model_instance(data))
        row.user_id = int(data["_auth_user_id"]) if "_auth_user_id" in data else None
        row.agent = str(data.get(AGENT, ""))[:200]
        row.signed_in_at = parse_datetime(data.get(SIGNED_IN_AT, ""))
        row.seen_at = timezone.now()
        return row

    def delete(self, session_key: str | None = None) -> None:
        """As Django's. A session that goes on under another key takes its devices along; else they end with it."""
        if session_key and self.session_key and session_key != self.session_key:
            Device.objects.filter(session=session_key).update(session=self.session_key)
        super().delete(session_key)

    def _get_session_from_db(self) -> Session | None:
        row = _alive.first(key=self.session_key or "", now=timezone.now())
        if row is None:
            self._session_key = None
        return self._unless_over(row)

    async def _aget_session_from_db(self) -> Session | None:
        return self._unless_over(await super()._aget_session_from_db())  # type: ignore[misc]

    def _unless_over(self, row: Session | None) -> Session | None:
        if row is not None and over(row):
            self._session_key = None
            row = None
        self.row = row
        return row
