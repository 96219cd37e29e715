"""Reading what networks send, shared by the parsers: one bad item must never stop the page it came in."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

import orjson

from channels.contracts import Figures, InboundMessage, Unreadable
from core.errors import TransientChannelError

# What a value of the wrong type or shape raises in a parser; anything else is our own mistake and must be heard.
MALFORMED = (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError)
WEB_ADDRESS = re.compile(r"https?://[!-~]{1,2000}")


def load(content: bytes, network: str) -> dict[str, Any]:
    """The object in an answer's body.

    Raises: `TransientChannelError`.
    """
    try:
        body = orjson.loads(content)
    except ValueError:
        body = _load_leniently(content, network)
    if not isinstance(body, dict):
        raise TransientChannelError(f"{network} sent an answer that cannot be read.")
    return body


def _load_leniently(content: bytes, network: str) -> Any:
    """JSON with half character pairs, which the strict reader refuses: one such post must not stop a page.

    What X includes beside the items is repaired here; the items themselves are judged one by one.
    """
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        raise TransientChannelError(f"{network} sent an answer that cannot be read.") from None
    if isinstance(body, dict) and "includes" in body:
        body["includes"] = mend(body["includes"])
    return body


def mend(value: Any) -> Any:
    """The value with half character pairs replaced by U+FFFD."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [mend(each) for each in value]
    if isinstance(value, dict):
        return {key: mend(each) for key, each in value.items()}
    return value


def count(value: Any) -> int | None:
    """How many; None where that is not said."""
    return value if type(value) is int and 0 <= value < 2**63 else None


def figures(views: Any = None, shares: Any = None, likes: Any = None, replies: Any = None) -> Figures | None:
    """How far a post has come, where anything of it is said."""
    found = Figures(count(views), count(shares), count(likes), count(replies))
    return None if found == Figures() else found


def items(raw_items: Iterable[Any], parse: Callable[[Any], InboundMessage]) -> tuple[InboundMessage | Unreadable, ...]:
    """Each item read, or kept raw where it cannot be."""
    return tuple([_item(item, parse) for item in raw_items])


def _item(item: Any, parse: Callable[[Any], InboundMessage]) -> InboundMessage | Unreadable:
    try:
        return parse(item)
    except MALFORMED as error:
        external_id = item.get("id") if isinstance(item, dict) else None
        return Unreadable(
            reason=mend(f"{type(error).__name__}: {error}"[:200]),
            raw=raw_bytes(item),
            external_id=external_id if isinstance(external_id, str) and is_plain(external_id) else "",
        )


def raw_bytes(item: Any) -> bytes:
    """The item as JSON bytes, also where it holds half character pairs."""
    try:
        return orjson.dumps(item)
    except TypeError:
        return json.dumps(item).encode()


def is_plain(external_id: str) -> bool:
    """Whether this can be an id: short, printable ASCII without spaces."""
    return (
        0 < len(external_id) <= 250 and external_id.isascii() and external_id.isprintable() and " " not in external_id
    )


def text(value: Any) -> str:
    """A text, "" where there is none.

    Raises: `TypeError`.
    """
    if value is None:
        return ""
    if type(value) is str:
        return value
    raise TypeError("text expected")


def link(value: Any) -> str:
    """An address that a browser may be sent to; "" for anything else, such as one that holds a script.

    Raises: `TypeError`.
    """
    address = text(value)
    return address if WEB_ADDRESS.fullmatch(address) else ""


def moment(value: Any) -> datetime:
    """An ISO 8601 time in UTC.

    Raises: `TypeError`, `ValueError`.
    """
    found = datetime.fromisoformat(value)
    if found.tzinfo is not UTC:
        found = found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    return found


def objects(value: Any) -> list[dict[str, Any]]:
    """The objects of a list, [] where it is none."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def known_fields(record: type, stored: Mapping[str, Any]) -> dict[str, Any]:
    """What of a stored state this version of the record knows: another version may have written it."""
    return {each.name: stored[each.name] for each in fields(record) if each.name in stored}
