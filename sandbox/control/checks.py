"""Reading what control is given: every mistake names its field."""

import base64
import binascii
from typing import Any

from sandbox.clock import parse_time
from sandbox.http import Refusal
from sandbox.model import NETWORKS


class Wrong(Refusal):
    """422 with the field that is wrong."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(422, {"code": "invalid", "message": f"{field}: {message}", "fields": {field: message}})


def an_object(value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Wrong(where, "must be an object")
    return value


def only(given: dict[str, Any], where: str, allowed: set[str]) -> None:
    for name in given:
        if name not in allowed:
            raise Wrong(f"{where}{name}", "unknown field")


def text(given: dict[str, Any], name: str, where: str, default: str | None = None) -> str:
    value = given.get(name)
    if value is None:
        if default is None:
            raise Wrong(f"{where}{name}", "is required")
        return default
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise Wrong(f"{where}{name}", "must be a text")
    return value


def number(given: dict[str, Any], name: str, where: str, default: int = 0) -> int:
    value = given.get(name)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise Wrong(f"{where}{name}", "must be a whole number from 0")
    return value


def flag(given: dict[str, Any], name: str, where: str, default: bool = False) -> bool:
    value = given.get(name)
    if value is None:
        return default
    if not isinstance(value, bool):
        raise Wrong(f"{where}{name}", "must be true or false")
    return value


def network(given: dict[str, Any], where: str) -> str:
    value = text(given, "network", where)
    if value not in NETWORKS:
        raise Wrong(f"{where}network", f"must be one of {', '.join(NETWORKS)}")
    return value


def moment(given: dict[str, Any], name: str, where: str) -> int | None:
    """Milliseconds; None when not given."""
    value = given.get(name)
    if value is None:
        return None
    try:
        return parse_time(value)
    except (ValueError, OverflowError) as error:
        raise Wrong(f"{where}{name}", "must be an ISO 8601 time or Unix seconds") from error


def content(given: dict[str, Any], name: str, where: str) -> bytes:
    try:
        return base64.b64decode(text(given, name, where), validate=True)
    except (ValueError, binascii.Error) as error:
        raise Wrong(f"{where}{name}", "must be base64") from error
