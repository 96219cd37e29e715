"""The customer system of the demo's brands: who agreed to be known beside their posts, and what it says of them."""

from typing import Any

from starlette.routing import Route

from sandbox.control.routes import Order, control_route
from sandbox.demo.cast import PEOPLE
from sandbox.http import Refusal
from sandbox.world import World

PATH = "/crm/people"
TIERS = ("Blue member", "Silver member", "Gold member")
TOWNS = ("Bergen", "Leeds", "Utrecht", "Gdynia")


def routes(world: World) -> list[Route]:
    return [control_route(world, "POST", PATH, look_up)]


def look_up(order: Order) -> dict[str, Any]:
    """What is known of the first of these profiles that is a customer who agreed."""
    handles = [one.get("handle", "") for one in order.given.get("profiles", []) if isinstance(one, dict)]
    for handle in handles:
        if handle in PEOPLE and PEOPLE[handle].role == "customer" and _agreed(handle):
            return known(handle)
    raise Refusal(404, {"code": "not_found", "message": "no such customer"})


def known(handle: str) -> dict[str, Any]:
    place = list(PEOPLE).index(handle)
    trip = {
        "title": "Next trip",
        "note": "1 traveller" if place % 2 else "2 travellers",
        "rows": [
            {"label": f"NWD {200 + place * 7}", "value": "On time", "tone": "good"},
            {"label": f"NWD {900 + place * 3}", "value": "40 min late", "tone": "warn"},
        ],
    }
    plan = {
        "title": "Plan",
        "note": "since 2021",
        "rows": [
            {"label": "Lumo Mobile", "value": "Roam 20 GB"},
            {"label": "Last bill", "value": "Open since 9 days", "tone": "bad"},
        ],
    }
    return {
        "consented_at": "2026-02-03T09:30:00+00:00",
        "tags": [TIERS[place % len(TIERS)], TOWNS[place % len(TOWNS)]],
        "blocks": [trip] if place % 3 else [trip, plan],
        "url": "",
    }


def _agreed(handle: str) -> bool:
    """Two of three did."""
    return list(PEOPLE).index(handle) % 3 != 1
