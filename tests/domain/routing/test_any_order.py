"""Whatever people do, in whatever order, as Hypothesis draws it: nothing is ownerless, doubled or out of its calendar.

`tests/domain/lifecycle/test_any_sequence.py` holds the rules of the inbox with dice of its own; this one adds what
routing does: escalations, presence, the system giving work, "my next", the influencer lane, and the clocks.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts.models import User
from accounts.services import presence
from inbox.models.conversation import Conversation
from inbox.models.work import ConversationEvent
from inbox.policies import access_of
from inbox.services import lifecycle
from routing.models.handoff import Handoff
from routing.services import assignment, escalation, handoff, lane
from routing.services import next as my_next
from tests.domain.assignment.staff import here, pushing
from tests.domain.lifecycle.test_any_sequence import Story
from tests.domain.targets.stage import assert_sound, office, policy
from tests.factories import people
from tests.personas import World

EXAMPLES, STEPS = 25, 40
STATUSES = ("available", "busy", "away", "offline")
ACTS = ("people", "people", "asking", "deciding", "turn", "presence", "system", "next", "lane")
ACTS += ("escalating", "escalating", "ending")
WHO = ("member", "owner", "asked", "supervisor", "anybody")
HAPPENING = {
    "conversation.claimed",
    "conversation.released",
    "conversation.assigned",
    "conversation.resolved",
    "conversation.reopened",
    "conversation.skipped",
    "handoff.escalated",
    "handoff.acknowledged",
    "handoff.overdue",
    "handoff.accepted",
    "handoff.declined",
}

step = st.tuples(st.sampled_from(ACTS), st.sampled_from(WHO), st.integers(0, 1), st.integers(0, 9), st.integers(0, 11))


class Day(Story):
    """Two conversations and everybody who works on them or is given them."""

    def do(self, kind: str, who: str, which: int, n: int, chosen: int) -> None:
        pk, person = self.pks[which], self.person(who, which)
        if kind == "turn":
            turns = [self.contact_writes, self.we_answer, self.time_passes, self.weeks_pass, self.fold]
            turns[chosen % len(turns)](pk)
            return
        acts: list[Callable[[], Any]] = {
            "people": lambda: self.acts_of_people(pk, person, n),
            "asking": lambda: [self.asking(pk, person, n)],
            "deciding": lambda: self.deciding(pk, self.person("asked", which)),
            "presence": lambda: [lambda: presence.set_status(person, STATUSES[n % 4], capacity=n)],
            "system": lambda: [assignment.drain, self.chase, lane.look, lane.return_due],
            "next": lambda: [lambda: my_next.next_for(person), lambda: self.skip(person)],
            "escalating": lambda: self.escalating(pk, person, self.person("asked", which), n),
            "ending": lambda: [
                lambda: lifecycle.resolve(pk, actor=person, disposition="answered"),
                lambda: lifecycle.reopen(pk, actor=person),
            ],
            "lane": lambda: [lambda: lane.give_back(pk, actor=person)],
        }[kind]()
        self.attempt(acts[chosen % len(acts)])

    def escalating(self, pk: int, actor: User, asked: User, n: int) -> list[Callable[[], Any]]:
        queue = [self.world.queues.care, self.world.queues.pr, self.world.queues.marketing][n % 3]
        last = Handoff.objects.filter(conversation=pk).order_by("id").values_list("pk", flat=True).last() or 0
        return [
            lambda: escalation.escalate(pk, to=queue, actor=actor, reason="Now.", within=5, urgency=1 + n % 2),
            lambda: escalation.acknowledge(last, actor=asked),
            lambda: handoff.answer(last, actor=asked, text="Tell them noon."),
        ]

    def skip(self, person: User) -> Any:
        mine = my_next.next_for(person)
        return my_next.skip(mine.pk, actor=person, reason="Not my language.")

    def chase(self) -> int:
        """The clock passes the deadline of every escalation."""
        late = timedelta(days=1)
        Handoff.objects.exclude(chase_at=None).update(chase_at=F("chase_at") - late)
        return escalation.chase()

    def the_rules_hold(self) -> None:
        super().the_rules_hold()
        for row in Conversation.objects.filter(pk__in=self.pks).select_related("owner", "queue"):
            self.owner_may_answer(row)
        assert_sound()

    def owner_may_answer(self, row: Conversation) -> None:
        if row.owner is not None:
            assert row.owner.is_active
            assert access_of(row.owner).can_act(row)


@pytest.mark.timeout(600)
def test_no_order_of_acts_breaks_a_rule(world: World) -> None:
    policy(world, hours_id=office(world).pk)
    pushing(world.queues.care)
    pushing(world.queues.pr, "round_robin")
    lead = people.person("Lea Okafor", teams=[world.teams.pr], brands=[world.brands.northwind], team_role="supervisor")
    for person in (world.ana, world.ben, world.omar, lead):
        here(person, capacity=6)

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
        phases=[Phase.generate],  # making a failure smaller takes minutes: each try plays a story on the database
    )
    @given(st.lists(step, min_size=STEPS // 2, max_size=STEPS))
    def holds(steps: list[tuple[str, str, int, int, int]]) -> None:
        day = Day(world, 0)
        for one in steps:
            day.do(*one)
            day.the_rules_hold()

    holds()
    happened = set(ConversationEvent.objects.values_list("kind", flat=True))
    assert happened >= HAPPENING, HAPPENING - happened
