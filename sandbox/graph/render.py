"""Graph objects in JSON: the asked fields, or those that Graph gives unasked."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sandbox.graph import errors, nodes
from sandbox.graph.auth import Caller
from sandbox.graph.fields import Field
from sandbox.graph.nodes import Node
from sandbox.graph.paging import Slice, cut, paging
from sandbox.graph.unset import UNSET
from sandbox.model import FACEBOOK, Media, Post
from sandbox.world import World

# Source: the recorded payloads without `fields` and developers.facebook.com/docs/graph-api/reference (read 2026-11).
DEFAULTS = {
    nodes.PAGE: ("name", "id"),
    nodes.USER: ("name", "id"),
    nodes.POST: ("created_time", "message", "id"),
    nodes.COMMENT: ("created_time", "from", "message", "id"),
    nodes.MESSAGE: ("created_time", "id"),
    nodes.CONVERSATION: ("id", "link", "updated_time"),
    nodes.PHOTO: ("id",),
}
# Field name → what makes its value of a renderer, a thing and the asked field.
Makers = dict[str, Callable[..., Any]]


def graph_time(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")


class Renderer:
    """Renders for one caller; `base` is our own address, `root` that of the API with its version."""

    def __init__(self, world: World, caller: Caller, base: str, root: str, makers: dict[str, Makers]) -> None:
        self.world, self.caller, self.base, self.root = world, caller, base, root
        self._makers = makers

    def node(self, node: Node, fields: list[Field]) -> dict[str, Any]:
        """Raises: code 100 for a field that the kind of object does not have."""
        makers = self._makers[node.kind]
        asked = fields or [Field(name) for name in DEFAULTS[node.kind]]
        if not any(item.name == "id" for item in asked):
            asked = [*asked, Field("id")]
        body: dict[str, Any] = {}
        for item in asked:
            maker = makers.get(item.name)
            if maker is None:
                if item.name in UNSET[node.kind]:
                    continue
                raise errors.no_field(item.name, node.kind)
            value = maker(self, node.thing, item)
            if value is not None:
                body[item.shown_as] = value
        return body

    def edge(self, owner: str, edge: str, items: list[Node], given: dict[str, str], fields: list[Field]) -> dict:
        """A page of an edge with its cursors."""
        by_key = {item.thing.key: item for item in items}  # type: ignore[union-attr]
        part = cut([item.thing for item in items], Slice.read(given))  # type: ignore[misc]
        body: dict = {"data": [self.node(by_key[post.key], fields) for post in part.posts]}
        links = paging(part, f"{self.root}/{owner}/{edge}", {"access_token": self.caller.token, **given})
        if links:
            body["paging"] = links
        return body

    # Pieces that several kinds share

    def person(self, account_id: str) -> dict | None:
        """`from` as a page's token sees it; missing for those who stay nameless."""
        account = self.world.store.account(FACEBOOK, account_id)
        if account is None:
            return None
        named = account.brand or (account.shows_name and self.world.settings.comment_names)
        return {"name": account.name, "id": account.id} if named else None

    def correspondent(self, account_id: str) -> dict:
        account = self.world.store.account(FACEBOOK, account_id)
        name = account.name if account else "Facebook user"
        return {"name": name, "email": f"{account_id}@facebook.com", "id": account_id}

    def comments(self, post: Post, item: Field) -> dict:
        given = {**item.arguments}
        stream = given.get("filter") == "stream"
        found = nodes.comments(self.world, post, stream=stream)
        if given.get("order") == "reverse_chronological":
            found.reverse()
        body = self.edge(post.id, "comments", [Node(nodes.COMMENT, c) for c in found], given, item.inside)
        if given.get("summary", "").lower() in ("1", "true", "total_count"):
            order = given.get("order", "chronological")
            body["summary"] = {"order": order, "total_count": len(found), "can_comment": True}
        return body

    def media_url(self, media: Media) -> str:
        return media.url or f"{self.base}/media/{media.key}"

    def pictures(self, post: Post) -> list[Media]:
        return [self.world.store.media[key] for key in post.media if key in self.world.store.media]
