"""Conditions changed in one place. A place is a path of numbers through the groups; “not” is seen through."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from core.errors import NotFound
from routing.rules.conditions import All, Asked, Either, Node, Not

Path = tuple[int, ...]
Change = Callable[[Node], Node | None]


def changed(when: All, path: Path, change: Change) -> All:
    """The conditions with the part at `path` made into what `change` says; None takes it out.

    A group that has one part left gives way to it, and a group within one of its own kind becomes part of it.
    Raises: NotFound.
    """
    return All(_flat(All, _parts(when.parts, path, change)))


def denied(node: Node) -> Node:
    """What is true where the part is not."""
    return node.part if isinstance(node, Not) else Not(node)


def joined(node: Node, fresh: Node, group: type[All] | type[Either]) -> Node:
    """The part and a fresh one in a group; what is denied stays denied together with it."""
    if isinstance(node, Not):
        return Not(joined(node.part, fresh, group))
    return group((*node.parts, fresh)) if isinstance(node, group) else group((node, fresh))


def reworded(node: Node, test: Callable[[Asked], Node]) -> Node:
    """The same place with another test. Raises: NotFound where no test stands there."""
    if isinstance(node, Not):
        return Not(reworded(node.part, test))
    if not isinstance(node, Asked):
        raise NotFound("There is no such condition.")
    return test(node)


def _parts(parts: tuple[Node, ...], path: Path, change: Change) -> tuple[Node, ...]:
    if not path or path[0] >= len(parts):
        raise NotFound("There is no such condition.")
    fresh = _node(parts[path[0]], path[1:], change)
    return (*parts[: path[0]], *(() if fresh is None else (fresh,)), *parts[path[0] + 1 :])


def _node(node: Node, path: Path, change: Change) -> Node | None:
    if not path:
        return change(node)
    if isinstance(node, Not):
        inner = _node(node.part, path, change)
        return None if inner is None else Not(inner)
    if isinstance(node, Asked):
        raise NotFound("There is no such condition.")
    left = _flat(type(node), _parts(node.parts, path, change))
    return type(node)(left) if len(left) > 1 else left[0] if left else None


def _flat(kind: type[All] | type[Either], parts: Iterable[Node]) -> tuple[Node, ...]:
    return tuple(one for part in parts for one in (part.parts if isinstance(part, kind) else (part,)))
