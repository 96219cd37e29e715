"""The list from which an act came, so that the page leads back to it."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, QueryDict

from core.errors import NotFound
from inbox.models.conversation import Conversation
from web.places import ALL, Place, place_of

IN_A_LIST = re.compile(r"/inbox/([\w-]+)/", re.ASCII)


def place_for(request: HttpRequest, conversation: Conversation) -> Place:
    """The list that the page shows from which the request came, with its filters; else the conversation's queue.

    The address comes from outside: what is taken from it is which of our lists it means, and what a list understands.
    """
    key, given = _shown(request)
    try:
        return place_of(request, key or conversation.queue.slug, given)
    except NotFound:
        return place_of(request, ALL, given)


def _shown(request: HttpRequest) -> tuple[str, QueryDict]:
    """Key and filters of the list in the address of the page; none where it is not one of ours."""
    nothing = "", QueryDict()
    try:
        address = urlsplit(request.headers.get("HX-Current-URL", "") or request.headers.get("Referer", ""))
        found = IN_A_LIST.match(address.path)
        return (found[1], QueryDict(address.query)) if found and address.netloc == request.get_host() else nothing
    except (ValueError, SuspiciousOperation):  # no address at all, or more in it than any page of ours says
        return nothing
