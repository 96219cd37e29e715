"""The list page, signed in as an agent of one desk, beside the bare list page."""

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


def addresses(cast: Cast) -> dict[str, str]:
    """The standard filters, and page 20."""
    access, after = access_of(cast.ana), ""
    wanted = Wanted(queue_ids=frozenset([cast.care.pk]))
    for _ in range(DEEP - 1):
        following = list_page(access, wanted, after=after or None).next
        if following is None:
            break
        after = following
    return {
        "queue": LIST,
        "deep": f"{LIST}?after={after}",
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
    listed = addresses(cast)
    yardstick = f"/list/?queue={cast.care.pk}"
    result: dict[str, Any] = {}
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
    result["filters"] = {name: _filter(cast, web, server, session, path) for name, path in listed.items()}
    return result


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
