"""A note's text for the screen."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from accounts.models import User
from inbox.models.work import Note
from web.templatetags.ui import linkify

NAME = '<span class="named" data-kind="{}"{}>{}</span>'
ME, NOT_TOLD = mark_safe(" data-me"), mark_safe(" data-untold")


def marked(note: Note, me: User) -> SafeString:
    """Escaped, addresses as links, and the names of colleagues as marks; one's own stands out."""
    return mark_safe("".join(_pieces(note, me)))  # noqa: S308 (every piece is escaped)


def _pieces(note: Note, me: User) -> Iterator[str]:
    at = 0
    for one in note.mentions:
        yield linkify(note.text[at : one["at"]])
        how = ME if (one["kind"], one["id"]) == ("person", me.pk) else "" if one["told"] else NOT_TOLD
        yield format_html(NAME, one["kind"], how, note.text[one["at"] : one["end"]])
        at = one["end"]
    yield linkify(note.text[at:])
