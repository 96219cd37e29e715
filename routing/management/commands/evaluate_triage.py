"""Measure triage on a labelled file, with exactly what runs in production; no database is needed."""

from __future__ import annotations

import csv
import gzip
import html
import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from django.core.management.base import BaseCommand, CommandError

from routing.triage import aliases, learning
from routing.triage.evaluation import Labelled, Measured, Task, evaluate, task_of

FIELD_LIMIT = 10_000_000


class Command(BaseCommand):
    """Prints a table, and writes it as JSON where asked to."""

    help = "Judge the messages of a labelled CSV file, cold or after learning from corrections."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, its columns, and how much to learn from."""
        parser.add_argument("--task", required=True, choices=aliases.TASKS)
        parser.add_argument("--test", required=True, type=Path)
        parser.add_argument("--train", type=Path, help="where corrections are drawn from")
        parser.add_argument("--text-column", required=True)
        parser.add_argument("--label-column", required=True)
        parser.add_argument("--n", default="0", help="corrections: 0 is cold, “all” takes all; with commas")
        parser.add_argument("--seeds", type=int, default=5, help="draws for each n between 0 and all")
        parser.add_argument("--map", action="append", default=[], metavar="LABEL=VALUE")
        parser.add_argument("--json", type=Path)

    def handle(self, *_args: object, **options: Any) -> None:
        """Read, judge, print."""
        columns = (options["text_column"], options["label_column"])
        test = _rows(options["test"], *columns)
        train = _rows(options["train"], *columns) if options["train"] else None
        extra = _pairs(options["map"])
        try:
            table = aliases.table(options["task"], [*test.labels, *(train.labels if train else ())], extra)
        except aliases.UnknownLabel as error:
            raise CommandError(str(error)) from error
        self._print_table(options["task"], table)
        test, train = _meant(test, table), _meant(train, table) if train else None
        task = task_of(options["task"], list(table.values()))
        measured = [self._measure(task, test, train, n, options["seeds"]) for n in _amounts(options["n"], train)]
        if options["json"]:
            rows = [_summary(runs) for runs in measured]
            options["json"].write_text(json.dumps({"task": task.name, "rows": rows}, indent=1), encoding="utf-8")

    def _print_table(self, name: str, table: dict[str, str]) -> None:
        print("labels: " + ", ".join(f"{label} = {value}" for label, value in table.items()))
        if name == "kind":
            folded = aliases.folded(table.values())
            print(
                "kinds that the file does not tell apart: "
                + ", ".join(f"{a} → {b}" for a, b in folded.items() if a != b)
            )

    def _measure(self, task: Task, test: Labelled, train: Labelled | None, n: int, seeds: int) -> list[Measured]:
        whole = train is None or n in (0, len(train.texts))
        try:
            runs = [evaluate(task, test, train, n=n, seed=seed) for seed in range(1 if whole else seeds)]
        except learning.TooFew as error:
            raise CommandError(str(error)) from error
        row = _summary(runs)
        spread = f" (sd {row['macro_f1_sd']:.3f})" if len(runs) > 1 else ""
        print(
            f"n={n} of {len(train.texts) if train else 0}: accuracy {row['accuracy']:.3f}, "
            f"macro-F1 {row['macro_f1']:.3f}{spread}, right among two {row['among_two']:.3f}, "
            f"calibration error {row['ece']:.3f}, coverage {row['coverage']:.3f}, "
            f"{row['per_second']:,.0f} messages/s, n_test {row['n_test']}, seeds {row['seed']}"
        )
        print("   recall: " + ", ".join(f"{value} {recall:.3f}" for value, recall in row["recall"].items()))
        return runs


def _rows(path: Path, text: str, label: str) -> Labelled:
    """The labelled rows of a file, texts as ingest would store them. Raises: CommandError."""
    csv.field_size_limit(FIELD_LIMIT)
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rt", encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror or error}") from error
    missing = [column for column in (text, label) if rows and column not in rows[0]]
    if missing or not rows:
        raise CommandError(f"{path} has no column {', '.join(missing)}." if rows else f"{path} has no rows.")
    kept = [row for row in rows if (row[label] or "").strip()]
    if not kept:
        raise CommandError(f"{path} has no row with a label in {label}.")
    return Labelled([html.unescape(row[text] or "") for row in kept], [row[label].strip() for row in kept])


def _pairs(given: list[str]) -> dict[str, str]:
    pairs = [item.partition("=") for item in given]
    wrong = [label for label, sign, value in pairs if not (label and sign and value)]
    if wrong:
        raise CommandError(f"--map takes LABEL=VALUE, not {wrong[0]!r}.")
    return {label: value for label, _, value in pairs}


def _meant(rows: Labelled, table: dict[str, str]) -> Labelled:
    return Labelled(rows.texts, [table[label] for label in rows.labels])


def _amounts(asked: str, train: Labelled | None) -> list[int]:
    """How many corrections to learn from, in order. Raises: CommandError."""
    found: list[int] = []
    for item in asked.split(","):
        if item.strip() == "all" and train:
            found.append(len(train.texts))
        elif item.strip().isdigit():
            found.append(int(item))
        else:
            raise CommandError(f"--n takes numbers and “all” (with --train), not {item!r}.")
    if any(found) and train is None:
        raise CommandError("--n above 0 needs --train.")
    too_many = [n for n in found if train and n > len(train.texts)]
    if too_many:
        raise CommandError(f"--n {too_many[0]} is more than the {len(train.texts) if train else 0} rows of --train.")
    return found


def _summary(runs: list[Measured]) -> dict[str, Any]:
    """The mean over the draws."""
    first = asdict(runs[0])
    row: dict[str, Any] = {"n": first["n"], "n_test": first["n_test"], "seed": [run.seed for run in runs]}
    for name in ("accuracy", "macro_f1", "ece", "among_two", "coverage", "per_second"):
        row[name] = float(np.mean([getattr(run, name) for run in runs]))
    row["macro_f1_sd"] = float(np.std([run.macro_f1 for run in runs]))
    row["recall"] = {value: float(np.mean([run.recall.get(value, 0.0) for run in runs])) for value in first["recall"]}
    row["confusion"] = first["confusion"]
    return row
