"""The one door of the Graph API: /graph/[v26.0/]{object}[/{edge}]."""

import re
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.graph import acts, errors, messages, nodes, usage
from sandbox.graph.ask import NOT_ARGUMENTS, Ask, read_arguments
from sandbox.graph.auth import identify, token_in
from sandbox.graph.fields import Field
from sandbox.graph.nodes import Node
from sandbox.graph.shown_accounts import listed
from sandbox.graph.tokens import page_token
from sandbox.http import Refusal, json_answer, own_address
from sandbox.model import FACEBOOK, Account, Post
from sandbox.wire import CALL
from sandbox.world import World

VERSION = re.compile(r"^v(\d+)\.0$")
# Source: developers.facebook.com/docs/graph-api/changelog (read 2026-11): v26.0 since July 2026; expired versions are
# answered by the oldest that is usable.
NEWEST, OLDEST = 26, 21
PAGE_EDGES = ("feed", "posts", "published_posts", "visitor_posts", "conversations")
PAGE_TASKS = ["ANALYZE", "ADVERTISE", "MESSAGING", "MODERATE", "CREATE_CONTENT", "MANAGE"]

Act = Callable[[Ask, Node], dict]
POSTS: dict[str, Act] = {
    "": acts.change,
    "comments": acts.comment,
    "feed": acts.publish,
    "photos": acts.upload_photo,
    "message_attachments": acts.upload_attachment,
    "likes": acts.like,
    "messages": messages.send,
    "subscribed_apps": acts.subscribe,
}
DELETES: dict[str, Act] = {"": acts.remove, "likes": acts.unlike}


def route(world: World) -> Route:
    async def answer(request: Request) -> Response:
        return await _answer(world, request)

    return Route("/graph/{path:path}", answer, methods=["GET", "POST", "DELETE"])


async def _answer(world: World, request: Request) -> Response:
    version, object_id, edge = split(request.path_params["path"])
    headers = {"facebook-api-version": version}
    call = request.scope[CALL]
    call.template = f"/graph/{{object}}{'/' + edge if edge else ''}"
    try:
        arguments, files = await read_arguments(request)
        token = token_in(request.headers.get("authorization", ""), arguments)
        caller = identify(world, token, arguments.get("appsecret_proof", ""))
        call.account = caller.account.handle if caller.account else ""
        headers.update(usage.headers(world, caller))
        base = own_address(request)
        rest = {name: value for name, value in arguments.items() if name not in NOT_ARGUMENTS}
        ask = Ask(world, caller, base, f"{base}/graph/{version}", rest, files)
        verb = arguments.get("method", request.method).upper()
        body = _do(ask, verb, object_id, edge)
    except Refusal as refusal:
        return json_answer(refusal.body, refusal.status, {**headers, **refusal.headers})
    return json_answer(body, 200, headers)


def split(path: str) -> tuple[str, str, str]:
    """Version, object and edge of a path below /graph/."""
    parts = [part for part in path.split("/") if part]
    version = f"v{NEWEST}.0"
    if parts and (match := VERSION.match(parts[0])):
        version = f"v{min(max(int(match.group(1)), OLDEST), NEWEST)}.0"
        parts = parts[1:]
    elif parts and re.match(r"^v\d+\.\d+$", parts[0]):
        version, parts = f"v{OLDEST}.0", parts[1:]
    return version, parts[0] if parts else "", "/".join(parts[1:])


def _do(ask: Ask, verb: str, object_id: str, edge: str) -> dict:
    if verb == "GET":
        return _many(ask) if not object_id else read(ask, object_id, edge)
    table = POSTS if verb == "POST" else DELETES
    act = table.get(edge)
    node = nodes.find(ask.world, ask.caller, object_id, verb.lower())
    if act is None:
        raise errors.missing(object_id, verb.lower())
    return act(ask, node)


def _many(ask: Ask) -> dict:
    """GET /?ids=1,2: a map from id to object."""
    ids = [part for part in ask.arguments.get("ids", "").split(",") if part]
    if not 1 <= len(ids) <= 50:
        raise errors.bad_parameter("Too many IDs. Maximum: 50. Provided: " + str(len(ids)))
    renderer, fields = ask.renderer, ask.fields
    return {one: renderer.node(nodes.find(ask.world, ask.caller, one), fields) for one in ids}


def read(ask: Ask, object_id: str, edge: str) -> dict:
    """An object, or one of its edges."""
    if object_id == "me" and edge == "accounts":
        return accounts(ask)
    node = nodes.find(ask.world, ask.caller, object_id)
    if not edge:
        return ask.renderer.node(node, ask.fields)
    if isinstance(node.thing, Post) and edge in ("comments", "likes", "reactions"):
        return _edge_of_post(ask, node.thing, edge)
    if isinstance(node.thing, Account) and edge in PAGE_EDGES:
        return _edge_of_page(ask, node.thing, edge)
    if isinstance(node.thing, nodes.Conversation) and edge == "messages":
        found = [Node(nodes.MESSAGE, message) for message in reversed(node.thing.messages)]
        return ask.renderer.edge(node.id, edge, found, ask.arguments, ask.fields)
    raise errors.no_field(edge, node.kind)


def _edge_of_post(ask: Ask, post: Post, edge: str) -> dict:
    if edge == "comments":
        return ask.renderer.comments(post, Field(edge, dict(ask.arguments), ask.fields))
    people = [ask.renderer.person(account_id) for account_id in post.likes]
    body: dict = {"data": [person for person in people if person]}
    if ask.arguments.get("summary"):
        body["summary"] = {"total_count": len(post.likes)}
    return body


def _edge_of_page(ask: Ask, page: Account, edge: str) -> dict:
    if edge == "conversations" and page is not ask.caller.page:
        raise errors.no_permission("Permissions error")
    found = listed(ask.world, page, edge)
    person = ask.arguments.get("user_id")
    if edge == "conversations" and person:
        found = [n for n in found if isinstance(n.thing, nodes.Conversation) and n.thing.person.id == person]
    return ask.renderer.edge(page.id, edge, found, ask.arguments, ask.fields)


def accounts(ask: Ask) -> dict:
    """GET /me/accounts: the pages that a person let the app manage, with their tokens."""
    if ask.caller.kind != "user":
        raise errors.no_field("accounts", "Page")
    pages = [ask.world.store.account(FACEBOOK, page_id) for page_id in ask.caller.pages]
    asked = [field.name for field in ask.fields]
    rows = [_managed(ask, page) for page in pages if page]
    if asked:
        rows = [{name: row[name] for name in dict.fromkeys([*asked, "id"]) if name in row} for row in rows]
    body: dict = {"data": rows}
    if rows:
        body["paging"] = {"cursors": {"before": "MAZDZD", "after": "MAZDZD"}}
    if ask.arguments.get("summary"):
        body["summary"] = {"total_count": len(rows)}
    return body


def _managed(ask: Ask, page: Account) -> dict:
    return {
        "access_token": page_token(ask.world, ask.caller, page),
        "category": "Product/Service",
        "category_list": [{"id": "2201", "name": "Product/Service"}],
        "name": page.name,
        "id": page.id,
        "tasks": PAGE_TASKS,
    }
