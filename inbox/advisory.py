"""Proof of life of a sender: an advisory lock on a database session of its own (reliability.md §2.2).

PostgreSQL gives the lock back the moment the session ends, however the process died; a process that is merely
paused keeps it. A lease in time can do neither. The session must be a direct one: through a pooler that shares
sessions between transactions the lock would belong to somebody else.
"""

from __future__ import annotations

from contextlib import suppress
from types import TracebackType
from typing import Any, Self

import psycopg2
from django.db import connections

# Upper 16 bits of the lock's key: no other use of advisory locks meets ours.
NAMESPACE = 0x5C << 48
# Notice within a minute that the machine of a sender is gone.
KEEPALIVE = "SET tcp_keepalives_idle = 20; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 4"


class SenderSession:
    """A dedicated session that holds at most a few locks. Its loss is the loss of all of them."""

    def __init__(self) -> None:
        wrapper = connections["default"].copy()
        self._connection = wrapper.get_new_connection(wrapper.get_connection_params())
        self._connection.autocommit = True
        self.ask(KEEPALIVE)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the session and with it all its locks."""
        self._connection.close()

    def try_take(self, delivery_id: int) -> bool:
        """Whether nobody else is alive who sends or settles this delivery; from now on it is us."""
        row = self.ask("SELECT pg_try_advisory_lock(%s)", [NAMESPACE | delivery_id])
        return bool(row and row[0])

    def give_back(self, delivery_id: int) -> None:
        """End what `try_take` began. A session that broke has given it back already."""
        with suppress(psycopg2.Error):
            self.ask("SELECT pg_advisory_unlock(%s)", [NAMESPACE | delivery_id])

    def ask(self, sql: str, params: list[Any] | dict[str, Any] | None = None) -> tuple[Any, ...] | None:
        """One row by this very session; whoever gets an answer still holds its locks.

        Raises: psycopg2.Error when the session is gone.
        """
        with self._connection.cursor() as cursor:
            cursor.execute(sql, params)
            return cursor.fetchone() if cursor.description else None
