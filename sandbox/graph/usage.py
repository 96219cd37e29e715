"""How much of its allowance a page has used, as the usage headers tell it.

Source: developers.facebook.com/docs/graph-api/overview/rate-limiting (read 2026-11): 4,800 calls per engaged user in
24 hours for pages; 200 calls per user and hour for apps.
"""

import orjson

from sandbox.graph import errors
from sandbox.graph.auth import Caller
from sandbox.limits import DAY, Limit
from sandbox.model import FACEBOOK
from sandbox.world import World

CALLS_PER_USER = 4800
ROUTE = "GRAPH"


def headers(world: World, caller: Caller) -> dict[str, str]:
    """Count the call and tell the share in per cent. Raises: code 32 when nothing is left."""
    page_id = caller.account.id if caller.account else caller.app.id
    calls = world.settings.limits.get(ROUTE, CALLS_PER_USER * max(1, _engaged(world, page_id)))
    window = world.limits.take(f"page:{page_id}", ROUTE, Limit(calls, DAY))
    if window.refused and world.settings.rate_limits:
        raise errors.page_limit()
    percent = world.settings.usage_percent
    if percent is None:
        percent = (window.limit - window.remaining) * 100 // max(window.limit, 1)
    share = {"call_count": percent, "total_cputime": percent, "total_time": percent}
    business = {"type": "pages", **share, "estimated_time_to_regain_access": 0}
    return {
        "x-app-usage": orjson.dumps(share).decode(),
        "x-business-use-case-usage": orjson.dumps({page_id: [business]}).decode(),
    }


def _engaged(world: World, page_id: str) -> int:
    """People who exchanged something private with the page; a floor that keeps counting cheap."""
    return min(world.store.inbox.count((FACEBOOK, page_id)) + world.store.by_page.count(page_id), 1000)
