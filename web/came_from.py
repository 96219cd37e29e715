"""The list from which an act came, so that the page leads back to it."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import SplitResult, urlencode, urlsplit

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, QueryDict

from core.errors import NotFound
from inbox.models.conversation import Conversation
from web.places import ALL, Place, place_of

IN_A_LIST = re.compile(r"/inbox/([\w-]+)/", re.ASCII)
LIST = "list"
"""Names the list in the address of a page that stands beside it, or of an act that may answer with a page."""


def place_for(request: HttpRequest, conversation: Conversation) -> Place:
    """The list that the page shows from which the request came, with its filters; else the conversation's queue."""
    return place_beside(request, conversation.queue.slug)


def place_beside(request: HttpRequest, queue: str) -> Place:
    """As `place_for`, where the queue is all that is known.

    The address comes from outside: what is taken from it is which of our lists it means, and what a list understands.
    """
    key, given = _shown(request)
    try:
        return place_of(request, key or queue, given)
    except NotFound:
        return place_of(request, ALL, given)


def carried(place: Place) -> str:
    """For the end of an address: the list, which the page that answers does not show."""
    return f"?{urlencode({LIST: place.url})}"


def beside(request: HttpRequest, conversation: Conversation) -> dict[str, Any]:
    """What every page beside a conversation says: of whom it is, the way back, and the list that its forms carry on."""
    place = place_for(request, conversation)
    return {
        "person": conversation.profile.label,
        "back_url": place.conversation_url(conversation.pk),
        "list_url": place.url,
        "carried": carried(place),
        "rail_active": "inbox",
    }


def _shown(request: HttpRequest) -> tuple[str, QueryDict]:
    """Key and filters of the list in the address that is asked, or of the page; none where neither is of ours."""
    headers, host = request.headers, request.get_host()
    for address in (request.build_absolute_uri(), headers.get("HX-Current-URL", ""), headers.get("Referer", "")):
        try:
            page = urlsplit(address)
            found = _list_at(page, host) or (_carried_by(page) if page.netloc == host else None)
        except (ValueError, SuspiciousOperation):  # no address at all, or more in it than any page of ours says
            continue
        if found:
            return found
    return "", QueryDict()


def _carried_by(page: SplitResult) -> tuple[str, QueryDict] | None:
    return _list_at(urlsplit(QueryDict(page.query).get(LIST, "")), "")


def _list_at(page: SplitResult, host: str) -> tuple[str, QueryDict] | None:
    found = IN_A_LIST.match(page.path)
    return (found[1], QueryDict(page.query)) if found and page.netloc == host else None
