"""How a model of one label is learnt from corrections: with scikit-learn, in the worker only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.metrics import f1_score
from sklearn.svm import LinearSVC

from routing.triage import features
from routing.triage.model import Model, Numbers, made, softened

FEWEST = 40
"""Corrections below which nothing is learnt."""
STRENGTHS = (0.05, 0.15, 0.5)
USUAL = 0.15
"""How closely the model follows single corrections; one of these, whichever did best on those left out."""
FOLDS = 4
SHARPNESSES = (0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0)
RARE_PIECE = 2
ITERATIONS = 3000


class TooFew(ValueError):
    """Not enough corrections, or all of them say the same."""


@dataclass(frozen=True, slots=True)
class Table:
    """The corrections as numbers, and where their items stand."""

    rows: csr_matrix
    blank: Model


def learn(label: str, version: str, texts: Sequence[str], found: Sequence[Any], values: Sequence[str]) -> Model:
    """A model of a label from texts, what words and rules said of them (`engine.Cold`), and the right values.

    Raises: TooFew.
    """
    known = sorted(set(values))
    if len(values) < FEWEST or len(known) < 2:
        raise TooFew(f"{len(values)} corrections with {len(known)} values are too few to learn from.")
    right = np.searchsorted(known, list(values))
    table = _table(label, version, texts, found, tuple(known))
    strength, sharpness = _chosen(table.rows, right, len(known))
    weights, base = _fit(table.rows, right, strength, len(known))
    blank = table.blank
    return made(
        version=version,
        label=label,
        classes=blank.classes,
        words=blank.words,
        pieces=blank.pieces,
        table=weights,
        base=base,
        sharpness=sharpness,
    )


def _table(label: str, version: str, texts: Sequence[str], found: Sequence[Any], known: tuple[str, ...]) -> Table:
    words = features.rarity([features.words_of(each.words) for each in found], at_least=1)
    pieces = features.rarity([features.pieces_of(each.words) for each in found], at_least=RARE_PIECE)
    nothing = np.zeros((0, len(known)), dtype=np.float32)
    blank = made(
        version=version,
        label=label,
        classes=known,
        words=words,
        pieces=pieces,
        table=nothing,
        base=nothing,
        sharpness=1.0,
    )
    rows = blank.rows(texts, found)
    shape = (rows.count, blank.trained_columns)
    return Table(csr_matrix((rows.values, (rows.messages, rows.columns)), shape=shape), blank)


def _fit(rows: csr_matrix, right: Any, strength: float, classes: int) -> tuple[Numbers, Numbers]:
    """Weights per column and class; a class that is not there gets none."""
    machine = LinearSVC(C=strength, class_weight="balanced", max_iter=ITERATIONS, random_state=0)
    machine.fit(rows, right)
    weights, base = machine.coef_, machine.intercept_
    if len(machine.classes_) == 2:
        weights, base = np.vstack([-weights, weights]), np.concatenate([-base, base])
    full, full_base = np.zeros((classes, rows.shape[1])), np.full(classes, -2.0)
    full[machine.classes_], full_base[machine.classes_] = weights, base
    return full.T.astype(np.float32), full_base.astype(np.float32)


def _chosen(rows: csr_matrix, right: Any, classes: int) -> tuple[float, float]:
    """The strength and the sharpness that did best on corrections that were left out."""
    scores = {strength: _left_out(rows, right, strength, classes) for strength in STRENGTHS}
    quality = {
        strength: f1_score(right, told.argmax(axis=1), average="macro", zero_division=0)
        for strength, told in scores.items()
    }
    best = max(STRENGTHS, key=lambda strength: (round(quality[strength], 2), strength == USUAL))
    at = np.arange(len(right))
    losses = {sharp: -float(np.log(softened(scores[best], sharp)[at, right] + 1e-9).mean()) for sharp in SHARPNESSES}
    return best, min(SHARPNESSES, key=losses.__getitem__)


def _left_out(rows: csr_matrix, right: Any, strength: float, classes: int) -> Numbers:
    """Scores of each correction by a model that has not seen it."""
    scores = np.zeros((len(right), classes), dtype=np.float32)
    fold = np.arange(len(right)) % FOLDS
    for one in range(FOLDS):
        kept, out = fold != one, fold == one
        if len(set(right[kept])) < 2:
            continue
        weights, base = _fit(rows[kept], right[kept], strength, classes)
        scores[out] = rows[out] @ weights + base
    return scores
