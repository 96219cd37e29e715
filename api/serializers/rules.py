"""Rules, versions, back-tests, author lists and webhooks: what machines send and get."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.serializers.inputs import LARGEST_REVISION, ReasonInput, Strict
from routing.models.author_list import AuthorList, ListedAuthor
from routing.models.decision import Backtest, BacktestOpinion
from routing.models.rule import RuleDraft, RuleSet
from routing.models.webhook import Webhook
from routing.rules import actions, conditions
from routing.rules.checks import Finding
from routing.rules.contracts import Names
from routing.rules.sentences import sentence
from routing.selectors.rules import Overview, Shown, drafted, findings
from routing.selectors.why import Reason
from routing.services.backtest import DAYS
from routing.services.drafts import NAME_LENGTH


@extend_schema_field({"type": "object", "additionalProperties": True})
class Conditions(serializers.JSONField):
    """AND, OR and NOT groups of tests; docs/rules.md has the grammar."""


@extend_schema_field({"type": "array", "items": {"type": "object", "additionalProperties": True}})
class Actions(serializers.JSONField):
    """What the rule does; docs/rules.md has the list."""


@extend_schema_field({"type": "object", "additionalProperties": True})
class Result(serializers.JSONField):
    """Counts of a back-test."""


def _seen(words: str) -> serializers.IntegerField:
    return serializers.IntegerField(
        required=False, default=None, allow_null=True, max_value=LARGEST_REVISION, help_text=words
    )


class NewRuleInput(Strict):
    name = serializers.CharField(max_length=NAME_LENGTH)
    when = Conditions(required=False, default=None, allow_null=True)
    do = Actions(required=False, default=None, allow_null=True)
    like = serializers.IntegerField(
        required=False, default=None, allow_null=True, max_value=LARGEST_REVISION, help_text="Copy this rule."
    )


class DraftInput(Strict):
    name = serializers.CharField(max_length=NAME_LENGTH, required=False, default=None, allow_null=True)
    when = Conditions(required=False, default=None, allow_null=True)
    do = Actions(required=False, default=None, allow_null=True)
    seen = _seen("Revision of the draft that you saw.")


class SeenInput(Strict):
    seen = _seen("Number of the version that you saw.")


class SwitchInput(SeenInput):
    on = serializers.BooleanField()


class PlaceInput(SeenInput):
    position = serializers.IntegerField(min_value=1, max_value=LARGEST_REVISION, help_text="1 = first.")


class ModeInput(SeenInput):
    mode = serializers.ChoiceField(RuleSet.Mode.choices)


class BacktestInput(Strict):
    days = serializers.ChoiceField([(days, str(days)) for days in DAYS])


class OpinionInput(Strict):
    message = serializers.IntegerField(min_value=1, max_value=10**18, help_text="One of the examples.")
    right = serializers.BooleanField(allow_null=True, help_text="null takes back what was said.")


class ListInput(Strict):
    name = serializers.CharField(max_length=60)


class AuthorInput(Strict):
    network = serializers.CharField(max_length=16)
    handle = serializers.CharField(max_length=200)


class TakeOffInput(Strict):
    profile = serializers.IntegerField(max_value=10**18)


class WebhookInput(Strict):
    name = serializers.CharField(max_length=60)
    url = serializers.CharField(max_length=500)


class OnInput(Strict):
    on = serializers.BooleanField()


class DraftShape(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    name = serializers.CharField()
    when = Conditions()
    do = Actions()
    revision = serializers.IntegerField()
    saved_by = serializers.CharField()
    saved_at = serializers.DateTimeField()


class FindingShape(serializers.Serializer[Any]):
    code = serializers.CharField(help_text="Such as never, everything, shadowed, loop, conflict, gone.")
    refuses = serializers.BooleanField(help_text="It cannot be turned on like this.")
    sentence = serializers.CharField()


class RuleShape(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    name = serializers.CharField()
    position = serializers.IntegerField(allow_null=True, help_text="null = a draft that stands nowhere yet.")
    on = serializers.BooleanField()
    rest = serializers.BooleanField(help_text="It is “Everything else”.")
    when = Conditions()
    do = Actions()
    sentence = serializers.CharField()
    fitted_last_week = serializers.IntegerField()
    draft = DraftShape(allow_null=True)
    findings = FindingShape(many=True, help_text="What is wrong with it; of a draft as if it were published.")


class RuleVersionShape(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    what = serializers.CharField()
    by = serializers.CharField(allow_null=True)
    at = serializers.DateTimeField()


class RulesShape(serializers.Serializer[Any]):
    version = serializers.IntegerField()
    mode = serializers.ChoiceField(RuleSet.Mode.choices)
    rules = RuleShape(many=True)
    versions = RuleVersionShape(many=True)


class OpinionShape(serializers.Serializer[Any]):
    message = serializers.IntegerField()
    right = serializers.BooleanField()
    by = serializers.CharField()
    at = serializers.DateTimeField()


class BacktestShape(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    rule = serializers.IntegerField()
    days = serializers.IntegerField()
    state = serializers.ChoiceField(Backtest.State.choices)
    done = serializers.IntegerField()
    total = serializers.IntegerField()
    result = Result()
    opinions = OpinionShape(many=True)
    right = serializers.IntegerField(help_text="Examples that look right.")
    wrong = serializers.IntegerField(help_text="Examples that look wrong.")


class ListShape(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()


class ListsShape(serializers.Serializer[Any]):
    results = ListShape(many=True)


class AuthorShape(serializers.Serializer[Any]):
    profile = serializers.IntegerField()
    handle = serializers.CharField()
    name = serializers.CharField()
    network = serializers.CharField()


class AuthorsShape(ListShape):
    authors = AuthorShape(many=True)


class WebhookShape(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    url = serializers.CharField()
    on = serializers.BooleanField()
    secret = serializers.CharField(allow_null=True, help_text="Only in the answer that made it.")


class WebhooksShape(serializers.Serializer[Any]):
    results = WebhookShape(many=True)


class DoubtInput(ReasonInput):
    """Which rule is wrong about the conversation, and why."""

    rule = serializers.IntegerField(min_value=1, max_value=LARGEST_REVISION, help_text="Its number.")


class DoubtShape(serializers.Serializer[Any]):
    rule = serializers.IntegerField()
    name = serializers.CharField()
    reason = serializers.CharField()


class ReasonShape(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(["verdict", "rule", "waited", "held"])
    message = serializers.IntegerField(allow_null=True)
    about = serializers.CharField(help_text="What was judged, or the name of the rule.")
    value = serializers.CharField()
    sentence = serializers.CharField()
    corrected = serializers.CharField(help_text="What a person has said since is right; empty = nothing else.")
    rule = serializers.IntegerField(allow_null=True)
    version = serializers.IntegerField(allow_null=True)
    at = serializers.DateTimeField()


class ReasonsShape(serializers.Serializer[Any]):
    results = ReasonShape(many=True)


def draft(row: RuleDraft) -> dict[str, Any]:
    return {
        "number": row.number,
        "name": row.name,
        "when": row.when,
        "do": row.do,
        "revision": row.revision,
        "saved_by": row.saved_by.name,
        "saved_at": row.saved_at,
    }


def finding(one: Finding) -> dict[str, Any]:
    return {"code": one.code, "refuses": one.refuses, "sentence": one.sentence}


def rule(shown: Shown, names: Names, findings: Sequence[Finding]) -> dict[str, Any]:
    one = shown.wording
    return {
        "number": one.number,
        "name": one.name,
        "position": shown.position,
        "on": one.is_on and shown.position is not None,
        "rest": one.rest,
        "when": conditions.dump(one.when),
        "do": actions.dump(one.do),
        "sentence": sentence(drafted(shown).when, drafted(shown).do, names),
        "fitted_last_week": shown.a_week,
        "draft": draft(shown.draft) if shown.draft else None,
        "findings": [finding(one) for one in findings],
    }


def version(row: RuleSet) -> dict[str, Any]:
    return {
        "number": row.number,
        "what": row.what,
        "by": row.made_by.name if row.made_by else None,
        "at": row.made_at,
    }


def rules(overview: Overview, names: Names) -> dict[str, Any]:
    found = findings(overview, names)
    return {
        "version": overview.version.number,
        "mode": overview.version.mode,
        "rules": [rule(shown, names, found.get(shown.wording.number, ())) for shown in overview.rules],
        "versions": [version(row) for row in overview.versions],
    }


def opinion(row: BacktestOpinion) -> dict[str, Any]:
    return {"message": row.message_id, "right": row.right, "by": row.given_by.name, "at": row.given_at}


def backtest(row: Backtest, opinions: Sequence[BacktestOpinion] = ()) -> dict[str, Any]:
    return {
        "id": row.pk,
        "rule": row.number,
        "days": row.days,
        "state": row.state,
        "done": row.done,
        "total": row.total,
        "result": row.result,
        "opinions": [opinion(one) for one in opinions],
        "right": sum(one.right for one in opinions),
        "wrong": sum(not one.right for one in opinions),
    }


def author_list(row: AuthorList) -> dict[str, Any]:
    return {"id": row.pk, "name": row.name}


def authors(row: AuthorList, listed: list[ListedAuthor]) -> dict[str, Any]:
    people = [
        {
            "profile": one.profile_id,
            "handle": one.profile.handle,
            "name": one.profile.name,
            "network": one.profile.network,
        }
        for one in listed
    ]
    return {**author_list(row), "authors": people}


def webhook(row: Webhook, *, secret: str | None = None) -> dict[str, Any]:
    return {"id": row.pk, "name": row.name, "url": row.url, "on": row.is_on, "secret": secret}


def reason(one: Reason) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "message": one.message_id,
        "about": one.label,
        "value": one.value,
        "sentence": one.sentence,
        "corrected": one.corrected,
        "rule": one.rule,
        "version": one.version,
        "at": one.at,
    }
