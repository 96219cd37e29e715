"""The list page, signed in as an agent of one desk, beside the bare list page."""

import time
from typing import Any

from benchmarks.inbox_rig.cast import Cast
from benchmarks.inbox_rig.plans import queries_of, wide_nodes
from benchmarks.inbox_rig.served import Browser, Taken, Web, against, load, session_of
from inbox.policies import access_of
from inbox.selectors.conversations import Wanted, list_page

LIST = "/inbox/care/"
DEEP = 20
CLIENTS = {1: 24, 8: 48}
FILTERED = 12


def pages(cast: Cast) -> list[str]:
    """The first pages of Care, one after the other."""
    access, following = access_of(cast.ana), list_page(access_of(cast.ana), _wanted(cast)).next
    found = [LIST]
    while following and len(found) < DEEP:
        found.append(f"{LIST}?after={following}")
        following = list_page(access, _wanted(cast), after=following).next
    return found


def _wanted(cast: Cast) -> Wanted:
    return Wanted(queue_ids=frozenset([cast.care.pk]))


def addresses(cast: Cast, deep: str) -> dict[str, str]:
    """The standard filters, and the page that lies deepest."""
    return {
        "queue": LIST,
        "deep": deep,
        "mine": "/inbox/mine/",
        "all": "/inbox/all/",
        "unassigned": f"{LIST}?owner=none",
        "needs_reply": f"{LIST}?status=needs_reply",
        "channel": f"{LIST}?channel={cast.lumo_x.pk}",
        "channel_unassigned": f"{LIST}?channel={cast.lumo_x.pk}&owner=none",
        "facebook": f"{LIST}?channel={cast.northwind_facebook.pk}",
        "brand": f"{LIST}?brand={cast.lumo_x.brand_id}",
        "list_head_alone": f"{LIST}head/",
        "resolved": f"{LIST}?status=resolved",
        "resolved_channel": f"{LIST}?status=resolved&channel={cast.lumo_x.pk}",
    }


def run(cast: Cast, web: Web, bare: Web, server: int, rounds: int) -> dict[str, Any]:
    session = session_of(cast.ana)
    walk = pages(cast)
    yardstick = f"/list/?queue={cast.care.pk}"
    result: dict[str, Any] = {"pages_never_drawn_before": _walk(web, server, session, walk)}
    for clients, n in CLIENTS.items():
        ours, theirs = Taken(), Taken()
        _warm(web, session, LIST)
        _warm(bare, "", yardstick)
        for number in range(rounds):
            sides = [(web, session, LIST, ours), (bare, "", yardstick, theirs)]
            for side, who, path, taken in sides if number % 2 == 0 else sides[::-1]:
                load(side, server, who, clients, n, lambda browser, path=path: browser.get(path), taken)
        result[f"{clients}_clients"] = {**ours.line("ours"), **theirs.line("bare"), **against(ours, theirs)}
    result["bytes"] = len(_warm(web, session, LIST))
    result["bare_bytes"] = len(_warm(bare, "", yardstick))
    result["filters"] = {
        name: _filter(cast, web, server, session, path) for name, path in addresses(cast, walk[-1]).items()
    }
    return result


def warm_up(cast: Cast, web: Web, bare: Web, seconds: float) -> None:
    """Both processes answer their list for so long, in turns."""
    session, until = session_of(cast.ana), time.monotonic() + seconds
    while time.monotonic() < until:
        _warm(web, session, LIST)
        _warm(bare, "", f"/list/?queue={cast.care.pk}")


def _walk(web: Web, server: int, session: str, walk: list[str]) -> dict[str, Any]:
    """Each page once: no line of it has been drawn before by this process."""
    _warm(web, session, "/inbox/mine/")
    taken, todo = Taken(), iter(walk)
    load(web, server, session, 1, len(walk), lambda browser: browser.get(next(todo)), taken)
    return taken.line("page")


def _warm(web: Web, session: str, path: str) -> bytes:
    browser = Browser(web.port, session)
    for _ in range(3):
        body = browser.get(path).body
    browser.close()
    return body


def _filter(cast: Cast, web: Web, server: int, session: str, path: str) -> dict[str, Any]:
    taken = Taken()
    _warm(web, session, path)
    load(web, server, session, 1, FILTERED, lambda browser: browser.get(path), taken)
    statements = queries_of(cast.ana, path)
    return {
        **taken.line("page"),
        "queries": len(statements),
        "wide": wide_nodes(statements),
    }
