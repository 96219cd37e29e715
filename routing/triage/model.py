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
from routing.triage.text import CACHED

FORMAT = 1
WORDS_SHOWN = 3
LEARNT = "Learnt from corrections"
Numbers = NDArray[np.float32]
Floats = NDArray[np.float64]
Places = NDArray[np.intp]


class Unreadable(ValueError):
    """The bytes are no model of ours, were changed, or were made by another version of triage."""


@dataclass(frozen=True, slots=True)
class Rows:
    """A batch of messages as numbers: each value with the message and the column where it stands; words come first."""

    count: int
    messages: Places
    columns: Places
    values: Floats


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
    columns: dict[str, list[int]]
    """Of the pieces of each word that was met: people use few words, again and again."""

    @property
    def trained_columns(self) -> int:
        return len(self.words) + len(self.pieces) + len(features.names(self.label))

    def rows(self, texts: Sequence[str], found: Sequence[Any]) -> Rows:
        """Messages as this model sees them; `found` is what words and rules said of them (`engine.Cold`)."""
        first = len(self.words)
        parts = (
            _weighed([self._words(each.words) for each in found], self.words, 0),
            _weighed([self._pieces(each.words) for each in found], self.pieces, first),
            self._told(texts, found, first + len(self.pieces)),
        )
        messages, columns, values = (np.concatenate(one) for one in zip(*parts, strict=True))
        return Rows(len(texts), messages, columns, values)

    def _words(self, words: Sequence[str]) -> list[int]:
        known = self.places[0]
        return [known[item] for item in features.words_of(words) if item in known]

    def _pieces(self, words: Sequence[str]) -> list[int]:
        met = self.columns
        for word in words:
            if word not in met:
                _forget_if_full(met)
                known = self.places[1]
                met[word] = [known[piece] for piece in features.pieces(word) if piece in known]
        return [column for word in words for column in met[word]]

    def _told(self, texts: Sequence[str], found: Sequence[Any], first: int) -> tuple[Places, Places, Floats]:
        told = [features.told(self.label, text, each.reading) for text, each in zip(texts, found, strict=True)]
        numbers = np.array(told, dtype=np.float64).reshape(len(texts), -1) * features.SCALE
        messages, columns = np.nonzero(numbers)
        return messages, columns + first, numbers[messages, columns]

    def decide(self, rows: Rows) -> Numbers:
        """A score per message and class."""
        scores = np.empty((rows.count, len(self.classes)), dtype=np.float32)
        for at in range(len(self.classes)):
            told = self.table[rows.columns, at] * rows.values
            scores[:, at] = np.bincount(rows.messages, told, minlength=rows.count) + self.base[at]
        return scores

    def judge(self, texts: Sequence[str], found: Sequence[Any]) -> list[Verdict]:
        """A verdict per text; `found` is what words and rules said of it (`engine.Cold`)."""
        if not texts:
            return []
        rows = self.rows(texts, found)
        shares = softened(self.decide(rows), self.sharpness)
        order = np.argsort(-shares, axis=1)
        reasons = self._because(rows, order[:, 0])
        return [self._verdict(*one) for one in zip(shares, order.tolist(), reasons, strict=True)]

    def _verdict(self, shares: Numbers, order: list[int], reason: str) -> Verdict:
        best, second = order[0], order[1]
        return Verdict(self.classes[best], float(shares[best]), reason, by=self.version, second=self.classes[second])

    def _because(self, rows: Rows, best: Places) -> list[str]:
        """For each message the words that spoke loudest for what was decided."""
        is_word = rows.columns < len(self.words)
        messages, columns = rows.messages[is_word], rows.columns[is_word]
        said = self.table[columns, best[messages]] * rows.values[is_word]
        by_weight = np.lexsort((-said, messages))
        place = np.arange(len(said)) - np.searchsorted(messages[by_weight], messages[by_weight])
        names, loudest = list(self.words), [LEARNT] * rows.count
        for at in by_weight[(place < WORDS_SHOWN) & (said[by_weight] > 0)]:
            word, message = names[columns[at]], messages[at]
            if word.strip():
                loudest[message] += f"{':' if loudest[message] == LEARNT else ','} “{word}”"
        return loudest


def _forget_if_full(met: dict[str, list[int]]) -> None:
    if len(met) >= CACHED:
        met.clear()


def _weighed(items: Sequence[list[int]], weights: dict[str, float], first: int) -> tuple[Places, Places, Floats]:
    """Items by how often they stand there (dampened) and by their weight, each message brought to length 1."""
    width = max(len(weights), 1)
    owner = np.repeat(np.arange(len(items)), [len(one) for one in items])
    flat = np.fromiter((column for one in items for column in one), dtype=np.intp)
    places, counts = np.unique(owner * width + flat, return_counts=True)
    messages, columns = np.divmod(places, width)
    values = (1 + np.log(counts)) * np.fromiter(weights.values(), dtype=np.float64)[columns]
    lengths = np.sqrt(np.bincount(messages, values**2, minlength=len(items)))
    return messages, columns + first, values / lengths[messages]


def softened(scores: Numbers, sharpness: float) -> Numbers:
    """Scores as shares of one."""
    sharp = scores * sharpness
    powers = np.exp(sharp - sharp.max(axis=1, keepdims=True))
    shares: Numbers = powers / powers.sum(axis=1, keepdims=True)
    return shares


def made(**parts: Any) -> Model:
    """A model with the places of its items filled in."""
    places = tuple({item: at for at, item in enumerate(parts[name])} for name in ("words", "pieces"))
    return Model(**parts, places=places, columns={})  # type: ignore[arg-type]


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
