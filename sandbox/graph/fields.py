"""The little language of `fields`: id,comments.limit(5).filter(stream){id,from{name}}.

Source: developers.facebook.com/docs/graph-api/guides/field-expansion (read 2026-11).
"""

import re
from dataclasses import dataclass, field

from sandbox.graph import errors

TOKEN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[.{}(),]|[^.{}(),\s]+")
MAX_DEPTH = 5


@dataclass(slots=True)
class Field:
    """One asked field with its arguments and what is wanted inside."""

    name: str
    arguments: dict[str, str] = field(default_factory=dict)
    inside: list["Field"] = field(default_factory=list)

    @property
    def shown_as(self) -> str:
        return self.arguments.get("as", self.name)


def parse_fields(text: str) -> list[Field]:
    """Raises: code 2500-like syntax error of Graph when the text cannot be read."""
    reader = _Reader(TOKEN.findall(text), text)
    fields = reader.fields(0)
    if reader.next() is not None:
        raise reader.wrong()
    return fields


class _Reader:
    def __init__(self, tokens: list[str], text: str) -> None:
        self._tokens, self._text, self._at = tokens, text, 0

    def wrong(self) -> Exception:
        return errors.graph_error(2500, f'Syntax error "Unexpected end of string." in fields: {self._text}')

    def next(self) -> str | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def take(self, wanted: str | None = None) -> str:
        token = self.next()
        if token is None or (wanted is not None and token != wanted):
            raise self.wrong()
        self._at += 1
        return token

    def fields(self, depth: int) -> list[Field]:
        if depth > MAX_DEPTH:
            raise self.wrong()
        found = [self.field(depth)]
        while self.next() == ",":
            self.take()
            found.append(self.field(depth))
        return found

    def field(self, depth: int) -> Field:
        result = Field(self.take())
        if not result.name.isidentifier():
            raise self.wrong()
        while self.next() == ".":
            self.take()
            name = self.take()
            self.take("(")
            value = ""
            while self.next() not in (")", None):
                value += self.take()
            self.take(")")
            result.arguments[name] = value
        if self.next() == "{":
            self.take()
            result.inside = self.fields(depth + 1)
            self.take("}")
        return result
