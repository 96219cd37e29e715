"""Lists as templates/inbox wants them: words and addresses for stored facts."""

from __future__ import annotations

from collections import Counter
from datetime import date
from functools import lru_cache
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from channels import registry
from inbox.models.conversation import Conversation
from inbox.policies import Access
from inbox.selectors import counts
from inbox.selectors.conversations import Row
from inbox.services.events import lane_topic
from web import bulk_rows, search_rows
from web.clock_rows import Ring
from web.places import ALL, FIXED, FOLLOWED, GRANTED, MENTIONS, MINE, SNOOZED, Place
from web.templatetags.ui import ring

KEPT = 2_000  # lines, about 3 kB each
CLOCK = "<!--clock-->"  # where the ring goes in a kept line: its seconds are of this moment
PRIORITIES = dict(Conversation.Priority.choices)
FILTERS = (
    ("open", gettext_lazy("Open")),
    ("needs_reply", gettext_lazy("Needs reply")),
    ("pending", gettext_lazy("Pending")),
    ("resolved", gettext_lazy("Resolved")),
)
IN_BAR = ("assign", "hand_off", "tag", "resolve")  # of the acts on many; the rest is one step away
ICONS = {ALL: "inbox", MINE: "circle-user-round", MENTIONS: "at-sign", FOLLOWED: "eye", SNOOZED: "alarm-clock"}


def network_name(kind: str) -> str:
    return registry.capabilities(kind).label


def avatar_url(profile_id: int, has_avatar: bool, context: int | None = None) -> str:
    """The picture at our own door; who only wrote context is shown by the message that is."""
    if not has_avatar:
        return ""
    return f"/media/avatar/{profile_id}/" + (f"?message={context}" if context else "")


def drawn(
    one: Row,
    place: Place,
    *,
    current: bool = False,
    asked: bool = False,
    overdue: bool = False,
    replying: str = "",
    looking: str = "",
    clock: Ring | None = None,
    mood: str = "",
    hit: SafeString | None = None,
) -> SafeString:
    """One line as HTML. Drawing 50 costs more than all else of a page, and colleagues look at the same ones.

    Kept by everything that it shows, so that one which has changed in any way is drawn anew.
    """
    day = (timezone.localdate(), timezone.get_current_timezone_name(), get_language())
    line = _drawn(
        one, place.path, place.query(), current, asked, overdue, (replying, looking), clock is not None, mood, day, hit
    )
    return line if clock is None else SafeString(line.replace(CLOCK, ring(clock.state, clock.left, clock.total)))


@lru_cache(maxsize=KEPT)
def _drawn(
    one: Row,
    path: str,
    query: str,
    current: bool,
    asked: bool,
    overdue: bool,
    here: tuple[str, str],
    clock: bool,
    mood: str,
    _day: tuple[date, str, str | None],
    hit: SafeString | None,
) -> SafeString:
    replying, looking = here
    shown = {**row(one, path, query, current=current, asked=asked, replying=replying), "overdue": overdue}
    shown |= {"looking": looking, "mood": mood}
    if hit is not None and not one.deleted:
        shown["snippet"] = hit
    return render_to_string("inbox/_row.html", {"row": {**shown, "ring": SafeString(CLOCK) if clock else ""}})


def row(
    one: Row, path: str, query: str, *, current: bool = False, asked: bool = False, replying: str = ""
) -> dict[str, Any]:
    """One line for `_row.html`, in the list at `path` with the filters of `query`."""
    label = one.profile_name or (f"@{one.profile_handle}" if one.profile_handle else "")
    return {
        "pk": one.pk,
        "url": f"{path}{one.pk}/{query}",
        "live_url": f"{path}rows/{one.pk}/{query}",
        "network": one.network,
        "network_name": network_name(one.network),
        "private": one.private,
        "current": current,
        "unread": one.waiting_since is not None and one.owner_id is None,
        "profile": {
            "label": label,
            "avatar_url": avatar_url(one.profile_id, one.has_avatar),
            "followers": one.followers,
        },
        "snippet": _snippet(one),
        "desk": {"slug": one.desk_slug, "name": one.desk_name},
        "queue": {"name": one.queue_name if one.queue_name != one.desk_name else one.brand_name},
        "tags": one.tags,
        "clock": None,
        "at": one.waiting_since or one.last_message_at,
        "priority": one.priority,
        "priority_label": PRIORITIES[one.priority],
        "owner": {"name": one.owner_name} if one.owner_id else None,
        "replying": replying,
        "asked": asked,
        "trouble": one.trouble,
    }


def _snippet(one: Row) -> str:
    if one.deleted:
        return _("Deleted on the network.")
    text = one.text or _("No text.")
    return _("You: %s") % text if one.ours else text


def list_view(place: Place, access: Access, kept: list[counts.Kept]) -> dict[str, Any]:
    """`view` for `_list.html`."""
    numbers = _numbers(place, kept)
    return {
        "title": _("Search: %s") % place.text if place.text and not place.strict else place.title,
        "count": None if place.text or place.key in (*GRANTED, SNOOZED) else numbers.get("open"),
        "url": place.url,
        "head_url": f"{place.path}head/{place.query()}",
        "rows_url": f"{place.path}rows/{place.query(new=','.join(map(str, place.fresh)))}",
        "topics": " ".join(_topics(place, access)),
        "filters": _filters(place, numbers),
        "terms": search_rows.chips(place),
        "orders": search_rows.orders(place),
        "bulk_url": f"{place.path}bulk/{place.query()}",
        "bulk_acts": [one for one in bulk_rows.acts() if one["name"] in IN_BAR],
        "export_url": f"{place.path}export.csv{place.query()}",
        "next_url": "/next/" if access.member_queue_ids else "",
        "search": bool(place.text) or place.status in ("pending", "resolved", "snoozed"),
        **_empty(place),
    }


