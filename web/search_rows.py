"""Searches as templates/inbox wants them: operators as chips, orders, hits, and what one may type."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inbox import query
from inbox.marking import Passage
from inbox.selectors.conversations import Sort
from web.places import Place

ORDERS = (
    (Sort.DUE, gettext_lazy("Due first")),
    (Sort.WAITING, gettext_lazy("Waiting longest")),
    (Sort.REACH, gettext_lazy("Widest reach")),
    (Sort.NEWEST, gettext_lazy("Newest first")),
)
HELP = (
    ("from:@hanneostby", gettext_lazy("who wrote: a handle, or part of a name")),
    ("to:@northwindair", gettext_lazy("one of our accounts")),
    ("queue:care · brand:northwind-air", gettext_lazy("where it lies")),
    ("is:open", gettext_lazy("or pending, snoozed, resolved, any; waiting, late, mine, unassigned; private, public")),
    ("owner:\"Ana Sandoval\"", gettext_lazy("whose it is")),
    ("has:media", gettext_lazy("media, link, note or reply")),
    ("kind:complaint · mood:negative", gettext_lazy("as triage or a colleague judged it; also issue: and lang:")),
    ("tag:refund · priority:urgent", gettext_lazy("what colleagues put on it")),
    ("before:2026-11-01 · after:2026-10-01", gettext_lazy("days: after counts the day itself, before does not")),
    ("waiting:2h · reach:10k", gettext_lazy("waits longer than, followed by at least")),
    ("\"lost bag\" -refund", gettext_lazy("these words in this order, and not that one; a minus works everywhere")),
)  # fmt: skip
EXAMPLE = 'from:@hanneostby queue:care has:media "lost bag" before:2026-12-01'


def chips(place: Place) -> list[dict[str, Any]]:
    """The operators of a search, each with the address of the same search without it."""
    found = query.parse(place.text)
    return [
        {"label": term.written, "url": place.path + place.query(q=found.without(term).written)} for term in found.terms
    ]


def orders(place: Place) -> list[dict[str, Any]]:
    """How the list may be sorted; a search for words is newest first in any case."""
    if query.parse(place.text).words:
        return []
    current = place.sort or (Sort.NEWEST if place.status in ("pending", "snoozed", "resolved") else Sort.DUE)
    return [
        {"label": label, "url": place.path + place.query(sort=value.value), "current": value == current}
        for value, label in ORDERS
    ]


def marked(pieces: Passage) -> SafeString:
    """A passage as HTML: each piece escaped, hits marked."""
    drawn = ((format_html("<mark>{}</mark>", text) if hit else text,) for text, hit in pieces)
    return format_html_join("", "{}", drawn)


def search_box(place: Place) -> dict[str, Any]:
    """`search` for `_views.html`."""
    return {"text": place.text, "url": place.path, "help": HELP, "example": EXAMPLE, "hint": _("What can I type?")}
