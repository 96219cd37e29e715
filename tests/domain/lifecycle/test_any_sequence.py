"""Whatever people, the contact and the clock do, in whatever order: the rules of the model hold."""

import random
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from core.errors import SocialCareError
from inbox.models.conversation import Case, Conversation, Grant
from inbox.models.work import ConversationEvent
from inbox.services import counts, events, leases, lifecycle, ownership, people, status, tags
from inbox.services.acts import Act, acting
from routing.models.handoff import Handoff
from routing.services import handoff
from tests.domain.lifecycle.looking import counted, recounted
from tests.factories import talk
from tests.personas import World

# Mostly people who may: a draw from everybody is refused nearly always, and nothing happens.
WHO = ("member", "owner", "asked", "supervisor", "anybody")
STORIES, STEPS = 12, 50
DISPOSITIONS = ("answered", "wont_respond", "expired", "duplicate", "nonsense")
HAPPENING = {
    "conversation.claimed",
    "conversation.released",
    "conversation.assigned",
    "conversation.taken_over",
    "conversation.lease_expired",
    "conversation.resolved",
    "conversation.reopened",
    "conversation.snoozed",
    "conversation.woken",
    "conversation.prioritised",
    "conversation.tagged",
    "conversation.moved",
    "profile.muted",
    "profile.unmuted",
    "handoff.asked",
    "handoff.accepted",
    "handoff.declined",
    "handoff.withdrawn",
}


