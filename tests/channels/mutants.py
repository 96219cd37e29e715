"""Mutations of captured JSON: what a network might send on a bad day."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

POISON: list[Any] = [
    None, True, 0, -1, 10**30, 1.5, "", "\x00", "\ud800", "x" * 10_000, [], [[]], {}, {"id": {}}, "2026-13-45T99:00Z",
]  # fmt: skip


def _paths(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at] + [path for key, child in children for path in _paths(child, (*at, key))]


def _mutate(value: Any, path: tuple[Any, ...], act: str, poison: Any) -> Any:
    if not path:
        return poison
    copy = dict(value) if isinstance(value, dict) else list(value)
    key, rest = path[0], path[1:]
    if rest:
        copy[key] = _mutate(copy[key], rest, act, poison)
    elif act == "drop":
        del copy[key]
    elif act == "double" and isinstance(copy, list):
        copy.insert(key, copy[key])
    else:
        copy[key] = poison
    return copy


@st.composite
def mutants(draw: st.DrawFn, bodies: list[bytes]) -> bytes:
    """A captured body with one to three places changed, dropped or doubled, and sometimes cut short."""
    body = json.loads(draw(st.sampled_from(bodies)))
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(_paths(body)))
        body = _mutate(body, path, draw(st.sampled_from(["set", "drop", "double"])), draw(st.sampled_from(POISON)))
        if not isinstance(body, dict | list):
            break
    content = json.dumps(body).encode()
    return content[: draw(st.integers(0, len(content)))] if draw(st.integers(0, 9)) == 0 else content
