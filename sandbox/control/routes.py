"""The addresses of control: for clients on this machine that know the control token."""

import hmac
import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.clock import iso
from sandbox.control import accounts, checks, faults, posts
from sandbox.http import Refusal, json_answer, read_json
from sandbox.world import World


@dataclass(frozen=True, slots=True)
class Order:
    """One admitted call."""

    world: World
    body: Any
    query: dict[str, str]
    path: dict[str, str]

    @property
    def given(self) -> dict[str, Any]:
        """The body. Raises: Wrong (422) unless it is an object."""
        return checks.an_object(self.body, "body")


Work = Callable[[Order], object]


def admit(world: World, request: Request) -> None:
    """Raises: 403 for a client of another machine, 401 without the token."""
    client = request.client.host if request.client else ""
    if not _is_loopback(client):
        raise Refusal(403, {"code": "forbidden", "message": "control answers to this machine only"})
    given = request.headers.get("authorization", "").removeprefix("Bearer ").encode()
    if not hmac.compare_digest(given, world.control_token.encode()):
        raise Refusal(401, {"code": "unauthorized", "message": "the control token is missing or wrong"})


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def control_route(world: World, method: str, path: str, work: Work, status: int = 200) -> Route:
    async def answer(request: Request) -> Response:
        try:
            admit(world, request)
            body = await _body(request)
            result = work(Order(world, body, dict(request.query_params), dict(request.path_params)))
        except Refusal as refusal:
            return json_answer(refusal.body, refusal.status, refusal.headers)
        return json_answer(result, status)

    return Route(path, answer, methods=[method])


async def _body(request: Request) -> Any:
    try:
        return await read_json(request)
    except ValueError as error:
        raise checks.Wrong("body", "is not JSON") from error


def set_clock(order: Order) -> dict:
    """Stand the clock at `now` (running on from there with `running`); null returns to real time."""
    given = order.given
    checks.only(given, "", {"now", "running"})
    if "now" not in given:
        raise checks.Wrong("now", "is required (null for real time)")
    order.world.set_clock(checks.moment(given, "now", ""), running=checks.flag(given, "running", ""))
    return show_clock(order)


def show_clock(order: Order) -> dict:
    clock = order.world.clock
    return {"now": iso(clock.now_ms()), "set": clock.is_set, "running": clock.running}


def change_settings(order: Order) -> dict:
    try:
        order.world.change_settings(order.given)
    except ValueError as error:
        name, _, message = str(error).partition(": ")
        raise checks.Wrong(name, message) from error
    return order.world.settings.as_dict()


def show_calls(order: Order) -> dict:
    world = order.world
    return {"calls": world.calls.rows(), "total": world.calls.total(), "fired": dict(world.faults.fired)}


def forget_calls(order: Order) -> dict:
    order.world.calls.clear()
    return show_calls(order)


def reset(order: Order) -> dict:
    order.world.reset()
    return {"reset": True}


def show_post(order: Order) -> dict:
    return posts.describe(order.world, posts.found(order.world, order.path["id"]))


TABLE: list[tuple[str, str, Work, int]] = [
    ("GET", "/control/clock", show_clock, 200),
    ("POST", "/control/clock", set_clock, 200),
    ("GET", "/control/settings", lambda order: order.world.settings.as_dict(), 200),
    ("POST", "/control/settings", change_settings, 200),
    ("GET", "/control/accounts", lambda order: accounts.list_accounts(order.world, order.query), 200),
    ("POST", "/control/accounts", lambda order: accounts.create_account(order.world, order.given), 201),
    ("POST", "/control/revoke", lambda order: accounts.revoke(order.world, order.given), 200),
    ("POST", "/control/expire", lambda order: accounts.expire(order.world, order.given), 200),
    ("POST", "/control/reissue", lambda order: accounts.reissue(order.world, order.given), 200),
    ("GET", "/control/posts", lambda order: posts.list_posts(order.world, order.query), 200),
    ("POST", "/control/posts", lambda order: posts.create_posts(order.world, order.body), 201),
    ("GET", "/control/posts/{id}", show_post, 200),
    ("PATCH", "/control/posts/{id}", lambda o: posts.change_post(o.world, o.path["id"], o.given), 200),
    ("DELETE", "/control/posts/{id}", lambda o: posts.delete_post(o.world, o.path["id"]), 200),
    ("GET", "/control/faults", lambda order: faults.show(order.world), 200),
    ("POST", "/control/faults", lambda order: faults.arm(order.world, order.body), 201),
    ("DELETE", "/control/faults", lambda order: faults.disarm(order.world), 200),
    ("GET", "/control/calls", show_calls, 200),
    ("DELETE", "/control/calls", forget_calls, 200),
    ("POST", "/control/reset", reset, 200),
]


def routes(world: World) -> list[Route]:
    return [control_route(world, method, path, work, status) for method, path, work, status in TABLE]
