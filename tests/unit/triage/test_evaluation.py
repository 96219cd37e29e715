"""The measuring itself: what is not assessed is wrong, every labelled row counts, unknown labels are refused."""

from __future__ import annotations

import gzip
import json

import pytest
from django.core.management import CommandError, call_command

from routing.triage import aliases
from routing.triage.evaluation import Labelled, evaluate, task_of

GOOD = ["thank you so much, great service", "love your new shop", "awesome crew, thanks a lot"]
BAD = ["worst service ever, still waiting", "my order is broken and nobody answers", "lost my bag again, terrible"]


def written(path, rows, opened=open):
    with opened(path, "wt", encoding="utf-8", newline="") as file:
        file.write("text,label\n" + "".join(f'"{text}",{label}\n' for text, label in rows))
    return path


def run(tmp_path, rows, *more: str, task: str = "sentiment"):
    file = written(tmp_path / "test.csv", rows)
    out = tmp_path / "out.json"
    columns = ("--text-column", "text", "--label-column", "label")
    call_command("evaluate_triage", "--task", task, "--test", str(file), *columns, "--json", str(out), *more)
    return json.loads(out.read_text(encoding="utf-8"))["rows"]


def test_a_perfect_cold_run(tmp_path) -> None:
    rows = [(text, "pos") for text in GOOD] + [(text, "negative") for text in BAD]
    (row,) = run(tmp_path, rows)
    assert (row["n"], row["n_test"], row["accuracy"], row["macro_f1"], row["coverage"]) == (0, 6, 1.0, 1.0, 1.0)
    assert row["recall"] == {"negative": 1.0, "positive": 1.0}
    assert row["per_second"] > 0


def test_what_is_not_assessed_counts_as_wrong(tmp_path) -> None:
    (row,) = run(tmp_path, [(GOOD[0], "positive"), ("أين طلبي؟ انتظرت ثلاثة أسابيع", "negative")])
    assert (row["accuracy"], row["coverage"]) == (0.5, 0.5)
    assert row["recall"]["negative"] == 0.0


def test_rows_without_a_label_are_left_out(tmp_path) -> None:
    (row,) = run(tmp_path, [(GOOD[0], "positive"), (BAD[0], "")])
    assert row["n_test"] == 1


def test_html_is_unescaped_as_in_ingest(tmp_path) -> None:
    (row,) = run(tmp_path, [("i &lt;3 this", "positive")])
    assert row["accuracy"] == 1.0


def test_learning_from_a_gzipped_file(tmp_path) -> None:
    rows = [(f"{text} {number}", "positive") for number in range(20) for text in GOOD]
    rows += [(f"{text} {number}", "negative") for number in range(20) for text in BAD]
    train = written(tmp_path / "train.csv.gz", rows, opened=gzip.open)
    found = run(tmp_path, rows[:3] + rows[-3:], "--train", str(train), "--n", "0,60,all", "--seeds", "2")
    assert [(row["n"], row["seed"]) for row in found] == [(0, [0]), (60, [0, 1]), (120, [0])]
    assert found[-1]["accuracy"] == 1.0


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (("--n", "200"), "needs --train"),
        (("--n", "some"), "not 'some'"),
        (("--map", "x"), "LABEL=VALUE"),
    ],
)
def test_bad_input_gets_a_sentence(tmp_path, more, says) -> None:
    with pytest.raises(CommandError, match=says):
        run(tmp_path, [(GOOD[0], "positive")], *more)


def test_an_unknown_label_is_an_error_until_it_is_mapped(tmp_path) -> None:
    with pytest.raises(CommandError, match="“meh” means no sentiment"):
        run(tmp_path, [(GOOD[0], "meh")])
    assert run(tmp_path, [(GOOD[0], "meh")], "--map", "meh=neutral")[0]["n_test"] == 1


def test_a_missing_column_is_named(tmp_path) -> None:
    file = tmp_path / "bare.csv"
    file.write_text("text\nhm\n", encoding="utf-8")
    options = ("--text-column", "text", "--label-column", "label")
    with pytest.raises(CommandError, match="no column label"):
        call_command("evaluate_triage", "--task", "sentiment", "--test", str(file), *options)


def test_labels_of_other_files() -> None:
    labels = ["appreciation", "complaint", "feedback"]
    assert aliases.table("kind", labels, {})["appreciation"] == "praise"
    assert aliases.table("language", ["german", "Hindi", "fr"], {}) == {"Hindi": "hi", "fr": "fr", "german": "de"}
    assert aliases.table("complaint", ["0", "1"], {}) == {"0": "no", "1": "yes"}
    assert aliases.folded(["praise", "complaint", "feedback"])["question"] == "feedback"


def test_two_classes_that_one_draw_lacks_are_survived() -> None:
    texts = [f"{text} {number}" for number in range(30) for text in (*GOOD, *BAD)]
    labels = ["praise" if text.rsplit(" ", 1)[0] in GOOD else "complaint" for text in texts]
    labels[7] = "lead"
    task = task_of("kind", labels)
    measured = evaluate(task, Labelled(texts[:40], labels[:40]), Labelled(texts, labels), n=60, seed=0)
    assert measured.n_test == 40
