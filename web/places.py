"""The views of the inbox: which list an address means, and the addresses of what is in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import NotFound
from inbox import query
from inbox.models.queue import Queue
from inbox.models.view import SavedView
from inbox.selectors.conversations import ANY, Owned, Sort, Wanted
from inbox.selectors.items import brands_of
from inbox.selectors.search import LONGEST_QUERY
from web.access import access, known, person

ALL, MINE, MENTIONS, FOLLOWED, SNOOZED = "all", "mine", "mentions", "following", "snoozed"
FIXED = {
    ALL: gettext_lazy("All conversations"),
    MINE: gettext_lazy("Assigned to me"),
    MENTIONS: gettext_lazy("Mentions of me"),
    FOLLOWED: gettext_lazy("Following"),
    SNOOZED: gettext_lazy("Snoozed"),
}
STATUSES = ("open", "needs_reply", "pending", "snoozed", "resolved")
MOST_FRESH = 50
SORTS = tuple(sort.value for sort in Sort if sort)
DEFAULT_STATUS = {SNOOZED: "snoozed", MINE: "", MENTIONS: "", FOLLOWED: ""}
GRANTED = {MENTIONS: ("mentioned",), FOLLOWED: ("follower",)}


@dataclass(frozen=True, slots=True)
class Place:
    """One list of the inbox with its filters.

    Args:
        key: in the address: a fixed view, or the slug of a queue.
        status: as `Wanted.status`; owned: "", "none" or "me".
        text: what is searched for, words and operators (`inbox.query`); without a status it searches them all.
        strict: it is a saved view: what it names and one does not read selects nothing (`asked.asked`).
        fresh: conversations that came while the list stood open; shown on top wherever they belong.
    """

    key: str
    title: str
    queues: tuple[Queue, ...]
    status: str
    owned: str = ""
    brand: int | None = None
    channel: int | None = None
    text: str = ""
    sort: str = ""
    after: str = ""
    fresh: tuple[int, ...] = ()
    strict: bool = False

    @property
    def wanted(self) -> Wanted:
        fixed = self.key in FIXED
        return Wanted(
            queue_ids=None if fixed else frozenset(queue.pk for queue in self.queues),
            brand_ids=frozenset([self.brand]) if self.brand else None,
            status=self.status,
            owned=Owned.ME if self.key == MINE else self.owned,
            channel_id=self.channel,
            granted=GRANTED.get(self.key, ()),
            sort=self.sort,
        )

    def query(self, **changes: object) -> str:
        """The query string of this list, with changes; defaults are left out."""
        asked = {
            "status": "" if self.status == self.default_status else (self.status or ANY),
            "owner": self.owned,
            "brand": self.brand,
            "channel": self.channel,
            "q": self.text,
            "sort": self.sort,
            **changes,
        }
        kept = {name: value for name, value in asked.items() if value not in ("", None)}
        return f"?{urlencode(kept)}" if kept else ""

    @property
    def default_status(self) -> str:
        return _default_status(self.key, self.text)

    @property
    def path(self) -> str:
        return f"/inbox/{self.key}/"

    @property
    def url(self) -> str:
        return self.path + self.query()

    def conversation_url(self, pk: int) -> str:
        return f"{self.path}{pk}/{self.query()}"


def place_of(request: HttpRequest, key: str, given: QueryDict | None = None) -> Place:
    """The list that the address means. Raises: NotFound for a queue that the person does not read.

    Args:
        given: the filters, where they are not this request's own.
    """
    readable = tuple(known(request).queues)
    if key in FIXED:
        place = Place(key, str(FIXED[key]), readable, DEFAULT_STATUS.get(key, "open"))
    else:
        queue = next((queue for queue in readable if queue.slug == key), None)
        if queue is None:
            raise NotFound(_("There is no such queue."))
        place = Place(key, queue.name, (queue,), "open")
    return _as_view(_filtered(place, request.GET if given is None else given), request)


def _as_view(place: Place, request: HttpRequest) -> Place:
    """A search that is a saved view bears its name."""
    view = view_at(place, request)
    return replace(place, title=view.name, strict=True) if view else place


def view_at(place: Place, request: HttpRequest) -> SavedView | None:
    """The saved view that a list is, if it is one; one's own before others'."""
    if place.key != ALL or not place.text or place.status != ANY or place.owned or place.brand or place.channel:
        return None
    same = [view for view in known(request).views if (view.query, view.sort) == (place.text, place.sort)]
    return next((view for view in same if view.owner_id == person(request).pk), same[0] if same else None)


def view_url(view: SavedView) -> str:
    """Where a saved view is seen."""
    return Place(ALL, view.name, (), ANY, text=view.query, sort=view.sort).url


def written(place: Place, request: HttpRequest) -> str:
    """A list with all its filters as a search, for a saved view; "" for one that no search can say."""
    if place.key in GRANTED:
        return ""
    brands = brands_of(access(request)) if place.brand else []
    brand = next((one.slug for one in brands if one.pk == place.brand), "")
    said = query.parse(place.text)
    terms = [
        *(() if place.key in FIXED else (query.Term("queue", place.key),)),
        *((query.Term("is", "mine"),) if place.key == MINE or place.owned == Owned.ME else ()),
        *((query.Term("is", "unassigned"),) if place.owned == Owned.NOBODY else ()),
        *((query.Term("brand", brand),) if brand else ()),
        *_status_terms(place, said),
    ]
    return query.Query(said.words, tuple(dict.fromkeys([*terms, *said.terms]))).written


def _status_terms(place: Place, said: query.Query) -> tuple[query.Term, ...]:
    """The status of the list, unless the search names one."""
    if place.status == ANY or {*said.values("is")} & {*query.STATUSES, ANY}:
        return ()
    if place.status == "needs_reply":
        return (query.Term("is", "waiting"),)
    return (query.Term("is", place.status),) if place.status else (query.Term("is", "resolved", negative=True),)


def _filtered(place: Place, given: QueryDict) -> Place:
    """Filters that make no sense are as if they were not there."""
    text = given.get("q", "").replace("\0", "").strip()[:LONGEST_QUERY]
    status = given.get("status", "")
    if status not in STATUSES:
        status = (ANY if text else "") if status == ANY else _default_status(place.key, text)
    return replace(
        place,
        status=status,
        owned=given.get("owner", "") if given.get("owner") in ("none", "me") else "",
        brand=_number(given.get("brand", "")),
        channel=_number(given.get("channel", "")),
        text=text,
        sort=given.get("sort", "") if given.get("sort") in SORTS else "",
        after=given.get("after", ""),
        fresh=tuple(filter(None, map(_number, given.get("new", "").split(",")[:MOST_FRESH]))),
    )


def _default_status(key: str, text: str) -> str:
    """What a list shows where the address does not say: what needs us, and of a search everything."""
    return ANY if text and key != SNOOZED else DEFAULT_STATUS.get(key, "open")


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 18 else None
