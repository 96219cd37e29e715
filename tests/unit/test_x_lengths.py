"""Characters as X counts them: one table for the server and the browser (tests/js/weigh.test.mjs reads the same).

Written by us from the published rules (twitter-text, configuration v3); it holds what of the published conformance
file of that configuration's predecessor still counts the same.
"""

import json
import re
from pathlib import Path

import pytest
from twitter_text.regexp.valid_cctld import valid_cctld
from twitter_text.regexp.valid_gtld import valid_gtld

from channels.adapters.x.capabilities import length
from channels.contracts import Visibility

ROOT = Path(__file__).parents[2]
VECTORS = json.loads((ROOT / "tests/vectors/x_lengths.json").read_text())


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["text"][:30])
def test_the_server_counts_as_the_table_says(vector: dict[str, object]) -> None:
    assert length(str(vector["text"]), Visibility.PUBLIC) == vector["length"]


def test_both_sides_know_the_same_domains() -> None:
    words: set[str] = set()
    for known in (valid_gtld, valid_cctld):
        words.update(re.sub(r"^\(\?:\(\?:", "", known.pattern).split(")")[0].split("|"))
    listed = re.search(r"`([^`]*)`", (ROOT / "static/js/lib/tlds.js").read_text())
    assert listed is not None
    assert set(listed[1].split()) == words
