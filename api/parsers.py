"""Reading what machines send: JSON in UTF-8, of a size that a process can hold, never nested until it falls over."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import IO, Any

from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser

from core.uploads import LIMIT_BYTES


class TooLarge(APIException):
    """The body is above the limit."""

    status_code = 413
    default_code = "too_large"
    default_detail = f"The body is larger than {LIMIT_BYTES // 1024 // 1024} MB."


class JsonParser(BaseParser):
    """`application/json`."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], _media_type: str | None = None, _parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """The value that was sent. Raises: TooLarge, ParseError for what is no JSON, NaN and infinity included."""
        content = stream.read(LIMIT_BYTES + 1)
        if len(content) > LIMIT_BYTES:
            raise TooLarge
        try:
            return json.loads(content.decode("utf-8"), parse_constant=_refuse)
        except (ValueError, RecursionError) as error:  # deep nesting runs out of stack
            raise ParseError("The body is not JSON in UTF-8.") from error


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is no JSON")
