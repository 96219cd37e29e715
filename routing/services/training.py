"""Learning from corrections, and who judges then: in the worker only, and only what the random sample bears out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from django.db import transaction
from django.db.models.functions import Now

from accounts.services import audit
from routing.models.triage import Correction, MessageTriage, SampleItem, TriageModel
from routing.services import labels, verdicts
from routing.services.learnt import place
from routing.triage import contest, engine, learning, model
from routing.triage.contracts import LEARNT, Scope, Setup, Subject, Verdict

log = structlog.get_logger(__name__)

AT_MOST = 20_000
"""Corrections that a model learns from, the newest."""
KEPT_CHALLENGERS = 3
State = TriageModel.State


@dataclass(frozen=True, slots=True)
class Taught:
    """Messages and what is right about one label of theirs."""

    message_ids: list[int]
    values: list[str]


def train_all() -> int:
    """Learn every label anew, for each channel whose sample is big enough, else for each language; how many took over.

    Records: triage.model_took_over.
    """
    return sum(train(scope) for label in LEARNT for scope in scopes(label))


def scopes(label: str) -> Iterator[Scope]:
    """Where a model can be judged: channels with enough of a sample, and the languages of the others."""
    judged: dict[int, int] = {}
    languages: dict[str, int] = {}
    rows = SampleItem.objects.filter(state__in=(SampleItem.State.CONFIRMED, SampleItem.State.CORRECTED))
    for channel_id, truth in rows.values_list("channel_id", "truth"):
        if truth.get(label):
            judged[channel_id] = judged.get(channel_id, 0) + 1
            languages[truth.get("language", "")] = languages.get(truth.get("language", ""), 0) + 1
    yield from (Scope(label, channel_id=pk) for pk, count in sorted(judged.items()) if count >= contest.FEWEST)
    if label != "language":
        yield from (Scope(label, language=one) for one, n in sorted(languages.items()) if one and n >= contest.FEWEST)


def train(scope: Scope) -> bool:
    """Learn one label in one scope and let it take over where the sample says so; whether it did.

    Records: triage.model_took_over.
    """
    taught = corrections_of(scope)
    try:
        learnt = _learn(scope, taught)
    except learning.TooFew:
        return False
    outcome = judge(scope, learnt)
    if outcome.lower_bound is None:
        return False
    row = _kept(scope, learnt, len(taught.values), outcome, outcome.lower_bound)
    log.info("triage.trained", label=scope.label, model=row.pk, took_over=row.state == State.IN_FORCE)
    return row.state == State.IN_FORCE


def corrections_of(scope: Scope) -> Taught:
    """What people corrected by hand, the newest first; what the sample says is left out, since it judges."""
    rows = Correction.objects.filter(label=scope.label, message__sample=None).exclude(message__text="")
    if scope.channel_id:
        rows = rows.filter(message__channel_id=scope.channel_id)
    if scope.language:
        rows = rows.filter(message_id__in=MessageTriage.objects.filter(language=scope.language).values("message_id"))
    found = list(rows.order_by("-id").values_list("message_id", "value")[:AT_MOST])
    return Taught([pk for pk, _ in found], [value for _, value in found])


def judge(scope: Scope, learnt: model.Model) -> contest.Outcome:
    """The learnt model against what is in force, on the sample of its scope."""
    rows = SampleItem.objects.filter(state__in=(SampleItem.State.CONFIRMED, SampleItem.State.CORRECTED)).order_by("pk")
    if scope.channel_id:
        rows = rows.filter(channel_id=scope.channel_id)
    truth = {
        message_id: said[scope.label]
        for message_id, said in rows.values_list("message_id", "truth")
        if said.get(scope.label) and (not scope.language or said.get("language") == scope.language)
    }
    subjects = verdicts.subjects_of(list(truth))
    mine = [truth[pk] for pk in subjects]
    in_force = verdicts.setup()
    old = [getattr(one, scope.label).value for one in engine.triage(list(subjects.values()), in_force)]
    new = [one.value for one in _said(learnt, list(subjects.values()), in_force)]
    return contest.contest(mine, old, new)


def _learn(scope: Scope, taught: Taught) -> model.Model:
    subjects = verdicts.subjects_of(taught.message_ids)
    values = dict(zip(taught.message_ids, taught.values, strict=True))
    found = [engine.cold(subject, Setup()) for subject in subjects.values()]
    texts = [subject.text for subject in subjects.values()]
    name = f"learnt from {len(values)} corrections"
    return learning.learn(scope.label, name, texts, found, [values[pk] for pk in subjects])


def _said(learnt: model.Model, subjects: Sequence[Subject], setup: Setup) -> list[Verdict]:
    found = [engine.cold(subject, setup) for subject in subjects]
    return learnt.judge([subject.text for subject in subjects], found)


def _kept(scope: Scope, learnt: model.Model, count: int, outcome: contest.Outcome, bound: float) -> TriageModel:
    """Keep the version, in force where it is surely better; one at a time for a label and scope."""
    where: dict[str, Any] = {"label": scope.label, "channel_id": scope.channel_id, "language": scope.language}
    with transaction.atomic(durable=True):
        old = TriageModel.objects.select_for_update(no_key=True).filter(state=State.IN_FORCE, **where).first()
        row = TriageModel.objects.create(
            data=model.dump(learnt),
            corrections=count,
            sample=outcome.sample,
            old_score=outcome.old,
            new_score=outcome.new,
            lower_bound=bound,
            state=State.CHALLENGER,
            **where,
        )
        if outcome.takes_over:
            _install(row, old)
            gain = round(outcome.new - outcome.old, 3)
            data = {"label": labels.NAMED[scope.label], "where": place(row), "model_id": row.pk, "gain": gain}
            audit.record("triage.model_took_over", data=data)
        _forget(where)
    return row


def _install(row: TriageModel, old: TriageModel | None) -> None:
    if old is not None:
        TriageModel.objects.filter(pk=old.pk).update(state=State.RETIRED, retired_at=Now())
    TriageModel.objects.filter(pk=row.pk).update(state=State.IN_FORCE, in_force_at=Now(), retired_at=None)
    row.state = State.IN_FORCE


def _forget(where: dict[str, Any]) -> None:
    """Challengers that were not better take room and nothing else: the last ones are kept to be looked at."""
    lost = TriageModel.objects.filter(state=State.CHALLENGER, **where).order_by("-id")
    TriageModel.objects.filter(pk__in=list(lost.values_list("pk", flat=True)[KEPT_CHALLENGERS:])).delete()
