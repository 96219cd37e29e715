"""Fields of pages and people."""

from collections.abc import Callable

from sandbox.graph import nodes
from sandbox.graph.fields import Field
from sandbox.graph.nodes import Node
from sandbox.graph.render import Makers, Renderer
from sandbox.model import Account
from sandbox.world import World


def _picture(renderer: Renderer, account: Account, item: Field) -> dict:
    url = avatar_url(renderer, account)
    return {"data": {"height": 96, "is_silhouette": False, "url": url, "width": 96}}


def avatar_url(renderer: Renderer, account: Account) -> str:
    return account.avatar or f"{renderer.base}/media/avatar/facebook/{account.id}_normal.jpg"


def _page_token(renderer: Renderer, account: Account, item: Field) -> str | None:
    return renderer.caller.token if renderer.caller.account is account else None


def _edge_field(name: str) -> Callable[[Renderer, Account, Field], dict]:
    def maker(renderer: Renderer, page: Account, item: Field) -> dict:
        found = listed(renderer.world, page, name)
        return renderer.edge(page.id, name, found, item.arguments, item.inside)

    return maker


def listed(world: World, page: Account, edge: str) -> list[Node]:
    """What stands on an edge of a page."""
    if edge == "conversations":
        return [Node(nodes.CONVERSATION, c) for c in nodes.conversations(world, page)]
    own_only = edge in ("posts", "published_posts")
    posts = nodes.feed(world, page, own_only=own_only)
    if edge == "visitor_posts":
        posts = [post for post in posts if post.author_id != page.id]
    return [Node(nodes.POST, post) for post in posts]


def _name_part(at: int) -> Callable[[Renderer, Account, Field], str]:
    return lambda renderer, account, item: (account.name.split() or [""])[at]


_ACCOUNT: Makers = {
    "id": lambda r, a, item: a.id,
    "name": lambda r, a, item: a.name,
    "picture": _picture,
    "link": lambda r, a, item: f"https://www.facebook.com/{a.handle}",
    "about": lambda r, a, item: a.bio or None,
}
PAGE: Makers = {
    **_ACCOUNT,
    "username": lambda r, a, item: a.handle,
    "fan_count": lambda r, a, item: a.followers,
    "followers_count": lambda r, a, item: a.followers,
    "verification_status": lambda r, a, item: "blue_verified" if a.verified else "not_verified",
    "category": lambda r, a, item: "Product/Service",
    "category_list": lambda r, a, item: [{"id": "2201", "name": "Product/Service"}],
    "access_token": _page_token,
    "feed": _edge_field("feed"),
    "posts": _edge_field("posts"),
    "published_posts": _edge_field("published_posts"),
    "visitor_posts": _edge_field("visitor_posts"),
    "conversations": _edge_field("conversations"),
}
USER: Makers = {
    **_ACCOUNT,
    "first_name": _name_part(0),
    "last_name": _name_part(-1),
    "short_name": lambda r, a, item: a.name,
    "profile_pic": lambda r, a, item: avatar_url(r, a),
}
