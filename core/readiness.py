"""What this process needs in order to serve: its database with all migrations, and the broker."""

from __future__ import annotations

from functools import cache

import redis
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor

from core import live

OK = "ok"


def database() -> str:
    """`ok`, or the kind of trouble; never the address, which has a password in it."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error as error:
        return type(error).__name__
    return OK


def broker() -> str:
    """`ok`, or the kind of trouble with Redis."""
    try:
        live.client().ping()
    except redis.RedisError as error:
        return type(error).__name__
    return OK


def migrations() -> str:
    """`ok`, or how many migrations of this version are not applied yet; asked until the first yes."""
    if _are_applied.cache_info().currsize:
        return OK
    try:
        missing = _missing()
    except Error as error:
        return type(error).__name__
    if missing:
        return f"{missing} not applied"
    _are_applied()
    return OK


@cache
def _are_applied() -> bool:
    """Remember the yes: a process never sees its own migrations taken back."""
    return True


def _missing() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
