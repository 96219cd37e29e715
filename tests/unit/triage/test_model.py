"""A stored model: numbers and words with a checksum, never a pickle; read again it says the same."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from routing.triage import engine, features, learning, model
from routing.triage.contracts import Setup, Subject

TEXTS = [
    f"{text} {number}" for number in range(20) for text in ("great crew, thanks", "where is my bag", "awful delay")
]
VALUES = ["positive", "neutral", "negative"] * 20


def found(texts):
    return [engine.cold(Subject(text), Setup()) for text in texts]


@pytest.fixture(scope="module")
def learnt():
    return learning.learn("sentiment", "sentiment 1", TEXTS, found(TEXTS), VALUES)


def test_it_learns_and_says_why(learnt) -> None:
    (verdict,) = learnt.judge(["awful delay today"], found(["awful delay today"]))
    assert (verdict.value, verdict.by) == ("negative", "sentiment 1")
    assert "“awful" in verdict.reason
    assert 0.34 < verdict.confidence <= 1
    assert verdict.second in {"neutral", "positive"}


def test_stored_and_read_again_it_says_the_same(learnt) -> None:
    again = model.load(model.dump(learnt))
    texts = ["thanks crew", "bag", "", "🙂", "delay delay delay"]
    first, second = learnt.judge(texts, found(texts)), again.judge(texts, found(texts))
    assert [one.value for one in first] == [one.value for one in second]
    assert np.allclose([one.confidence for one in first], [one.confidence for one in second], atol=1e-5)


def test_changed_bytes_are_refused(learnt) -> None:
    data = bytearray(model.dump(learnt))
    data[100] ^= 1
    with pytest.raises(model.Unreadable, match="checksum"):
        model.load(bytes(data))


def test_a_pickle_is_refused() -> None:
    with pytest.raises(model.Unreadable):
        model.load(pickle.dumps({"format": 1}))


def test_a_model_of_another_triage_is_refused(learnt, monkeypatch) -> None:
    data = model.dump(learnt)
    monkeypatch.setattr(features, "MARKS", features.MARKS[:-1])
    with pytest.raises(model.Unreadable, match="another version"):
        model.load(data)


def test_too_few_corrections_teach_nothing() -> None:
    with pytest.raises(learning.TooFew):
        learning.learn("sentiment", "x", TEXTS[:10], found(TEXTS[:10]), VALUES[:10])
    with pytest.raises(learning.TooFew):
        learning.learn("sentiment", "x", TEXTS, found(TEXTS), ["positive"] * len(TEXTS))


def test_what_words_and_rules_say_has_a_name_each() -> None:
    for label in ("sentiment", "language"):
        cold = found(["on hold for 3 hours"])[0]
        assert len(features.told(label, "on hold for 3 hours", cold.reading)) == len(features.names(label))
        assert len(features.told(label, "", None)) == len(features.names(label))
