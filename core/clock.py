"""The one clock for leases, holds and settling: the database's (reliability.md §2.1 rule 3)."""

from __future__ import annotations

from datetime import datetime

from django.db import connection


def database_now() -> datetime:
    """The instant of the statement by the database's clock, aware UTC; it goes on inside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now
