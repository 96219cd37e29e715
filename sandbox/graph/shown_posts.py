"""Fields of posts and comments."""

from sandbox.graph import nodes
from sandbox.graph.fields import Field
from sandbox.graph.nodes import Node
from sandbox.graph.render import Makers, Renderer, graph_time
from sandbox.model import FACEBOOK, Media, Post
from sandbox.world import World

# One private reply to a comment, within 7 days.
# Source: developers.facebook.com/docs/messenger-platform/discovery/private-replies (read 2026-11).
PRIVATE_REPLY_MS = 7 * 86_400_000


def _attachment(renderer: Renderer, media: Media, post: Post) -> dict:
    url = renderer.media_url(media)
    target = {"id": media.id, "url": f"https://www.facebook.com/photo.php?fbid={media.id}"}
    image = {"height": media.height, "src": url, "width": media.width}
    return {
        "media": {"image": image},
        "target": target,
        "type": "photo" if media.kind == "photo" else "video_inline",
        "url": target["url"],
    }


def _comment_attachment(renderer: Renderer, post: Post, item: Field) -> dict | None:
    pictures = renderer.pictures(post)
    return _attachment(renderer, pictures[0], post) if pictures else None


def _post_attachments(renderer: Renderer, post: Post, item: Field) -> dict | None:
    pictures = renderer.pictures(post)
    if not pictures:
        return None
    return {"data": [{**_attachment(renderer, m, post), "media_type": m.kind} for m in pictures]}


def _full_picture(renderer: Renderer, post: Post, item: Field) -> str | None:
    pictures = renderer.pictures(post)
    return renderer.media_url(pictures[0]) if pictures else None


def _updated(renderer: Renderer, post: Post, item: Field) -> str:
    """The time of the last edit or the last comment.

    Source: developers.facebook.com/docs/graph-api/reference/post (read 2026-11).
    """
    last = max((c.created_ms for c in nodes.comments(renderer.world, post, stream=True)), default=0)
    return graph_time(max(post.edited_ms, post.created_ms, last))


def _permalink(renderer: Renderer, post: Post, item: Field) -> str:
    page, _, number = post.conversation_id.rpartition("_")
    address = f"https://www.facebook.com/{page or post.to_id}/posts/{number}/"
    if not post.parent_id:
        return address
    top, own = top_comment(renderer.world, post), post.id.rpartition("_")[2]
    if top is post:
        return f"{address}?comment_id={own}"
    return f"{address}?comment_id={top.id.rpartition('_')[2]}&reply_comment_id={own}"


def top_comment(world: World, post: Post) -> Post:
    """The comment directly under the post, above this reply."""
    above = post
    while above.parent_id != above.conversation_id:
        parent = world.store.post(FACEBOOK, above.parent_id)
        if parent is None:
            return above
        above = parent
    return above


def _parent(renderer: Renderer, post: Post, item: Field) -> dict | None:
    """Only replies to comments have a parent."""
    if post.parent_id == post.conversation_id:
        return None
    parent = renderer.world.store.post(FACEBOOK, post.parent_id)
    if parent is None or parent.deleted:
        return None
    fields = item.inside or [Field("created_time"), Field("from"), Field("message"), Field("id")]
    return renderer.node(Node(nodes.COMMENT, parent), fields)


def _post_object(renderer: Renderer, post: Post, item: Field) -> dict | None:
    root = renderer.world.store.post(FACEBOOK, post.conversation_id)
    return renderer.node(Node(nodes.POST, root), item.inside) if root else None


def _can_reply_privately(renderer: Renderer, post: Post, item: Field) -> bool:
    fresh = renderer.world.clock.now_ms() - post.created_ms <= PRIVATE_REPLY_MS
    return fresh and post.author_id != post.to_id and not private_reply_to(renderer.world, post)


def private_reply_to(world: World, comment: Post) -> bool:
    keys = world.store.inbox.keys((FACEBOOK, comment.author_id))
    return any(world.store.by_key[key].answers_comment == comment.id for key in keys)


def _likes(renderer: Renderer, post: Post, item: Field) -> dict:
    people = [renderer.person(account_id) for account_id in post.likes]
    body: dict = {"data": [person for person in people if person]}
    if item.arguments.get("limit") == "0":
        body["data"] = []
    if item.arguments.get("summary"):
        liked = renderer.caller.account is not None and renderer.caller.account.id in post.likes
        body["summary"] = {"total_count": len(post.likes), "can_like": True, "has_liked": liked}
    return body


def _reactions(renderer: Renderer, post: Post, item: Field) -> dict:
    body = _likes(renderer, post, item)
    if "summary" in body:
        liked = body["summary"]["has_liked"]
        body["summary"] = {"total_count": len(post.likes), "viewer_reaction": "LIKE" if liked else "NONE"}
    return body


def _is_mine(renderer: Renderer, post: Post) -> bool:
    return renderer.caller.account is not None and post.author_id == renderer.caller.account.id


_WRITTEN: Makers = {
    "id": lambda r, p, item: p.id,
    "message": lambda r, p, item: p.text or None,
    "created_time": lambda r, p, item: graph_time(p.created_ms),
    "from": lambda r, p, item: r.person(p.author_id),
    "permalink_url": _permalink,
    "is_hidden": lambda r, p, item: p.hidden,
    "likes": _likes,
    "reactions": _reactions,
    "comments": lambda r, p, item: r.comments(p, item),
}
POST: Makers = {
    **_WRITTEN,
    "updated_time": _updated,
    "attachments": _post_attachments,
    "full_picture": _full_picture,
    "picture": _full_picture,
    "status_type": lambda r, p, item: "added_photos" if p.media else "mobile_status_update",
    "is_published": lambda r, p, item: True,
    "to": lambda r, p, item: {"data": [r.person(p.to_id)]} if p.to_id != p.author_id else None,
}
COMMENT: Makers = {
    **_WRITTEN,
    "attachment": _comment_attachment,
    "parent": _parent,
    "object": _post_object,
    "comment_count": lambda r, p, item: len(nodes.comments(r.world, p, stream=False)),
    "like_count": lambda r, p, item: len(p.likes),
    "user_likes": lambda r, p, item: r.caller.account is not None and r.caller.account.id in p.likes,
    "can_comment": lambda r, p, item: True,
    "can_hide": lambda r, p, item: not _is_mine(r, p),
    "can_like": lambda r, p, item: True,
    "can_remove": lambda r, p, item: True,
    "can_reply_privately": _can_reply_privately,
    "is_private": lambda r, p, item: False,
}
