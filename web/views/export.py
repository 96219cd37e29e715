"""A list of the inbox as CSV: the rows that the person sees, as they are filtered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from accounts.services import exports
from core import csv
from core.errors import Invalid
from core.wording import SOURCE, stored
from inbox.policies import Access
from inbox.selectors import finding
from inbox.selectors.conversations import LONGEST_PAGE, Row
from inbox.selectors.finding import Shown
from web.access import access, person
from web.inbox_rows import PRIORITIES, network_name
from web.places import Place, place_of

MOST = 20_000
HEADER = (
    "Conversation", "Brand", "Network", "Queue", "Status", "Priority", "Owner", "Name", "Handle", "Followers",
    "Private", "Waiting since", "Last message", "Tags", "Text",
)  # fmt: skip


@require_safe
def export(request: HttpRequest, key: str) -> StreamingHttpResponse:
    """At most 20,000 rows, read page by page while they leave. The export itself stands in the audit."""
    rights = access(request)
    with translation.override(SOURCE):  # what is audited and what leaves is English, whoever asks
        place = place_of(request, key)
        what = gettext_noop("the list “{title}”").format(title=place.title)
    exports.record(what, actor=person(request))
    lines = csv.lines(HEADER, map(_cells, islice(_rows(rights, place), MOST)))
    name = f"{place.key}-{timezone.localdate():%Y-%m-%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)


def _rows(rights: Access, place: Place) -> Iterator[Row]:
    after: str | None = None
    while True:
        found = _page(rights, place, after)
        yield from found.rows
        after = found.next
        if after is None:
            return


def _page(rights: Access, place: Place, after: str | None) -> Shown:
    """A search that is none finds nothing."""
    try:
        return finding.find(rights, place.text, place.wanted, after=after, limit=LONGEST_PAGE, strict=place.strict)
    except Invalid:
        return Shown()


def _cells(row: Row) -> tuple[str | int | datetime | None, ...]:
    return (
        row.pk,
        row.brand_name,
        network_name(row.network),
        row.queue_name,
        row.status,
        stored(PRIORITIES[row.priority]),
        row.owner_name,
        row.profile_name,
        row.profile_handle,
        row.followers,
        "yes" if row.private else "no",
        row.waiting_since,
        row.last_message_at,
        ", ".join(row.tags),
        "" if row.deleted else row.text,
    )
