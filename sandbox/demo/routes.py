"""Control of the demo: begin it, see how far it is."""

from dataclasses import asdict

from starlette.routing import Route

from sandbox.control.routes import Order, control_route
from sandbox.demo.director import FACT, Director, State
from sandbox.world import World


def routes(world: World, director: Director) -> list[Route]:
    def begin(order: Order) -> dict:
        director.begin()
        return show(order)

    def show(order: Order) -> dict:
        fact = order.world.store.facts.get(FACT)
        state = asdict(State(**fact)) if fact else None
        return {"living": director.on and fact is not None, "speed": order.world.settings.speed, "state": state}

    return [
        control_route(world, "GET", "/control/demo", show),
        control_route(world, "POST", "/control/demo", begin),
    ]
