"""Policies, hours and what the clocks say, for the tests of targets."""

from datetime import date, timedelta

from django.db.models import Min

from inbox.models.conversation import Conversation
from inbox.models.work import ConversationEvent
from routing.calendar import Period
from routing.models.hours import BusinessHours
from routing.models.sla import SlaClock, SlaPolicy
from routing.services import hours, recount, targets
from routing.services.hours import Holiday, Week
from routing.services.targets import Scope, Terms
from tests.personas import World

MINUTE = timedelta(minutes=1)
TARGETS = {("first", None): 60, ("next", None): 30, ("resolution", None): 24 * 60, ("first", 1): 15}
OFFICE = tuple(Period(day, 9 * 60, 17 * 60) for day in range(5))


def policy(world: World, name: str = "Standard", scope: Scope = Scope(), **terms) -> SlaPolicy:  # noqa: B008
    row = targets.create(name, scope, Terms(**{"targets": TARGETS, **terms}), actor=world.ada)
    settle()
    return row


def office(world: World, *holidays: date, name: str = "Office", periods: tuple[Period, ...] = OFFICE) -> BusinessHours:
    week = Week("Europe/Vienna", periods, tuple(Holiday(on) for on in holidays))
    return hours.create(name, week, actor=world.ada)


def settle() -> None:
    """Work off the jobs that a change has left."""
    while recount.work():
        pass


def clock(of: Conversation, kind: str = "first", turn: int = 0) -> SlaClock:
    return SlaClock.objects.get(conversation=of, kind=kind, turn=turn)


def due(of: Conversation):
    return Conversation.objects.values_list("due_at", flat=True).get(pk=of.pk)


def told(of: Conversation, kind: str) -> list[dict]:
    rows = ConversationEvent.objects.filter(conversation=of, kind=kind).order_by("id")
    return list(rows.values_list("data", flat=True))


def assert_sound() -> None:
    """`due_at` is the least running due, and no case has two clocks of a kind at once."""
    running = SlaClock.objects.filter(ended_at=None).order_by()
    least = dict(running.values("conversation").annotate(at=Min("due_at")).values_list("conversation", "at"))
    for pk, at in Conversation.objects.values_list("pk", "due_at"):
        assert least.get(pk) == at, pk
    pairs = [
        (case, "answer" if kind != "resolution" else kind) for case, kind in running.values_list("case_id", "kind")
    ]
    assert len(pairs) == len(set(pairs))
