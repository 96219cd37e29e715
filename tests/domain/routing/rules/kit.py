"""Rules turned on, messages judged, and what became of it."""

from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction

from accounts.models import User
from inbox.models.conversation import Conversation
from inbox.models.message import Message
from routing.models.rule import RuleSet
from routing.services import deciding, drafts, versions
from routing.triage.contracts import Verdict, Verdicts


@dataclass(frozen=True)
class Doing:
    """An administrator who writes rules."""

    ada: User

    def rule(self, *asked: dict[str, Any], name: str = "Rule", **do: Any) -> int:
        """A rule over an "all" group, turned on; its number."""
        draft = drafts.start(actor=self.ada, name=name)
        acts = [{"do": kind, "value": value} for kind, value in do.items()]
        drafts.save(draft.number, actor=self.ada, when={"all": list(asked)}, do=acts)
        versions.turn_on(draft.number, actor=self.ada)
        return draft.number


def ask(field: str, value: Any, op: str = "is") -> dict[str, Any]:
    return {"field": field, "op": op, "value": value}


NEGATIVE = ask("sentiment", ["negative"])


def judged(**said: str) -> Verdicts:
    return replace(Verdicts(), **{label: Verdict(value, 0.9, "because") for label, value in said.items()})


def newest(of: Conversation) -> Message:
    return Message.objects.filter(conversation=of, direction="in").order_by("posted_at", "id").last()


def route(*conversations: Conversation, **said: str) -> set[int]:
    """Decide about the newest message of each, as the worker does after triage."""
    ids = [newest(one).pk for one in conversations]
    with transaction.atomic():
        return deciding.decide_all(ids, {pk: judged(**said) for pk in ids})


def version() -> int:
    return RuleSet.objects.order_by("-number").values_list("number", flat=True)[0]