class Story:
    """Two conversations of one author and everybody who works on them; refusals are fine, broken rules are not.

    Plain dice, seeded: what Hypothesis draws depends on which modules are loaded, so that a run of the whole suite
    would tell another story than a run of this file.
    """

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.dice, self.told = world, random.Random(seed), list[str]()
        first = talk.conversation(world.channels.northwind_x, world.queues.care)
        second = talk.conversation(world.channels.northwind_x, world.queues.pr, profile=first.profile)
        self.pks = [first.pk, second.pk]
        self.revisions = dict.fromkeys(self.pks, 1)

    def step(self) -> None:
        dice = self.dice
        which, who, n = dice.randrange(2), dice.choice(WHO), dice.randrange(10)
        pk = self.pks[which]
        turns = [self.contact_writes, self.we_answer, self.time_passes, self.weeks_pass, self.fold]
        kind = dice.choice(["people", "people", "people", "asking", "deciding", "turn"])
        self.told.append(f"{kind} {who} {which} {n}")
        if kind == "turn":
            dice.choice(turns)(pk)
        elif kind == "people":
            self.attempt(dice.choice(self.acts_of_people(pk, self.person(who, which), n)))
        elif kind == "asking":
            self.attempt(self.asking(pk, self.person(who, which), n))
        else:
            self.attempt(dice.choice(self.deciding(pk, self.person(dice.choice(["asked", who]), which))))

    def acts_of_people(self, pk: int, actor: User, n: int) -> list[Callable[[], Any]]:
        world, seen = self.world, Conversation.objects.get(pk=pk).owner_id
        to = [world.ana, world.omar, world.ben, world.mia, None][n % 5]
        until = timezone.now() + timedelta(hours=n - 1)
        reason = "Not ours." if n > 4 else ""
        return [
            lambda: ownership.claim(pk, actor=actor),
            lambda: ownership.release(pk, actor=actor, reason="x"),
            lambda: ownership.assign(pk, actor=actor, to=to),
            lambda: ownership.take_over(pk, actor=world.omar if n > 3 else actor, seen_owner=seen),
            lambda: lifecycle.resolve(pk, actor=actor, disposition=DISPOSITIONS[n % 5], reason=reason),
            lambda: lifecycle.mark_spam(pk, actor=actor, mute=n > 4),
            lambda: lifecycle.reopen(pk, actor=actor),
            lambda: lifecycle.snooze(pk, actor=actor, until=until),
            lambda: lifecycle.wake(pk, actor=actor),
            lambda: lifecycle.set_priority(pk, actor=actor, priority=n % 6),
            lambda: tags.change(pk, actor=actor, add=["refund", "Refund", ""][n % 3 : n % 3 + 1]),
            lambda: people.mute(pk, actor=actor) if n > 5 else people.unmute(pk, actor=actor),
        ]

    def asking(self, pk: int, actor: User, n: int) -> Callable[[], Any]:
        queue = [self.world.queues.care, self.world.queues.pr, self.world.queues.marketing][n % 3]
        return lambda: handoff.ask(pk, to=queue, actor=actor, reason="Yours.")

    def deciding(self, pk: int, actor: User) -> list[Callable[[], Any]]:
        last = Handoff.objects.filter(conversation=pk).order_by("id").values_list("pk", flat=True).last() or 0
        return [
            lambda: handoff.accept(last, actor=actor),
            lambda: handoff.decline(last, actor=actor, reason="No."),
            lambda: handoff.withdraw(last, actor=actor),
        ]

    def person(self, who: str, which: int) -> User:
        row = Conversation.objects.select_related("queue", "owner").get(pk=self.pks[which])
        asked = Handoff.objects.filter(conversation=row, state="open").select_related("to_queue").first()
        staff = {"care": self.world.ana, "pr": self.world.ben, "marketing": self.world.mia}
        member = staff[row.queue.slug]
        return {
            "member": member,
            "owner": row.owner or member,
            "asked": staff[asked.to_queue.slug] if asked else member,
            "supervisor": self.world.omar,
            "anybody": self.world.zoe if which else self.world.ada,
        }[who]

    def attempt(self, act: Callable[[], Any]) -> None:
        """Act; a refusal changes nothing at all."""
        before = self.turns()
        try:
            act()
        except SocialCareError:
            refused = True
        else:
            refused = False
        if refused:
            assert self.turns() == before

    def turns(self) -> list[Any]:
        rows = Conversation.objects.filter(pk__in=self.pks).order_by("id")
        facts = ConversationEvent.objects.filter(conversation__in=self.pks).count()
        return [facts, *rows.values_list("pk", "status", "owner", "queue", "revision", "waiting_since")]

    # --- what nobody in the house decides

    def contact_writes(self, pk: int) -> None:
        row = Conversation.objects.select_related("profile").get(pk=pk)
        message = talk.message(row, "And?", external_id=uuid.uuid4().hex)
        if not talk.is_muted(row):
            self.turn(pk, lambda act: self.received(act, message.posted_at))

    @staticmethod
    def received(act: Act, posted_at: Any) -> tuple[str, ...]:
        status.case_at(act.conversation, now=act.now)
        return status.received(act.conversation, posted_at, now=act.now)

    def we_answer(self, pk: int) -> None:
        self.turn(pk, lambda act: status.answered(act.conversation, act.now, now=act.now))

    def turn(self, pk: int, change: Callable[[Act], tuple[str, ...]]) -> None:
        with acting(pk, self.world.ada) as act:
            events.touch(act.conversation, *change(act))

    def time_passes(self, _pk: int) -> None:
        """Leases run out, snoozes end, the sweepers come by."""
        day = timedelta(days=1)
        Conversation.objects.exclude(lease_until=None).update(lease_until=F("lease_until") - day)
        Conversation.objects.exclude(snoozed_until=None).update(snoozed_until=F("snoozed_until") - day)
        leases.expire()
        lifecycle.wake_due()

    def weeks_pass(self, _pk: int) -> None:
        Case.objects.exclude(resolved_at=None).update(resolved_at=F("resolved_at") - timedelta(days=8))

    def fold(self, _pk: int) -> None:
        counts.fold(limit=50)

    # --- what always holds

    def the_rules_hold(self) -> None:
        for row in Conversation.objects.filter(pk__in=self.pks).select_related("profile"):
            self.one_place_one_owner_one_case(row)
            self.waiting_only_when_open(row)
            assert row.revision >= self.revisions[row.pk]
            self.revisions[row.pk] = row.revision
        assert counted() == recounted()

    def one_place_one_owner_one_case(self, row: Conversation) -> None:
        assert row.queue_id is not None
        assert Case.objects.filter(conversation=row, resolved_at=None).count() == (row.status != "resolved")
        asks = Handoff.objects.filter(conversation=row, state="open").count()
        assert asks <= (row.status != "resolved")
        # The team that is asked, and who was told that nobody there answers: while the question is open.
        assert Grant.objects.filter(conversation=row, reason="handoff").exists() == (asks > 0)
        if row.owner_id is not None:
            assert Grant.objects.filter(conversation=row, user=row.owner_id, reason="owner").exists()

    def waiting_only_when_open(self, row: Conversation) -> None:
        assert row.waiting_since is None or (row.status == "open" and not talk.is_muted(row))
        assert row.lease_until is None or (row.status == "open" and row.owner_id is not None)
        assert (row.snoozed_until is not None) == (row.status == "snoozed")


@pytest.mark.timeout(300)
def test_any_sequence_of_acts_keeps_the_rules(world: World) -> None:
    for seed in range(STORIES):
        story = Story(world, seed)
        for _ in range(STEPS):
            story.step()
            assert_rules(story, seed)
    happened = set(ConversationEvent.objects.values_list("kind", flat=True))
    assert happened >= HAPPENING, HAPPENING - happened


def assert_rules(story: Story, seed: int) -> None:
    try:
        story.the_rules_hold()
    except AssertionError as broken:
        broken.add_note(f"seed {seed}: " + "; ".join(story.told))
        raise
