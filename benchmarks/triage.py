"""How good triage is: cold and after learning, beside VADER and TF-IDF + logistic regression in the same run.

python -m benchmarks.triage --data FOLDER [--seeds 5] [--n 0,200,1000,all] [--only sentiment,issue] [--json PATH]

Each file is split by a hash of its text, 70 % to learn from and 30 % to test; nothing of it is kept. FOLDER has the
files that are named below; what is missing is left out and said.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import hashlib
import html
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score, recall_score
from sklearn.pipeline import make_pipeline
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from routing.triage import aliases
from routing.triage.contracts import IssueView, Setup, Subject
from routing.triage.engine import triage
from routing.triage.evaluation import Labelled, evaluate, task_of

LEARN_PERCENT = 70
TOKEN = r"[@#]?\b\w[\w']*\b|[!?]+"


@dataclass(frozen=True)
class Case:
    """One labelled file."""

    name: str
    task: str
    file: str
    text: str
    label: str
    vader: bool = False


CASES = (
    Case("sentiment, airline", "sentiment", "airline/airline_dev.csv", "text", "airline_sentiment", vader=True),
    Case("sentiment, general", "sentiment", "sentiment/tweeteval_sentiment_val.csv", "text", "label", vader=True),
    Case("issue", "issue", "airline/airline_dev.csv", "text", "negativereason"),
    Case("complaint, nine domains", "complaint", "complaints/complaints_acl2019_dev.csv", "text", "complaint"),
    Case(
        "complaint, two annotators",
        "complaint",
        "complaints/complaints_2015_two_annotators_dev.csv",
        "text",
        "complaint",
    ),
    Case("kind, Facebook", "kind", "facebook/fb_brand_posts_dev.csv", "message", "label"),
    Case("language", "language", "multilingual/xlmt_sentiment_dev.csv.gz", "text", "language"),
)
Row = list[object]


def main() -> None:
    given = _arguments()
    rows: list[Row] = []
    for case in CASES:
        if given.only and case.task not in given.only.split(","):
            continue
        if not (given.data / case.file).exists():
            print(f"left out, not there: {case.file}")
            continue
        rows += _measure(case, *_split(given.data / case.file, case), given)
    head = ["task", "who", "n", "accuracy", "macro-F1", "recall", "among two", "calibration error", "a second"]
    _print(head, rows)
    print(f"\nall verdicts together: {_speed(given.data):,.0f} messages a second and core (process time)")
    if given.json:
        given.json.write_text(json.dumps([dict(zip(head, row, strict=True)) for row in rows], indent=1))


def _print(head: list[str], rows: list[Row]) -> None:
    """The table in Markdown."""
    print("| " + " | ".join(head) + " |\n|" + " --- |" * len(head))
    for row in rows:
        print("| " + " | ".join(str(one) for one in row) + " |")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--n", default="0,200,1000,all")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--only", default="")
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


def _rows(path: Path) -> list[dict[str, str]]:
    csv.field_size_limit(10_000_000)
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _split(path: Path, case: Case) -> tuple[Labelled, Labelled]:
    """What is learnt from, and what is tested."""
    rows = [row for row in _rows(path) if (row[case.label] or "").strip()]
    meant = aliases.table(case.task, [row[case.label] for row in rows], {})
    parts: dict[bool, tuple[list[str], list[str]]] = {True: ([], []), False: ([], [])}
    for row in rows:
        hashed = int(hashlib.sha256(f"tune:{row[case.text]}".encode()).hexdigest()[:8], 16) % 100
        texts, labels = parts[hashed < LEARN_PERCENT]
        texts.append(html.unescape(row[case.text]))
        labels.append(meant[row[case.label]])
    return Labelled(*parts[True]), Labelled(*parts[False])


def _measure(case: Case, train: Labelled, test: Labelled, given: argparse.Namespace) -> list[Row]:
    task = task_of(case.task, [*train.labels, *test.labels])
    rows: list[Row] = []
    if case.vader:
        rows.append(_line(case, "VADER", 0, [_scored(test, _vader)]))
    for item in given.n.split(","):
        n = len(train.texts) if item == "all" else int(item)
        seeds = range(1 if n in (0, len(train.texts)) else given.seeds)
        if n > len(train.texts):
            continue
        if n:
            rows.append(_line(case, "TF-IDF + LR", n, [_baseline(train, test, n, seed) for seed in seeds]))
        runs = [evaluate(task, test, train, n=n, seed=seed) for seed in seeds]
        ours = [(r.accuracy, r.macro_f1, r.recall, r.among_two, r.ece, r.per_second) for r in runs]
        rows.append(_line(case, "Socialcare", n, ours))
        print(*rows[-1], sep=" | ", file=sys.stderr, flush=True)
    return rows


Scores = tuple[float, float, dict[str, float], float, float, float]


def _line(case: Case, who: str, n: int, runs: Sequence[Scores]) -> Row:
    accuracy, macro, _, two, error, speed = (
        np.mean([float(run[at]) if at != 2 else 0.0 for run in runs]) for at in range(6)
    )
    recall = {value: float(np.mean([run[2].get(value, 0.0) for run in runs])) for value in runs[0][2]}
    said = " ".join(f"{value} {share:.2f}" for value, share in recall.items()) if len(recall) <= 3 else ""
    spread = np.std([run[1] for run in runs])
    shown = f"{macro:.3f}" + (f" ({spread:.3f})" if len(runs) > 1 else "")
    blank = [f"{two:.3f}" if two else "", f"{error:.3f}" if error else ""]
    return [case.name, who, n, f"{accuracy:.3f}", shown, said, *blank, f"{speed:,.0f}"]


def _baseline(train: Labelled, test: Labelled, n: int, seed: int) -> Scores:
    """Word 1-2-grams and logistic regression."""
    words = TfidfVectorizer(
        ngram_range=(1, 2), token_pattern=TOKEN, lowercase=True, strip_accents="unicode", sublinear_tf=True
    )
    machine = make_pipeline(words, LogisticRegression(C=4, class_weight="balanced", max_iter=2000))
    drawn = np.random.RandomState(seed).permutation(len(train.texts))[:n]
    machine.fit([train.texts[at] for at in drawn], [train.labels[at] for at in drawn])
    return _scored(test, machine.predict)


def _scored(test: Labelled, say: Callable[[Sequence[str]], Sequence[str]]) -> Scores:
    started = time.process_time()
    said = list(say(test.texts))
    speed = len(said) / max(time.process_time() - started, 1e-9)
    known = sorted(set(test.labels))
    recall = recall_score(test.labels, said, labels=known, average=None, zero_division=0)
    macro = f1_score(test.labels, said, labels=known, average="macro", zero_division=0)
    return accuracy_score(test.labels, said), macro, dict(zip(known, recall, strict=True)), 0.0, 0.0, speed


def _vader(texts: Sequence[str]) -> list[str]:
    reader = SentimentIntensityAnalyzer()
    scores = [reader.polarity_scores(text)["compound"] for text in texts]
    return ["positive" if one >= 0.05 else "negative" if one <= -0.05 else "neutral" for one in scores]


def _speed(data: Path) -> float:
    """Messages a second with all verdicts and ten issues, the second time that words are seen."""
    path = data / CASES[0].file
    if not path.exists():
        return 0.0
    subjects = [Subject(html.unescape(row["text"]), names_us=True) for row in _rows(path)]
    issues = tuple(IssueView(name, name) for name in ("Late", "Cancelled", "Lost", "Damaged", "Booking", "Service"))
    triage(subjects[:2000], Setup(issues))
    started = time.process_time()
    triage(subjects, Setup(issues))
    return len(subjects) / (time.process_time() - started)


if __name__ == "__main__":
    main()
