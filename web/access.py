"""The signed-in person's rights, and what every page asks about them: each asked for once per request."""

from __future__ import annotations

from functools import cached_property
from typing import cast

from django.http import HttpRequest

from accounts.models import User
from inbox.models.queue import Queue
from inbox.models.view import SavedView
from inbox.policies import Access, access_of
from inbox.selectors import counts, items
from inbox.selectors.views import views_of
from routing.selectors import handoffs as routing
from routing.selectors.attention import Shown, attention_of
from routing.selectors.notices import Unread, unread


class Known:
    """What is known of one person as of the first question; one query each."""

    def __init__(self, user: User) -> None:
        self._user = user

    @cached_property
    def access(self) -> Access:
        return access_of(self._user)

    @cached_property
    def counts(self) -> list[counts.Kept]:
        """The counters that this person may see."""
        return counts.kept(self.access)

    @cached_property
    def queues(self) -> list[Queue]:
        """The queues that this person reads."""
        return items.readable_queues(self.access)

    @cached_property
    def views(self) -> list[SavedView]:
        """The saved views that this person finds."""
        return views_of(self.access)

    @cached_property
    def unread(self) -> Unread:
        """What this person was told and has not read."""
        return unread(self.access)

    @cached_property
    def attention(self) -> Shown:
        """What this person wants to be told, and when."""
        return attention_of(self._user)

    @cached_property
    def asking(self) -> dict[int, bool]:
        """The conversations that somebody asks this person's queues to take, or to give content for: overdue or not."""
        return routing.asking(self.access)


def known(request: HttpRequest) -> Known:
    """What this request has learnt about its person."""
    found = getattr(request, "_known", None)
    if found is None:
        found = Known(person(request))
        request._known = found  # type: ignore[attr-defined]
    return cast(Known, found)


def forget(request: HttpRequest) -> None:
    """An act may change what one may read: ask again."""
    request._known = None  # type: ignore[attr-defined]


def access(request: HttpRequest) -> Access:
    """Somebody's rights as they were at the first question of this request."""
    return known(request).access


def person(request: HttpRequest) -> User:
    """Who is signed in; `StaffMiddleware` has seen to it that somebody is."""
    return cast(User, request.user)
