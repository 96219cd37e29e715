"""Sorted lists of post keys under names: what is asked for often is found without looking at the rest."""

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Hashable, Iterator


class Index:
    """Keys under names, each list in rising order."""

    def __init__(self) -> None:
        self._lists: defaultdict[Hashable, list[int]] = defaultdict(list)

    def add(self, name: Hashable, key: int) -> None:
        keys = self._lists[name]
        if not keys or key > keys[-1]:
            keys.append(key)
        else:
            insort(keys, key)

    def remove(self, name: Hashable, key: int) -> None:
        keys = self._lists.get(name, [])
        at = bisect_left(keys, key)
        if at < len(keys) and keys[at] == key:
            del keys[at]

    def keys(self, name: Hashable) -> list[int]:
        """The list itself: read it, do not change it."""
        return self._lists.get(name) or []

    def newest(self, name: Hashable, *, below: int | None = None) -> Iterator[int]:
        """Keys from the newest down, starting under `below`."""
        keys = self.keys(name)
        at = len(keys) if below is None else bisect_left(keys, below)
        while at > 0:
            at -= 1
            yield keys[at]

    def oldest(self, name: Hashable, *, above: int = -1) -> Iterator[int]:
        """Keys from the oldest up, starting over `above`."""
        keys = self.keys(name)
        for at in range(bisect_left(keys, above + 1), len(keys)):
            yield keys[at]

    def count(self, name: Hashable) -> int:
        return len(self.keys(name))

    def clear(self) -> None:
        self._lists.clear()
