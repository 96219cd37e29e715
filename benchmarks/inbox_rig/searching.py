"""Search over HTTP as an agent with restricted visibility, beside the bare full-text page."""

import random
from typing import Any
from urllib.parse import quote

from benchmarks.inbox_rig.cast import Cast
from benchmarks.inbox_rig.pages import WORDS
from benchmarks.inbox_rig.plans import queries_of
from benchmarks.inbox_rig.served import Browser, Taken, Web, against, load, session_of

RARE = 10
COMMON = 20
TWO = 10
# Operators beside each of the 20 commonest words, and operators alone.
OPERATORS = {
    "op_late": "is:late",
    "op_unassigned": "is:unassigned is:open",
    "op_media": "has:media",
    "op_before": "before:2099-01-01",
    "op_person": "from:@filler77",
    "op_mood": "mood:negative",
}
LISTS = {
    "late": "is:late",
    "person": "from:@filler77",
    "media": "is:open has:media",
    "mood": "is:open mood:negative",
    "reach": "is:open reach:10k",
}
CUT = b"data-search-cut"


def run(cast: Cast, web: Web, bare: Web, server: int, rounds: int) -> dict[str, Any]:
    session = session_of(cast.ana)
    chance = random.Random(1)
    asked = {
        "rare": [f"rare{chance.randrange(9973)}" for _ in range(RARE)],
        "two_words": [" ".join(chance.sample(WORDS, 2)) for _ in range(TWO)],
        "rare_and_common": [f"please rare{chance.randrange(9973)}" for _ in range(RARE)],
        "common": WORDS[:COMMON],
        "in_every_message": ["please"],
        "handle": [f"@filler{chance.randrange(1, 10_000)}" for _ in range(RARE)],
    }
    result = {name: _beside(web, bare, server, session, words, rounds) for name, words in asked.items()}
    filters = {"resolved": "status=resolved", "any_status": "status=any", "one_brand": f"brand={cast.lumo_x.brand_id}"}
    filters["free"] = "owner=none"
    for name, query in filters.items():
        paths = [f"{_path(word)}&{query}" for word in WORDS[:COMMON]]
        result[f"common_{name}"] = _alone(web, server, session, paths)
    for name, query in OPERATORS.items():
        paths = [_path(f"{word} {query}") for word in WORDS[:COMMON]]
        result[f"common_{name}"] = _alone(web, server, session, paths)
    for name, query in LISTS.items():
        result[f"list_{name}"] = _alone(web, server, session, [_everywhere(query)] * RARE)
    result["statements"] = {name: len(queries_of(cast.ana, _path(words[0]))) for name, words in asked.items()}
    result["cut"] = {name: _is_cut(web, session, words[0]) for name, words in asked.items()}
    return result


def _everywhere(query: str) -> str:
    return f"/inbox/all/?q={quote(query)}"


def _path(words: str) -> str:
    return f"/inbox/care/?q={quote(words)}"


def _beside(web: Web, bare: Web, server: int, session: str, words: list[str], rounds: int) -> dict[str, Any]:
    ours, theirs = Taken(), Taken()
    for number in range(rounds):
        sides = [(web, session, ours, _path), (bare, "", theirs, lambda word: f"/search/?q={quote(word)}")]
        for side, who, taken, path in sides if number % 2 == 0 else sides[::-1]:
            todo = iter(words)
            load(side, server, who, 1, len(words), lambda b, todo=todo, path=path: b.get(path(next(todo))), taken)
    return {**ours.line("ours"), **theirs.line("bare"), **against(ours, theirs)}


def _alone(web: Web, server: int, session: str, paths: list[str]) -> dict[str, float]:
    taken, todo = Taken(), iter(paths)
    load(web, server, session, 1, len(paths), lambda browser: browser.get(next(todo)), taken)
    return taken.line("ours")


def _is_cut(web: Web, session: str, words: str) -> bool:
    """Whether the page says that older messages were not searched."""
    browser = Browser(web.port, session)
    body = browser.get(_path(words)).body
    browser.close()
    return CUT in body
