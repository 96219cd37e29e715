"""Translations beneath messages, and of what is being written, as templates/inbox wants them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from inbox import translation
from inbox.models.conversation import Conversation
from inbox.services import translating
from inbox.translation import Translated
from routing.selectors.languages import name_of, read_by
from routing.selectors.moods import language_of
from web.access import person

INBOUND = ("post", "dm")


def beneath(request: HttpRequest, lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The lines of a stream; those that the reader does not read with their translation, or the offer of one."""
    if not translation.is_set():
        return lines
    reads, to = read_by(person(request), screen_language()), screen_language()
    wishes = {line["pk"]: translating.wish_of(line["text"], to) for line in lines if _is_foreign(line, reads)}
    made = translation.known(wishes.values())
    for line in lines:
        wish = wishes.get(line.get("pk", 0)) if line["kind"] in INBOUND else None
        if wish:
            line["translation"] = told(line["pk"], wish.source, made.get(wish))
    return lines


def screen_language() -> str:
    """The language in which this page is drawn."""
    return (get_language() or settings.LANGUAGE_CODE).partition("-")[0]


def _is_foreign(line: dict[str, Any], reads: frozenset[str]) -> bool:
    if line["kind"] not in INBOUND or line["deleted"] or line["context"]:
        return False
    return translation.may_leave(private=line["visibility"] == "private") and translating.foreign(line["text"], reads)


def told(pk: int, source: str, made: Translated | None) -> dict[str, Any]:
    """One of them; `made` None = it is only offered."""
    return {"pk": pk, "language": name_of(source), "made": made}


def language_to_answer_in(conversation: Conversation, request: HttpRequest) -> dict[str, str] | None:
    """The contact's language, where what is written can be put into it; one or two queries, none without a service."""
    if not translation.may_leave(private=conversation.is_private):
        return None
    code = language_of(conversation.pk)
    if not code or code in read_by(person(request), screen_language()):
        return None
    return {"code": code, "name": name_of(code)}
