"""What a search or a saved view asks for, in terms of this installation and of who asks (`inbox.query`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from channels.models import Channel
from core.copying import array_literal
from inbox import facets, query
from inbox.models.conversation import Conversation
from inbox.models.people import Profile
from inbox.policies import Access
from inbox.query import NARROWING, STATUSES, Query
from inbox.selectors import items
from inbox.selectors.conversations import ANY, Owned, Wanted, Where
from inbox.selectors.search import MOST_PEOPLE

LISTED = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """A search as it can be run, with a sentence for each thing in it that means nothing here."""

    words: str
    wanted: Wanted
    problems: tuple[str, ...]


def asked(access: Access, text: str, place: Wanted, *, strict: bool = False) -> Asked:
    """What `text` asks for within a list; at most one query per operator that names something of ours.

    Args:
        strict: what is not known here selects nothing instead of being left out: a shared view that names a queue
            which one does not read must not show everything instead.
    """
    found = query.parse(text)
    reader = _Reader(access, found, place, strict)
    return Asked(found.words, reader.wanted(), (*found.problems, *reader.problems))


_OWN = {
    "waiting": "c.waiting_since IS NOT NULL",
    "late": "c.due_at < now()",
    "unassigned": "c.owner_id IS NULL",
    "private": "c.thread_key LIKE 'dm:%%'",
    "public": "c.thread_key LIKE 'post:%%'",
    **{status: f"c.status = '{status}'" for status in STATUSES},
    "any": "true",
}
_MEDIA = "a.kind <> 'link'"
_LINK = "a.kind = 'link'"
_HAS = {
    "note": "EXISTS (SELECT FROM inbox_note n WHERE n.conversation_id = c.id)",
    "reply": "c.answered_at IS NOT NULL",
}
_ATTACHED = """EXISTS (SELECT FROM inbox_message m JOIN inbox_attachment a ON a.message_id = m.id
                       WHERE m.conversation_id = c.id AND {kind})"""
_ATTACHED_HERE = "EXISTS (SELECT FROM inbox_attachment a WHERE a.message_id = m.id AND {kind})"
_TAG = """EXISTS (SELECT FROM inbox_conversationtag ct JOIN inbox_tag t ON t.id = ct.tag_id
                  WHERE ct.conversation_id = c.id AND t.name = {value})"""
_REACH = "EXISTS (SELECT FROM inbox_profile f WHERE f.id = c.profile_id AND f.followers >= {value})"


class _Reader:
    """Reads one search: collects conditions with the values that they name, and what is wrong."""

    def __init__(self, access: Access, found: Query, place: Wanted, strict: bool) -> None:
        self.access, self.found, self.place, self.strict = access, found, place, strict
        self.parts: list[str] = []
        self.said: list[str] = []
        self.values: dict[str, Any] = {}
        self.problems: list[str] = []

    def wanted(self) -> Wanted:
        readers: dict[str, Callable[[str], None]] = {
            "is": self._is,
            "has": self._has,
            "queue": self._queue,
            "brand": self._brand,
            "to": self._to,
            "owner": self._owner,
            "from": self._from,
            "tag": self._tag,
            "priority": self._priority,
            "before": self._day,
            "after": self._day,
            "waiting": self._waiting,
            "reach": self._reach,
        }
        for name in dict.fromkeys(term.name for term in self.found.terms):
            readers.get(name, self._facet)(name)
        values = tuple(self.values.items())
        return replace(self.place, where=Where(tuple(self.parts), values), said=Where(tuple(self.said), values))

    def _value(self, value: Any) -> str:
        """A place for a value in a condition."""
        name = f"asked{len(self.values)}"
        self.values[name] = value
        return f"%({name})s"

    def _either(self, name: str, condition: Callable[[str], str], into: list[str] | None = None) -> None:
        """One of the values, or each of them where they narrow; and none of those with a minus."""
        into = self.parts if into is None else into
        wanted = [condition(value) for value in self.found.values(name)]
        if wanted:
            into.append((" AND " if name in NARROWING else " OR ").join(wanted).join("()"))
        into += [f"NOT COALESCE({condition(value)}, false)" for value in self.found.values(name, negative=True)]

    def _among(self, name: str, known: Mapping[str, str], sql: str) -> None:
        """Values out of a list of ours, of which each has a key and a name for people."""
        wanted = self._keys(name, known, negative=False)
        if wanted is not None:
            self.parts.append(sql.format(values=self._value(array_literal(wanted))))
        unwanted = self._keys(name, known, negative=True)
        if unwanted:
            self.parts.append(f"NOT COALESCE({sql.format(values=self._value(array_literal(unwanted)))}, false)")

    def _keys(self, name: str, known: Mapping[str, str], *, negative: bool) -> list[str] | None:
        """The keys of what is known; None = nothing to go by."""
        typed = self.found.values(name, negative=negative)
        keys = [query.match(value, known) for value in typed]
        self.problems += [
            query.unknown_value(name, value, known) for value, key in zip(typed, keys, strict=True) if key is None
        ]
        found = [key for key in keys if key is not None]
        return found if found or (typed and self.strict) else None

    def _is(self, name: str) -> None:
        wanted = self.found.values(name)
        statuses = [value for value in wanted if value in STATUSES]
        if "any" in wanted:
            self.place = replace(self.place, status=ANY, statuses=())
        elif statuses:
            self.place = replace(self.place, status=ANY, statuses=tuple(statuses))
        elif "waiting" in wanted:
            self.place = replace(self.place, status="needs_reply", statuses=())
        if "mine" in wanted and self.place.owned == Owned.ANYBODY:
            self.place = replace(self.place, owned=Owned.ME)
        rest = [value for value in wanted if value not in (*STATUSES, "any")]
        self.parts += [self._state(value) for value in rest]
        unwanted = self.found.values(name, negative=True)
        self.parts += [f"NOT COALESCE({self._state(value)}, false)" for value in unwanted]

    def _state(self, value: str) -> str:
        return f"c.owner_id = {self._value(self.access.user_id)}" if value == "mine" else _OWN[value]

    def _has(self, name: str) -> None:
        words = bool(self.found.words)
        for term in self.found.terms:
            if term.name != name:
                continue
            on_message = words and term.value in ("media", "link")
            turned = "NOT {}" if term.negative else "{}"
            (self.said if on_message else self.parts).append(turned.format(self._having(term.value, on_message)))

    def _having(self, value: str, on_message: bool) -> str:
        if value in _HAS:
            return _HAS[value]
        return (_ATTACHED_HERE if on_message else _ATTACHED).format(kind=_LINK if value == "link" else _MEDIA)

    def _queue(self, name: str) -> None:
        """A queue, or all queues of a desk."""
        queues = items.readable_queues(self.access)
        known = {queue.slug: queue.name for queue in queues}
        desks = {f"desk {queue.desk.slug}": queue.desk.name for queue in queues if queue.desk.slug not in known}
        ids: dict[str, list[int]] = {queue.slug: [queue.pk] for queue in queues}
        for queue in queues:
            ids.setdefault(f"desk {queue.desk.slug}", []).append(queue.pk)
        wanted = self._keys(name, {**known, **desks}, negative=False)
        if wanted is not None:
            chosen = frozenset(pk for key in wanted for pk in ids[key])
            mine = self.place.queue_ids
            self.place = replace(self.place, queue_ids=chosen if mine is None else chosen & mine)
        unwanted = self._keys(name, {**known, **desks}, negative=True)
        if unwanted:
            away = array_literal(pk for key in unwanted for pk in ids[key])
            self.parts.append(f"NOT c.queue_id = ANY({self._value(away)}::bigint[])")

    def _brand(self, name: str) -> None:
        brands = {brand.slug: brand for brand in items.brands_of(self.access)}
        known = {slug: brand.name for slug, brand in brands.items()}
        wanted = self._keys(name, known, negative=False)
        if wanted is not None:
            chosen = frozenset(brands[key].pk for key in wanted)
            mine = self.place.brand_ids
            self.place = replace(self.place, brand_ids=chosen if mine is None else chosen & mine)
        unwanted = self._keys(name, known, negative=True)
        if unwanted:
            away = array_literal(brands[key].pk for key in unwanted)
            self.parts.append(f"NOT c.brand_id = ANY({self._value(away)}::bigint[])")

    def _to(self, name: str) -> None:
        rows = Channel.objects.filter(brand_id__in=self.access.brand_ids).values_list("pk", "handle", "name")
        known = {str(pk): handle or shown for pk, handle, shown in rows[:LISTED]}
        self._among(name, _handles(known), "c.channel_id = ANY({values}::bigint[])")

    def _owner(self, name: str) -> None:
        people = User.objects.filter(is_active=True, is_integration=False).values_list("pk", "name")
        self._among(name, {str(pk): shown for pk, shown in people}, "c.owner_id = ANY({values}::bigint[])")

    def _from(self, name: str) -> None:
        wanted, unwanted = self.found.values(name), self.found.values(name, negative=True)
        people = {value: _people(value) for value in (*wanted, *unwanted)}
        self._either(name, lambda value: f"c.profile_id = ANY({self._value(array_literal(people[value]))}::bigint[])")
        if wanted:
            self.place = replace(self.place, people=tuple({pk for value in wanted for pk in people[value]}))
            self.said.append("m.direction = 'in'")

    def _tag(self, name: str) -> None:
        self._either(name, lambda value: _TAG.format(value=self._value(value.lstrip("#").lower())))

    def _priority(self, name: str) -> None:
        levels = {choice.name.lower(): choice.value for choice in Conversation.Priority}
        self._either(name, lambda value: f"c.priority = {levels[value]}")

    def _day(self, name: str) -> None:
        """Of the message that is found by its words; without words of the newest message."""
        on, into = ("m.posted_at", self.said) if self.found.words else ("c.last_message_at", self.parts)
        sign = "<" if name == "before" else ">="
        self._either(name, lambda value: f"{on} {sign} {self._value(_begins(query.day(value)))}::timestamptz", into)

    def _waiting(self, name: str) -> None:
        self._either(name, lambda value: f"c.waiting_since < now() - {self._value(query.span(value))}::interval")

    def _reach(self, name: str) -> None:
        self._either(name, lambda value: _REACH.format(value=self._value(query.many(value))))

    def _facet(self, name: str) -> None:
        facet = facets.of(name)
        if facet is None:
            self.problems.append(query.unknown_value(name, self.found.values(name)[0], ("nothing yet",)))
            return
        self._among(name, facet.values(), f"{facet.sql} = ANY({{values}}::text[])")


def _handles(known: Mapping[str, str]) -> dict[str, str]:
    """Handles as people write them."""
    return {pk: name if name.startswith("@") or " " in name else f"@{name}" for pk, name in known.items()}


def _people(value: str) -> list[int]:
    """`@handle` is exactly that one on every network; a name is a part of the handle or the name. One query."""
    bare = value.removeprefix("@")
    meant = Q(handle__iexact=bare) if value.startswith("@") else Q(handle__icontains=bare) | Q(name__icontains=bare)
    return list(Profile.objects.filter(meant).values_list("pk", flat=True)[:MOST_PEOPLE])


def _begins(day: date | None) -> datetime | None:
    """The beginning of a day where the person is."""
    return timezone.make_aware(datetime.combine(day, time.min)) if day else None
