"""One door to every list: what an address, a search, a saved view or the API asks for."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.errors import Invalid
from inbox.marking import Passage
from inbox.policies import Access
from inbox.selectors.asked import asked
from inbox.selectors.conversations import PAGE, Row, Wanted, list_page
from inbox.selectors.search import LONGEST_QUERY, search
from inbox.selectors.sifting import count_up_to, ids_of, is_sifted, sifted_page

COUNTED = 1_000


@dataclass(frozen=True, slots=True)
class Shown:
    """A page of a list, and what is to be said about it.

    Args:
        problems: a sentence for each operator that meant nothing.
        cut: the search stopped early; where there is a `next`, it goes on from there.
        marks: by conversation, the passage that was hit, in pieces.
    """

    rows: list[Row] = field(default_factory=list)
    next: str | None = None
    cut: bool = False
    problems: tuple[str, ...] = ()
    marks: dict[int, Passage] = field(default_factory=dict)


def find(
    access: Access, text: str, place: Wanted, *, after: str | None = None, limit: int = PAGE, strict: bool = False
) -> Shown:
    """What `text` finds within a list, or the list where it is empty.

    Args:
        text: words and operators (`inbox.query`).
        strict: as in `asked.asked`.

    Raises: Invalid for more than 200 characters, or a cursor of another list.
    """
    if len(text) > LONGEST_QUERY:
        raise Invalid("Type one to 200 characters.", fields={"q": "Type one to 200 characters."})
    what = asked(access, text, place, strict=strict)
    if what.words:
        found = search(access, what.words, what.wanted, after=after, limit=limit)
        return Shown(found.rows, found.next, found.cut, what.problems, found.marks)
    listing = sifted_page if is_sifted(what.wanted) else list_page
    page = listing(access, what.wanted, after=after, limit=limit)
    return Shown(page.rows, page.next, page.cut, what.problems)


def count(access: Access, text: str, place: Wanted, *, strict: bool = False) -> tuple[int, bool]:
    """How many `text` finds, at most 1,000; and whether there are more."""
    what = asked(access, text, place, strict=strict)
    if not what.words:
        return count_up_to(access, what.wanted, COUNTED)
    n, after = 0, None
    while n < COUNTED:
        found = search(access, what.words, what.wanted, after=after, limit=200)
        n, after = n + len(found.rows), found.next
        if after is None or found.cut:
            return n, found.cut
    return COUNTED, True


def everything(access: Access, text: str, place: Wanted, limit: int, *, strict: bool = False) -> list[int]:
    """The ids of all that `text` finds, at most `limit`."""
    what = asked(access, text, place, strict=strict)
    if not what.words:
        return ids_of(access, what.wanted, limit)
    ids: list[int] = []
    after: str | None = None
    while len(ids) < limit:
        found = search(access, what.words, what.wanted, after=after, limit=200)
        ids, after = ids + [row.pk for row in found.rows], found.next
        if after is None:
            return ids
    return ids[:limit]
