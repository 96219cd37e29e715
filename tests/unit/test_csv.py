"""No cell of an export may become a formula."""

import csv
import io
from datetime import UTC, datetime

import pytest

from core.csv import cell, lines

DANGEROUS = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "|cmd", "%0A=1",
    " =1+1", "\u00a0=1", "\u200b=1", "\ufeff=1", "\u202e=1",
    "＝1+1", "＋1", "－1", "＠SUM", "﹢1", "﹣1", "﹫x", "−1", "⁼1", "₌1", "⁺1", "\u2060＝1",
]  # fmt: skip


@pytest.mark.parametrize("text", DANGEROUS)
def test_what_starts_a_formula_is_made_text(text):
    assert cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Hello", "a=b", "3 - 2", "'quoted'", "日本", "#tag", "👍", "   "])
def test_other_text_stays(text):
    assert cell(text) == text


def test_values_keep_their_kind():
    assert cell(-3) == -3
    assert cell(2.5) == 2.5
    assert cell(None) == ""
    assert cell(datetime(2026, 11, 3, 9, 2, tzinfo=UTC)) == "2026-11-03T09:02:00+00:00"
    assert cell("a\x00b") == "a\ufffdb"


def test_a_file_reads_back_as_it_was():
    rows = [["=1+1", 'say "hi", twice\nplease'], ["ä", None]]
    text = "".join(lines(["First", "Second"], rows))
    assert text.startswith("\ufeff")
    assert list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))) == [
        ["First", "Second"],
        ["'=1+1", 'say "hi", twice\nplease'],
        ["ä", ""],
    ]


def test_rows_stream():
    def endless():
        while True:
            yield ["row"]

    file = lines(["Header"], endless())
    assert [next(file) for _ in range(3)][1:] == ["row\r\n", "row\r\n"]
