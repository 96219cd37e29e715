"""Doing what the rules said, to conversations that the caller has locked: a few statements for a whole batch."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from inbox.models.conversation import Conversation
from inbox.models.people import Mute
from inbox.models.queue import Queue
from inbox.models.work import ConversationEvent, ConversationTag, Tag
from inbox.policies import access_of_all
from inbox.services import events, ownership, people, status, tags
from routing.models.handoff import Handoff
from routing.models.staffing import ConversationSkill, Lane, Skill
from routing.models.webhook import WebhookCall
from routing.rules.contracts import SKILL_LEVEL, Outcome
from routing.rules.sentences import PRIORITIES
from routing.services import notices, pairs, ruled_issues, sla, webhooks


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the rules want of one conversation.

    Args:
        message_id: the message that they looked at.
        key: names the decision: nobody is told, and no webhook called, twice of the same.
    """

    conversation_id: int
    message_id: int
    outcome: Outcome
    key: str

    @property
    def why(self) -> str:
        return self.outcome.reasons[0][1] if self.outcome.reasons else ""


@dataclass(slots=True)
class _Batch:
    """What is known before, and what is to be written after. `held`: all that the caller has locked."""

    conversations: Mapping[int, Conversation]
    held: Mapping[int, Conversation]
    now: datetime
    queues: Mapping[int, Queue]
    people: Mapping[int, User]
    in_hands: Collection[int]
    prioritised: Collection[int]
    fields: dict[int, set[str]] = field(default_factory=dict)
    facts: list[tuple[str, events.Fact]] = field(default_factory=list)

    def change(self, conversation: Conversation, *names: str) -> None:
        self.fields.setdefault(conversation.pk, set()).update(names)

    def tell(self, kind: str, conversation: Conversation, data: dict[str, Any], *topics: str) -> None:
        fact = events.Fact(conversation.pk, conversation.queue_id, conversation.brand_id, data, topics)
        self.facts.append((kind, fact))


def apply(wanted: Sequence[Wanted], conversations: Mapping[int, Conversation], *, now: datetime) -> set[int]:
    """Do it, in the order given; the ids of the conversations that have changed.

    Args:
        conversations: locked, by id, with `queue` loaded; what is not among them is left alone.
        now: the database's time.

    A queue is changed only while nobody owns it and nobody has handed it over; a priority only while no person
    has set one; what is gone is passed over. Records: conversation.moved, conversation.prioritised,
    conversation.assigned, conversation.snoozed, conversation.tagged, profile.muted.
    Idempotent: what is so already is not done again.
    """
    wanted = [one for one in wanted if one.conversation_id in conversations]
    if not wanted:
        return set()
    batch = _batch(wanted, conversations, now)
    for one in wanted:
        conversation = conversations[one.conversation_id]
        _move(batch, conversation, one)
        _prioritise(batch, conversation, one)
        _snooze(batch, conversation, one)
    _save(batch)
    _assign(batch, wanted)
    _mute(batch, wanted)
    _tag(batch, wanted)
    _name(batch, wanted)
    _need(wanted)
    _promise(batch, wanted)
    _record(batch)
    _notify(batch, wanted)
    _call(wanted)
    return set(batch.fields)


def _batch(wanted: Sequence[Wanted], conversations: Mapping[int, Conversation], now: datetime) -> _Batch:
    """What is asked once for all of them."""
    ids = {one.conversation_id for one in wanted}
    moving = {one.conversation_id for one in wanted if one.outcome.queue_id is not None}
    raising = {one.conversation_id for one in wanted if one.outcome.priority is not None}
    people = {one.outcome.assign_to for one in wanted if one.outcome.assign_to is not None}
    queues = Queue.objects.in_bulk({one.outcome.queue_id for one in wanted if one.outcome.queue_id is not None})
    return _Batch(
        conversations={pk: conversations[pk] for pk in ids},
        held=conversations,
        now=now,
        queues=queues,
        people=User.objects.filter(is_active=True).in_bulk(people) if people else {},
        in_hands=in_hands(moving),
        prioritised=_prioritised_by_people(raising),
    )


