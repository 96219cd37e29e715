"""A learnt model of one label: read from bytes that carry their own checksum, and used with numpy alone.

Never a pickle: a stored model is numbers and words, and reading one runs nothing.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from routing.triage import features
from routing.triage.contracts import Verdict

FORMAT = 1
WORDS_SHOWN = 3
Numbers = NDArray[np.float32]


class Unreadable(ValueError):
    """The bytes are no model of ours, were changed, or were made by another version of triage."""


@dataclass(frozen=True, slots=True)
class Row:
    """One message as columns and values; the first `words` of them are words."""

    columns: list[int]
    values: list[float]
    words: list[str]


@dataclass(frozen=True, slots=True)
class Model:
    """A linear model: `words` and `pieces` give the weight of an item, its column is its place in the table.

    Columns are words, then pieces, then what words and rules say (`features.names`).
    """

    version: str
    label: str
    classes: tuple[str, ...]
    words: dict[str, float]
    pieces: dict[str, float]
    table: Numbers
    base: Numbers
    sharpness: float
    places: tuple[dict[str, int], dict[str, int]]

    @property
    def trained_columns(self) -> int:
        return len(self.words) + len(self.pieces) + len(features.names(self.label))

    def row(self, text: str, reading: Any) -> Row:
        """A message as this model sees it."""
        words = features.weighted(features.words_of(text), self.words)
        pieces = features.weighted(features.pieces_of(text), self.pieces)
        told = features.told(self.label, text, reading)
        first = len(self.words)
        second = first + len(self.pieces)
        columns = [self.places[0][item] for item in words]
        columns += [first + self.places[1][item] for item in pieces]
        columns += range(second, second + len(told))
        return Row(columns, [*words.values(), *pieces.values(), *(features.SCALE * v for v in told)], list(words))

    def decide(self, rows: Sequence[Row]) -> Numbers:
        """A score per row and class."""
        if not rows:
            return np.zeros((0, len(self.classes)), dtype=np.float32)
        columns = np.fromiter((column for row in rows for column in row.columns), dtype=np.intp)
        values = np.fromiter((value for row in rows for value in row.values), dtype=np.float32)
        starts = np.cumsum([0, *(len(row.columns) for row in rows[:-1])])
        return np.add.reduceat(self.table[columns] * values[:, None], starts) + self.base

    def judge(self, texts: Sequence[str], found: Sequence[Any]) -> list[Verdict]:
        """A verdict per text; `found` is what words and rules said of it (`engine.Cold`)."""
        rows = [self.row(text, each.reading) for text, each in zip(texts, found, strict=True)]
        shares = softened(self.decide(rows), self.sharpness)
        return [self._verdict(row, share) for row, share in zip(rows, shares, strict=True)]

    def _verdict(self, row: Row, shares: Numbers) -> Verdict:
        order = np.argsort(-shares)
        best, second = int(order[0]), int(order[1])
        return Verdict(
            self.classes[best],
            float(shares[best]),
            self._because(row, best),
            by=self.version,
            second=self.classes[second],
        )

    def _because(self, row: Row, best: int) -> str:
        """The words that spoke loudest for it."""
        count = len(row.words)
        said = self.table[row.columns[:count], best] * np.asarray(row.values[:count], dtype=np.float32)
        loudest = [row.words[at] for at in np.argsort(-said)[:WORDS_SHOWN] if said[at] > 0 and row.words[at].strip()]
        if not loudest:
            return "Learnt from corrections"
        return "Learnt from corrections: " + ", ".join(f"“{word}”" for word in loudest)


def softened(scores: Numbers, sharpness: float) -> Numbers:
    """Scores as shares of one."""
    sharp = scores * sharpness
    powers = np.exp(sharp - sharp.max(axis=1, keepdims=True))
    shares: Numbers = powers / powers.sum(axis=1, keepdims=True)
    return shares


def made(**parts: Any) -> Model:
    """A model with the places of its items filled in."""
    places = tuple({item: at for at, item in enumerate(parts[name])} for name in ("words", "pieces"))
    return Model(**parts, places=places)  # type: ignore[arg-type]


def dump(model: Model) -> bytes:
    """The model as bytes, its checksum in front."""
    head = {
        "format": FORMAT,
        "label": model.label,
        "version": model.version,
        "classes": model.classes,
        "told": features.names(model.label),
        "sharpness": model.sharpness,
        "words": list(model.words),
        "pieces": list(model.pieces),
    }
    file = io.BytesIO()
    np.savez_compressed(
        file,
        head=np.frombuffer(json.dumps(head).encode(), dtype=np.uint8),
        word_weights=np.fromiter(model.words.values(), dtype=np.float32),
        piece_weights=np.fromiter(model.pieces.values(), dtype=np.float32),
        table=model.table.astype(np.float32),
        base=model.base.astype(np.float32),
    )
    body = file.getvalue()
    return hashlib.sha256(body).digest() + body


def load(data: bytes) -> Model:
    """The model that `dump` wrote. Raises: Unreadable."""
    digest, body = data[:32], data[32:]
    if hashlib.sha256(body).digest() != digest:
        raise Unreadable("The stored model was changed: its checksum does not fit.")
    with np.load(io.BytesIO(body), allow_pickle=False) as stored:
        head = json.loads(stored["head"].tobytes())
        if head["format"] != FORMAT or head["told"] != features.names(head["label"]):
            raise Unreadable("The stored model was made by another version of triage.")
        return made(
            version=head["version"],
            label=head["label"],
            classes=tuple(head["classes"]),
            words=dict(zip(head["words"], stored["word_weights"].tolist(), strict=True)),
            pieces=dict(zip(head["pieces"], stored["piece_weights"].tolist(), strict=True)),
            table=stored["table"],
            base=stored["base"],
            sharpness=head["sharpness"],
        )
