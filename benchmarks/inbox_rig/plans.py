"""What a page asks of the database, and whether any of it would grow with what is stored."""

import json
from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User

MANY = 1_000


def queries_of(person: User, path: str) -> list[str]:
    """The statements of one page, as they were sent."""
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(person)
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        answer = client.get(path)
    if answer.status_code != 200:
        raise SystemExit(f"{path}: {answer.status_code}")
    return [query["sql"] for query in captured.captured_queries]


def wide_nodes(statements: list[str]) -> list[str]:
    """Plan nodes that read, throw away or sort more than 1,000 rows."""
    found = []
    with connection.cursor() as cursor:
        for sql in statements:
            if sql.lstrip().upper().startswith(("SELECT", "WITH", "EXECUTE")):
                cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}")
                plan = cursor.fetchone()[0]
                plan = json.loads(plan) if isinstance(plan, str) else plan
                found += [_told(node) for node in _nodes(plan[0]["Plan"]) if _rows(node) > MANY]
    return found


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", ()):
        yield from _nodes(child)


def _rows(node: dict[str, Any]) -> float:
    return node["Actual Rows"] * node["Actual Loops"] + node.get("Rows Removed by Filter", 0) * node["Actual Loops"]


def _told(node: dict[str, Any]) -> str:
    where = node.get("Index Name") or node.get("Relation Name") or ""
    return f"{node['Node Type']} {where} {_rows(node):,.0f} rows".replace("  ", " ")
