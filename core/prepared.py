"""Statements that PostgreSQL plans once per connection and not at every page: psycopg2 prepares none by itself.

Only for what is best planned the same way whatever the values are: look-ups by key. It needs connections that stay
with one session, as the advisory locks of sending do (docs/deploy.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

_known: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()


class Prepared:
    """One statement.

    Args:
        name: unique in the product.
        types: of the parameters $1, $2 … of `sql`.
    """

    def __init__(self, name: str, types: Sequence[str], sql: str) -> None:
        self._name = name
        taken, given = (f"({', '.join(each)})" if each else "" for each in (types, ["%s"] * len(types)))
        self._prepare = f"PREPARE {name} {taken} AS {sql}"
        self._execute = f"EXECUTE {name} {given}"

    def execute(self, cursor: Any, values: Sequence[Any]) -> None:
        """Run it; planned at the first use of a connection."""
        session = cursor.connection
        names = _known.setdefault(session, set())
        if self._name not in names:
            cursor.cursor.execute(self._prepare)  # below Django's wrapper: nobody counts it as a question
            names.add(self._name)
        cursor.execute(self._execute, values)
