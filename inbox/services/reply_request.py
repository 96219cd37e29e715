"""One answer as it was asked for, checked as far as that can be done without looking at anything."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, Self

from core.errors import Invalid
from inbox import reply_variables
from inbox.models.conversation import Case
from inbox.models.message import Message
from inbox.services import uploads

LONGEST_TOKEN = 100


@dataclass(frozen=True, slots=True)
class Request:
    """What `replies.submit` is given."""

    text: str
    visibility: str
    in_reply_to: int | None
    client_token: str
    second: bool
    parts: int
    resolve_as: str
    files: tuple[uploads.Given, ...]

    @classmethod
    def checked(cls, *, text: str, **given: Any) -> Self:
        """Raises: Invalid, which names every wrong field."""
        request = cls(text=tidy(text), **given)
        problems = {
            "text": _problem_of(request.text),
            "visibility": "" if request.visibility in Message.Visibility.values else "Choose public or private.",
            "client_token": ""
            if 0 < len(request.client_token) <= LONGEST_TOKEN
            else f"Give a key of at most {LONGEST_TOKEN} characters.",
            "resolve_as": ""
            if request.resolve_as in ("", *Case.Disposition.values)
            else "There is no such disposition.",
        }
        if fields := {name: problem for name, problem in problems.items() if problem}:
            raise Invalid(next(iter(fields.values())), fields=fields)
        return request

    def hash(self, conversation_id: int) -> str:
        """What makes two requests the same answer."""
        said = [str(conversation_id), self.visibility, self.text]
        said += [str(self.parts)] if self.parts > 1 else []
        said += [hashlib.sha256(file.content).hexdigest() for file in self.files]
        return hashlib.sha256("\0".join(said).encode()).hexdigest()


def tidy(text: str) -> str:
    """The text as it leaves."""
    return text.replace("\r\n", "\n").strip()


def _problem_of(text: str) -> str:
    if not text:
        return "Write something."
    if "\0" in text or any("\ud800" <= char <= "\udfff" for char in text):
        return "The text holds characters that cannot be sent."
    if left := reply_variables.unfilled(text):
        return f"{left[0]} is not filled in: write what belongs there, or take it out."
    return ""
