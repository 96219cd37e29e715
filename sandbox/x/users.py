"""Users: me, by id, by name."""

from collections.abc import Callable

from sandbox.http import Refusal
from sandbox.model import Account, X
from sandbox.x import problems
from sandbox.x.endpoint import Ask
from sandbox.x.fields import USER_EXPANSIONS, wanted
from sandbox.x.render import Renderer
from sandbox.x.timelines import account_or_error

Find = Callable[[str, str], Account | None]


def me(ask: Ask) -> dict:
    return _one(ask, ask.caller.me)


def by_id(ask: Ask) -> dict:
    return _one(ask, account_or_error(ask, ask.path["id"]))


def by_username(ask: Ask) -> dict:
    name = ask.path["username"]
    account = ask.world.store.account_by_handle(X, name)
    if account is None:
        raise Refusal(200, {"errors": [problems.not_found("user", "username", name)]})
    return _one(ask, account)


def by_usernames(ask: Ask) -> dict:
    return _many(ask, "usernames", "usernames", ask.world.store.account_by_handle)


def by_ids(ask: Ask) -> dict:
    return _many(ask, "ids", "ids", ask.world.store.account)


def _one(ask: Ask, account: Account) -> dict:
    renderer = Renderer(ask.world, ask.caller, ask.base, wanted(ask.query, USER_EXPANSIONS))
    return renderer.finish({"data": renderer.user(account)})


def _many(ask: Ask, query_name: str, parameter: str, find: Find) -> dict:
    names = [name for name in ask.query.get(query_name, "").split(",") if name]
    if not 1 <= len(names) <= 100:
        raise problems.invalid(
            query_name,
            ",".join(names),
            f"The number of values in the `{query_name}` query parameter list [{len(names)}] is not between 1 and 100",
        )
    renderer = Renderer(ask.world, ask.caller, ask.base, wanted(ask.query, USER_EXPANSIONS))
    body: dict = {}
    for name in names:
        account = find(X, name)
        if account is None:
            renderer.errors.append(problems.not_found("user", parameter, name))
        else:
            body.setdefault("data", []).append(renderer.user(account))
    return renderer.finish(body)
