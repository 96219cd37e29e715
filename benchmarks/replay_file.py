"""The file as the network would show it, and what must come out of it."""

import csv
import gzip
import html
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

# Source: X's snowflake layout: milliseconds since 2010-11-04T01:42:54.657Z, shifted by 22 bits.
EPOCH_MS = 1_288_834_974_657
BEFORE = timedelta(seconds=1)
# What X takes for a mention: not inside a word or an e-mail address, at most 15 characters.
NAMED = re.compile(r"(?<![\w@!#$%&*])@(\w{1,15})(?![\w@])")


@dataclass(slots=True)
class Row:
    """One tweet of the file."""

    old_id: str
    author: str
    inbound: bool
    at: datetime
    text: str
    parent: str
    root: str
    id: str = ""
    brands: tuple[str, ...] = ()
    named: bool = False


class File:
    """The rows with their new ids, and who gets each.

    Attributes: rows in order of time; ids (old id → new id, missing parents and roots included); brands.
    """

    def __init__(self, path: Path, *, limit: int | None, by_parents: bool) -> None:
        self.rows = sorted(_read(path), key=lambda row: row.at)
        if limit:
            self.rows = self.rows[-limit:]
        self.by_old = {row.old_id: row for row in self.rows}
        self.beyond_reach = 0
        if limit or by_parents:
            self._climb()
        self.brands = sorted({row.author for row in self.rows if not row.inbound})
        self.ids: dict[str, str] = {}
        self._number()
        self._address()

    def _climb(self) -> None:
        """Roots as parents alone can tell them: up to the topmost tweet of the file, or the missing parent above it.

        The file knows some roots through the child lists of tweets above a missing one, which no network shows.
        """
        for row in self.rows:
            top, seen = row, {row.old_id}
            while top.parent in self.by_old and top.parent not in seen:
                top = self.by_old[top.parent]
                seen.add(top.old_id)
            root = top.parent or top.old_id
            self.beyond_reach += root != row.root
            row.root = root

    def _number(self) -> None:
        """Each tweet a snowflake of its time and a running number; what is only referred to lies a second before."""
        first: dict[str, datetime] = {}
        for row in self.rows:
            for other in (row.parent, row.root):
                if other and other not in self.by_old:
                    first[other] = min(first.get(other, row.at), row.at)
        moments = [(row.at, row.old_id) for row in self.rows] + [(at - BEFORE, id_) for id_, at in first.items()]
        for number, (at, old_id) in enumerate(sorted(moments)):
            milliseconds = int(at.timestamp() * 1000) - EPOCH_MS
            self.ids[old_id] = str((milliseconds << 22) + number)
        for row in self.rows:
            row.id = self.ids[row.old_id]

    def _address(self) -> None:
        """An inbound row goes to the brands that its text names, else to the brand of its tree."""
        by_name = {brand.lower(): brand for brand in self.brands}
        trees: dict[str, Counter[str]] = defaultdict(Counter)
        for row in self.rows:
            if not row.inbound:
                row.brands = (row.author,)
                trees[row.root][row.author] += 1
        for row in self.rows:
            if row.inbound:
                named = {by_name[name] for n in NAMED.findall(row.text) if (name := n.lower()) in by_name}
                fallback = trees[row.root].most_common(1)
                row.named = bool(named)
                row.brands = tuple(sorted(named)) or tuple(brand for brand, _ in fallback)

    def partner(self, row: Row) -> str | None:
        """Whose conversation an outbound row is part of: up through the brand's own posts to an inbound row."""
        seen = {row.old_id}
        above = self.by_old.get(row.parent)
        while above is not None and above.old_id not in seen:
            if above.inbound:
                return above.author
            if above.author != row.author:
                return None
            seen.add(above.old_id)
            above = self.by_old.get(above.parent)
        return None

    def conversations(self) -> dict[tuple[str, str, str], set[str]]:
        """(root, customer, brand) → ids of the messages in it."""
        found: dict[tuple[str, str, str], set[str]] = defaultdict(set)
        for row in self.rows:
            customer = row.author if row.inbound else self.partner(row)
            for brand in row.brands:
                if customer is not None:
                    found[(self.ids[row.root], customer, brand)].add(row.id)
        return dict(found)

    def post(self, row: Row, *, with_id: bool) -> dict:
        """The row for `POST /control/posts`."""
        author = {"handle": row.author, "name": row.author}
        if row.inbound:
            author["id"] = row.author
        post = {
            "network": "x",
            "id": row.id,
            "author": author,
            "text": row.text,
            "created_at": row.at.isoformat(),
        }
        if row.parent:
            post["in_reply_to"] = self.ids[row.parent]
        if with_id:
            post["conversation_id"] = self.ids[row.root]
        if row.inbound and not row.named:
            post["to"] = row.brands[0]
        return post


def expected_text(row: Row) -> str:
    """Entities decoded once; nothing else may differ, but for cut card numbers."""
    return html.unescape(row.text)


def _read(path: Path) -> list[Row]:
    rows: dict[str, Row] = {}
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8", newline="") as lines:
        for line in csv.DictReader(lines):
            at = datetime.strptime(line["created_at"], "%a %b %d %H:%M:%S %z %Y").astimezone(UTC)
            parent = line["in_response_to_tweet_id"].removesuffix(".0")
            rows.setdefault(
                line["tweet_id"],
                Row(
                    line["tweet_id"],
                    line["author_id"],
                    line["inbound"] == "True",
                    at,
                    line["text"],
                    parent,
                    line["conversation_root_id"],
                ),
            )
    return list(rows.values())
