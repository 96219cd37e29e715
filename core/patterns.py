"""Patterns that people write: only of the kind that takes time in proportion to the text (RE2)."""

from __future__ import annotations

from collections.abc import Callable

import re2

from core.errors import Invalid

PATTERN_LENGTH = 200
# What a compiled pattern may take, bytes; beyond it the pattern is refused. Matching takes linear time in any case.
PATTERN_BYTES = 1 << 20


def finder(source: str, *, group: int = 0) -> Callable[[str], str | None]:
    """What a pattern finds first in a text, whatever the case; None where it finds nothing.

    Args:
        group: which of its groups is wanted; 0 = all of it.

    Raises: Invalid for what RE2 does not take, such as back references, and for patterns that grow too large.
    """
    options = re2.Options()
    options.case_sensitive = False
    options.max_mem = PATTERN_BYTES
    options.log_errors = False
    try:
        search = re2.compile(source, options=options).search
    except re2.error as error:
        why = error.args[0].decode() if error.args and isinstance(error.args[0], bytes) else str(error)
        raise Invalid(f"The pattern “{source}” cannot be used: {why}.") from None

    def first(text: str) -> str | None:
        hit = search(text)
        return None if hit is None else str(hit.group(group))

    return first
