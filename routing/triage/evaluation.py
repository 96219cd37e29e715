"""How good triage is on labelled messages: the same engine and the same learning as in production, measured."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from routing.triage import aliases, engine, learning
from routing.triage.contracts import IssueView, Scope, Setup, Subject, Verdict

BINS = 10
BATCH = 500
"""Messages that are judged together, as the pipeline does."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """Messages and what is right about them."""

    texts: Sequence[str]
    labels: Sequence[str]


@dataclass(frozen=True, slots=True)
class Measured:
    """What one run on the test messages gave; `n` corrections were learnt from, drawn with this seed."""

    n: int
    seed: int
    accuracy: float
    macro_f1: float
    recall: dict[str, float]
    ece: float
    among_two: float
    coverage: float
    per_second: float
    n_test: int
    confusion: dict[str, dict[str, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Task:
    """One label on one file: what is judged, which values exist, and the issues of the organisation."""

    name: str
    values: tuple[str, ...]
    setup: Setup

    @property
    def label(self) -> str:
        return "kind" if self.name == "complaint" else self.name

    def value(self, verdict: Verdict, folded: Mapping[str, str]) -> str:
        """What a verdict says in the values of the file."""
        if not verdict.value or verdict.value in self.values:
            return verdict.value
        if self.name == "complaint":
            return "yes" if verdict.value == "complaint" else "no"
        return folded.get(verdict.value, verdict.value) if self.name == "kind" else verdict.value


def task_of(name: str, values: Sequence[str]) -> Task:
    """The task with the values of the files; for issues these are the organisation's list."""
    known = tuple(sorted(set(values)))
    issues = tuple(IssueView(value, value) for value in known) if name == "issue" else ()
    return Task(name, known, Setup(issues))


def evaluate(task: Task, test: Labelled, train: Labelled | None, *, n: int, seed: int) -> Measured:
    """Judge the test messages cold (n = 0) or with a model learnt from n of the train messages.

    Raises: learning.TooFew.
    """
    setup = task.setup
    if n and train is not None:
        drawn = np.random.RandomState(seed).permutation(len(train.texts))[:n]
        texts = [train.texts[at] for at in drawn]
        found = [engine.cold(Subject(text), setup) for text in texts]
        model = learning.learn(task.label, f"{n} corrections", texts, found, [train.labels[at] for at in drawn])
        setup = replace(setup, models={Scope(task.label, channel_id=0): model})
    started = time.process_time()
    verdicts = _judged(task.label, test.texts, setup)
    taken = time.process_time() - started
    return _measured(task, test, verdicts, n=n, seed=seed, per_second=len(test.texts) / max(taken, 1e-9))


def _judged(label: str, texts: Sequence[str], setup: Setup) -> list[Verdict]:
    verdicts: list[Verdict] = []
    for first in range(0, len(texts), BATCH):
        batch = [Subject(text, channel_id=0) for text in texts[first : first + BATCH]]
        verdicts.extend(getattr(each, label) for each in engine.triage(batch, setup))
    return verdicts


def _measured(
    task: Task, test: Labelled, verdicts: Sequence[Verdict], *, n: int, seed: int, per_second: float
) -> Measured:
    folded = aliases.folded(task.values)
    said = [task.value(verdict, folded) for verdict in verdicts]
    seconds = [task.value(replace(verdict, value=verdict.second), folded) for verdict in verdicts]
    right = np.array([one == label for one, label in zip(said, test.labels, strict=True)], dtype=bool)
    either = [label in pair for label, *pair in zip(test.labels, said, seconds, strict=True)]
    sure = np.array([verdict.confidence for verdict in verdicts])
    scores = {value: _scores(value, said, test.labels) for value in sorted(set(test.labels))}
    return Measured(
        n=n,
        seed=seed,
        accuracy=float(right.mean()),
        macro_f1=float(np.mean([f1 for f1, _ in scores.values()])),
        recall={value: recall for value, (_, recall) in scores.items()},
        ece=_calibration_error(right, sure),
        among_two=float(np.mean(either)),
        coverage=float(np.mean([bool(one) for one in said])),
        per_second=per_second,
        n_test=len(said),
        confusion=_confusion(said, test.labels),
    )


def _scores(value: str, said: Sequence[str], labels: Sequence[str]) -> tuple[float, float]:
    """F1 and recall of one value; what was not assessed is wrong."""
    hits = sum(one == label == value for one, label in zip(said, labels, strict=True))
    told, there = sum(one == value for one in said), sum(label == value for label in labels)
    return 2 * hits / (told + there) if told + there else 0.0, hits / there if there else 0.0


def _calibration_error(right: Any, sure: Any) -> float:
    """Expected calibration error over ten bins of confidence."""
    bins = np.minimum((sure * BINS).astype(int), BINS - 1)
    gaps = [
        abs(right[bins == one].mean() - sure[bins == one].mean()) * (bins == one).mean()
        for one in range(BINS)
        if (bins == one).any()
    ]
    return float(sum(gaps))


def _confusion(said: Sequence[str], labels: Sequence[str]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for label, one in zip(labels, said, strict=True):
        row = found.setdefault(label, {})
        row[one or "not assessed"] = row.get(one or "not assessed", 0) + 1
    return found
