"""Macros as machines send and get them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from api.serializers.inputs import LARGEST_ID, LARGEST_REVISION, Strict
from api.serializers.outputs import Json, Shape
from api.serializers.replies import SharedInput, SharedShape, shared
from inbox.services.reply_request import LONGEST_TOKEN
from inbox.services.tags import LENGTH
from routing import macro_steps
from routing.models.macro import Macro, MacroRun
from routing.services.handoff import LIMITS
from routing.services.macro_runs import Preview


class StepInput(Strict):
    """One act: `claim`; `priority` with `value` 1 to 4; `tag` with `tags`; `insert` with the id of a saved reply;
    `hand_off` with the id of a queue and a `reason`; `snooze` with minutes; `resolve` with `disposition`.
    """

    do = serializers.ChoiceField(macro_steps.ORDER)
    value = serializers.IntegerField(required=False, default=None, allow_null=True, min_value=1, max_value=LARGEST_ID)
    disposition = serializers.CharField(max_length=16, required=False, default="", allow_blank=True)
    tags = serializers.ListField(
        child=serializers.CharField(max_length=LENGTH), required=False, default=list, max_length=macro_steps.TAGS
    )
    reason = serializers.CharField(max_length=LIMITS["reason"], required=False, default="", allow_blank=True)


class MacroInput(SharedInput):
    """Several acts with one name; each at most once."""

    steps = StepInput(many=True)


class MacroChoice(Strict):
    """Which macro."""

    macro = serializers.IntegerField(max_value=LARGEST_ID)


class RunInput(MacroChoice):
    """Run it. `Idempotency-Key` beats `client_token`; one of them is needed."""

    seen = serializers.IntegerField(
        required=False, default=None, allow_null=True, max_value=LARGEST_REVISION, help_text="Revision of the preview."
    )
    client_token = serializers.CharField(max_length=LONGEST_TOKEN, required=False, default="", allow_blank=True)


class StepShape(Shape):
    """One act."""

    do = serializers.ChoiceField(macro_steps.ORDER)
    value = serializers.IntegerField(allow_null=True)
    disposition = serializers.CharField(allow_blank=True)
    tags = serializers.ListField(child=serializers.CharField())
    reason = serializers.CharField(allow_blank=True)


class MacroShape(SharedShape):
    """Several acts with one name, in the order in which they are done."""

    steps = StepShape(many=True)


class MacrosShape(Shape):
    """At most 200, by name."""

    results = MacroShape(many=True)


class TriedShape(StepShape):
    """One act as it would go."""

    problem = serializers.CharField(allow_blank=True, help_text="Why it cannot be done.")
    changes = serializers.BooleanField(help_text="False = it is so already.")


class PreviewShape(Shape):
    """What it would do here."""

    macro = serializers.IntegerField()
    revision = serializers.IntegerField(help_text="Of the conversation; send it as `seen`.")
    can_run = serializers.BooleanField()
    steps = TriedShape(many=True)


class RunShape(Shape):
    """One run."""

    id = serializers.IntegerField()
    macro = serializers.IntegerField()
    conversation = serializers.IntegerField()
    ran_at = serializers.DateTimeField()
    undone_at = serializers.DateTimeField(allow_null=True)


def steps_of(given: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """As the service reads them: one value, whatever its type."""
    names = ("do", "tags", "reason")
    return [{**{name: one[name] for name in names}, "value": one["disposition"] or one["value"]} for one in given]


def _step(do: str, value: int | str | None, tags: Any, reason: str) -> Json:
    words = isinstance(value, str)
    told = {"value": None if words else value, "disposition": value if words else ""}
    return {"do": do, **told, "tags": list(tags), "reason": reason}


def macro(row: Macro) -> Json:
    return {**shared(row), "steps": [_step(**step) for step in row.steps]}


def preview(found: Preview) -> Json:
    steps = [
        {
            **_step(one.step.do, one.step.value, one.step.tags, one.step.reason),
            "problem": one.problem,
            "changes": one.changes,
        }
        for one in found.steps
    ]
    return {"macro": found.macro.pk, "revision": found.revision, "can_run": found.can_run, "steps": steps}


def run(row: MacroRun) -> Json:
    names = ("ran_at", "undone_at")
    return {
        "id": row.pk,
        "macro": row.macro_id,
        "conversation": row.conversation_id,
        **{name: getattr(row, name) for name in names},
    }