def in_hands(ids: Collection[int]) -> set[int]:
    """Of which a person has said where they belong: handed over, asked for, or in the influencer lane."""
    if not ids:
        return set()
    open_or_taken = [Handoff.State.OPEN, Handoff.State.ACCEPTED]
    handed = Handoff.objects.filter(conversation__in=ids, state__in=open_or_taken)
    lanes = Lane.objects.filter(conversation__in=ids, state=Lane.State.OPEN)
    both = [rows.order_by().values_list("conversation", flat=True) for rows in (handed, lanes)]
    return set(both[0].union(both[1], all=True))


def _prioritised_by_people(ids: Collection[int]) -> set[int]:
    if not ids:
        return set()
    rows = ConversationEvent.objects.filter(conversation__in=ids, kind="conversation.prioritised", actor__isnull=False)
    return set(rows.values_list("conversation", flat=True))


def _move(batch: _Batch, conversation: Conversation, one: Wanted) -> None:
    queue = batch.queues.get(one.outcome.queue_id or 0)
    if queue is None or queue.pk == conversation.queue_id:
        return
    if conversation.owner_id is not None or conversation.pk in batch.in_hands:
        return
    old, conversation.queue = conversation.queue, queue
    batch.change(conversation, "queue_id")
    data = {"old": old.name, "new": queue.name, "old_id": old.pk, "new_id": queue.pk, "why": one.why}
    batch.tell("conversation.moved", conversation, data, events.lane_topic(old.pk, conversation.brand_id))


def _prioritise(batch: _Batch, conversation: Conversation, one: Wanted) -> None:
    priority = one.outcome.priority
    if priority is None or priority == conversation.priority or conversation.pk in batch.prioritised:
        return
    old, conversation.priority = conversation.priority, priority
    batch.change(conversation, "priority")
    data = {"priority": PRIORITIES[priority], "old": PRIORITIES[old], "why": one.why}
    batch.tell("conversation.prioritised", conversation, data)


def _snooze(batch: _Batch, conversation: Conversation, one: Wanted) -> None:
    if one.outcome.snooze is None or conversation.status != Conversation.Status.OPEN or conversation.owner_id:
        return
    until = batch.now + timedelta(minutes=one.outcome.snooze)
    batch.change(conversation, *status.rested(conversation, Conversation.Status.SNOOZED, until=until))
    batch.tell("conversation.snoozed", conversation, {"until": ownership.iso(until), "why": one.why})


def _assign(batch: _Batch, wanted: Iterable[Wanted]) -> None:
    """To somebody who may work there now; else it waits in its queue as everything does. After the moves are saved."""
    given = [one for one in wanted if one.outcome.assign_to in batch.people]
    if not given:
        return
    rights = access_of_all(list(batch.people))
    rests = pairs.rests_of(batch.conversations[one.conversation_id] for one in given)
    for one in given:
        conversation, person = batch.conversations[one.conversation_id], batch.people[one.outcome.assign_to or 0]
        is_open = conversation.status == Conversation.Status.OPEN and conversation.owner_id is None
        if not is_open or not rights[person.pk].staffs(conversation) or _is_parted(batch, rests, conversation, person):
            continue
        ownership.hold(conversation, owner=person, now=batch.now)
        batch.fields.setdefault(conversation.pk, set())
        data = {"to": person.name, "to_id": person.pk, "from_id": None, "why": one.why}
        batch.tell("conversation.assigned", conversation, data, events.user_topic(person.pk))


def _is_parted(batch: _Batch, rests: Mapping[int, pairs.Rest], conversation: Conversation, person: User) -> bool:
    """Whether somebody else has its other half, before or since this batch: then it waits for that person."""
    rest = rests.get(conversation.pk, pairs.ALONE)
    parts = [batch.conversations.get(row.pk, row) for row in (*rest.free, *rest.owned)]
    return rest.held or any(part.owner_id not in (None, person.pk) for part in parts)


def _mute(batch: _Batch, wanted: Iterable[Wanted]) -> None:
    """As when a person mutes: no conversation of the author with the brand waits for anybody from now on."""
    for one in wanted:
        conversation = batch.conversations[one.conversation_id]
        if not one.outcome.mute:
            continue
        _, fresh = Mute.objects.get_or_create(profile_id=conversation.profile_id, brand_id=conversation.brand_id)
        if fresh:
            for pk in people.hush(conversation, batch.held):
                batch.fields.setdefault(pk, set())
            batch.tell("profile.muted", conversation, {"profile_id": conversation.profile_id, "why": one.why})


