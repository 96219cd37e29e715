"""Payloads that were recorded on the real networks. They are other people's data and stay outside the repository."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

HOME = Path(__file__).resolve().parents[3] / "shared" / "data" / "payloads"


def read(path: str) -> Any:
    """One recorded file; the test is skipped, saying why, on a machine that has none."""
    if not HOME.is_dir():
        pytest.skip(f"no captured payloads under {HOME}")
    return json.loads((HOME / path).read_text())


@cache
def x_pages() -> list[bytes]:
    """Every recorded or documented X answer that is a page of posts."""
    bodies = [
        exchange["response"]["body"] for file in _files("x/tweepy") for exchange in file if "uri" in exchange["request"]
    ]
    bodies += _files("x/python-twitter/timeline") + _files("x/python-twitter/searches")
    bodies += _files("x/python-twitter/tweet") + _files("x/xdevplatform-docs")
    return [json.dumps(body).encode() for body in bodies if _is_posts(body)]


@cache
def x_dm_pages() -> list[bytes]:
    """Every recorded or documented page of direct message events."""
    bodies = _files("x/python-twitter/dm_events") + _files("x/xdevplatform-docs")
    bodies += [exchange["response"]["body"] for file in _files("x/tweepy") for exchange in file]
    return [json.dumps(body).encode() for body in bodies if _is_events(body)]


@cache
def facebook_edges(kind: str) -> list[bytes]:
    """Every recorded list of posts, comments or messages of a page, and the single objects as lists of one."""
    found = []
    for body in _files(f"facebook/python-facebook/{kind}") + _files("facebook/restfb"):
        items = (_items(body) if "data" in body else [body]) if isinstance(body, dict) else []
        if items and all(_is_of(kind, item) for item in items):
            found.append(json.dumps({**(body if "data" in body else {}), "data": items}).encode())
    return found


def _is_of(kind: str, item: Any) -> bool:
    if not isinstance(item, dict) or not {"id", "created_time"} <= item.keys():
        return False
    if kind == "messages":
        return str(item["id"]).startswith("m_")
    is_comment = "comment_count" in item or "can_hide" in item or "can_remove" in item
    return is_comment if kind == "comments" else "_" in item["id"] and not is_comment and item["id"][:2] != "m_"


def _files(folder: str) -> list[Any]:
    files = sorted((HOME / folder).rglob("*.json")) if (HOME / folder).is_dir() else []
    return [json.loads(file.read_text()) for file in files]


def _items(body: Any) -> list[Any]:
    data = body.get("data") if isinstance(body, dict) else None
    return data if isinstance(data, list) else [data] if isinstance(data, dict) else []


def _is_posts(body: Any) -> bool:
    items = _items(body)
    return bool(items) and all(isinstance(item, dict) and "text" in item and _has_real_id(item) for item in items)


def _has_real_id(item: dict[str, Any]) -> bool:
    return str(item.get("id", "")).isdigit() and "event_type" not in item and "sender_id" not in item


def _is_events(body: Any) -> bool:
    items = _items(body)
    return bool(items) and all(isinstance(item, dict) and item.get("event_type") == "MessageCreate" for item in items)