def _topics(place: Place, access: Access) -> list[str]:
    brands = access.brand_ids if place.brand is None else access.brand_ids & {place.brand}
    return [lane_topic(queue.pk, brand) for queue in place.queues for brand in sorted(brands)]


def _numbers(place: Place, kept: list[counts.Kept]) -> Counter[str]:
    ids = {queue.pk for queue in place.queues}
    numbers: Counter[str] = Counter({"open": 0, "needs_reply": 0})
    for one in kept:
        if one.status == "open" and one.queue_id in ids and (one.mine or place.key != MINE):
            numbers["open"] += one.n
            numbers["needs_reply"] += one.n if one.waiting else 0
            numbers["free"] += one.n if one.free else 0
    return numbers


def _filters(place: Place, numbers: Counter[str]) -> list[dict[str, Any]]:
    counted = place.key not in (*GRANTED, SNOOZED) and place.brand is None and place.channel is None
    chips: list[dict[str, Any]] = [
        {
            "label": str(label),
            "url": place.path + place.query(status="" if value == place.default_status else value, owner=""),
            "count": numbers.get(value) if counted else None,
            "active": place.status == value and not place.owned,
        }
        for value, label in FILTERS
        if place.key != SNOOZED
    ]
    if place.key not in (MINE, SNOOZED, *GRANTED):
        chips.insert(
            2,
            {
                "label": _("No owner"),
                "url": place.path + place.query(status="", owner="none"),
                "count": numbers["free"] if counted else None,
                "active": place.owned == "none",
            },
        )
    return chips


def _empty(place: Place) -> dict[str, str]:
    if place.text:
        return {
            "empty_title": _("Nothing found"),
            "empty_text": _("Fewer or other words find more."),
            "empty_tone": "wait",
            "empty_url": place.path,
            "empty_action": _("Clear the search"),
        }
    if place.key == ALL and not place.queues:
        return {
            "empty_title": _("You are in no team yet"),
            "empty_text": _("An administrator adds you to one; then what waits for it stands here."),
            "empty_tone": "wait",
            "empty_url": "",
            "empty_action": "",
        }
    if place.status in ("open", "needs_reply") and not place.owned:
        return {
            "empty_title": _("All answered"),
            "empty_text": _("New conversations appear here by themselves."),
            "empty_tone": "good",
            "empty_url": "",
            "empty_action": "",
        }
    return {
        "empty_title": _("Nothing here"),
        "empty_text": _("No conversation fits these filters."),
        "empty_tone": "wait",
        "empty_url": place.path,
        "empty_action": _("Show the whole list"),
    }


def view_groups(place: Place, queues: list[Any], kept: list[counts.Kept], asks: int) -> list[dict[str, Any]]:
    """The sidebar: one's own lists, then the desks with their queues."""
    mine = sum(one.n for one in kept if one.mine and one.status == "open")
    snoozed = sum(one.n for one in kept if one.mine and one.status == "snoozed")
    numbers = {MINE: mine, SNOOZED: snoozed or None}
    own = [
        {
            "label": str(FIXED[key]),
            "url": f"/inbox/{key}/",
            "count": numbers.get(key),
            "current": place.key == key and not place.strict,  # a saved view stands further down
            "icon": ICONS[key],
        }
        for key in (ALL, MINE, MENTIONS, FOLLOWED, SNOOZED)
    ]
    own.insert(
        2,
        {"label": _("Asks"), "url": "/inbox/asks/", "count": asks or None, "current": False, "icon": "corner-up-right"},
    )
    own.insert(-1, {"label": _("Drafts"), "url": "/inbox/drafts/", "count": None, "current": False, "icon": "pencil"})
    return [
        {"label": "", "name": _("Yours"), "items": own},
        {"label": _("Desks"), "name": _("Desks"), "items": _desks(place, queues, kept)},
    ]


def _desks(place: Place, queues: list[Any], kept: list[counts.Kept]) -> list[dict[str, Any]]:
    """Each desk; below it its queues, where it has more than one."""
    open_ones: Counter[int] = Counter()
    for one in kept:
        if one.status == "open":
            open_ones[one.queue_id] += one.n
    lines: list[dict[str, Any]] = []
    for desk in dict.fromkeys(queue.desk for queue in queues):
        own = [queue for queue in queues if queue.desk_id == desk.pk]
        lines.append(_line(own[0], desk.name, place, sum(open_ones[q.pk] for q in own), len(own) == 1, desk.slug))
        if len(own) > 1:
            lines += [{**_line(queue, queue.name, place, open_ones[queue.pk], True, ""), "sub": True} for queue in own]
    return lines


def _line(queue: Any, label: str, place: Place, n: int, may_be_current: bool, slug: str) -> dict[str, Any]:
    return {
        "label": label,
        "url": f"/inbox/{queue.slug}/",
        "count": n,
        "current": may_be_current and place.key == queue.slug,
        "desk_slug": slug,
    }