def _save(batch: _Batch) -> None:
    """All changed rows in one statement."""
    changed = [batch.conversations[pk] for pk in batch.fields]
    names = sorted({name for fields in batch.fields.values() for name in fields} | {"revision"})
    for conversation in changed:
        conversation.revision += 1
    if changed:
        Conversation.objects.bulk_update(changed, [name.removesuffix("_id") for name in names])


def _tag(batch: _Batch, wanted: Iterable[Wanted]) -> None:
    pairs = {(one.conversation_id, tags.normalised(name)): one for one in wanted for name in one.outcome.tags}
    if not pairs:
        return
    words = sorted({name for _, name in pairs})
    Tag.objects.bulk_create([Tag(name=name) for name in words], ignore_conflicts=True)
    ids = dict(Tag.objects.filter(name__in=words).values_list("name", "pk"))
    there = set(
        ConversationTag.objects.filter(conversation__in={pk for pk, _ in pairs}).values_list("conversation", "tag")
    )
    fresh = {pair: one for pair, one in pairs.items() if (pair[0], ids[pair[1]]) not in there}
    ConversationTag.objects.bulk_create(
        [ConversationTag(conversation_id=pk, tag_id=ids[name]) for pk, name in fresh], ignore_conflicts=True
    )
    for pk in sorted({pk for pk, _ in fresh}):
        added = sorted(name for other, name in fresh if other == pk)
        why = next(one.why for (other, _), one in fresh.items() if other == pk)
        batch.fields.setdefault(pk, set())
        batch.tell("conversation.tagged", batch.conversations[pk], {"added": added, "removed": [], "why": why})


def _name(batch: _Batch, wanted: Iterable[Wanted]) -> None:
    """The issue, as a verdict on the message, which people correct as any other."""
    chosen = {one.message_id: ruled_issues.Ruled(one.outcome.issue, one.why) for one in wanted if one.outcome.issue}
    named = ruled_issues.name(chosen)
    for one in wanted:
        if one.message_id in named:
            batch.fields.setdefault(one.conversation_id, set())


def _need(wanted: Iterable[Wanted]) -> None:
    """Skills that whoever takes it needs."""
    pairs = {(one.conversation_id, slug): one for one in wanted for slug in one.outcome.skills}
    if not pairs:
        return
    ids = dict(Skill.objects.filter(slug__in={slug for _, slug in pairs}).values_list("slug", "pk"))
    ConversationSkill.objects.bulk_create(
        [
            ConversationSkill(conversation_id=pk, skill_id=ids[slug], level=SKILL_LEVEL, why=one.why[:200])
            for (pk, slug), one in pairs.items()
            if slug in ids
        ],
        ignore_conflicts=True,
    )


def _promise(batch: _Batch, wanted: Iterable[Wanted]) -> None:
    """The promise that was chosen; clocks follow whatever has changed."""
    chosen = {
        one.conversation_id: sla.Choice(one.outcome.sla_policy_id, one.why)
        for one in wanted
        if one.outcome.sla_policy_id is not None
    }
    sla.choose(chosen)
    sla.refresh({*batch.fields, *chosen}, now=batch.now)


def _record(batch: _Batch) -> None:
    """One statement for each kind of event."""
    for kind in dict.fromkeys(kind for kind, _ in batch.facts):
        events.record_many(kind, [fact for other, fact in batch.facts if other == kind])


def _notify(batch: _Batch, wanted: Iterable[Wanted]) -> None:
    for one in wanted:
        if one.outcome.notify:
            person = batch.conversations[one.conversation_id].profile.label or "Somebody"
            data = {"person": person, "sentence": one.why}
            notices.tell(one.outcome.notify, "rule.notified", one.conversation_id, data, key=f"rule:{one.key}")


def _call(wanted: Iterable[Wanted]) -> None:
    """Webhooks are called by a worker, after the commit; the queue for it is a table."""
    calls = [
        WebhookCall(
            webhook_id=webhook_id,
            conversation_id=one.conversation_id,
            key=f"{webhook_id}:{one.key}",
            body=webhooks.body(one.conversation_id, one.outcome, key=one.key),
        )
        for one in wanted
        for webhook_id in one.outcome.webhooks
    ]
    webhooks.queue(calls)
