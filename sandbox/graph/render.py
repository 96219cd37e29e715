"""Graph objects in JSON: the asked fields, or those that Graph gives unasked."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sandbox.graph import errors, nodes
from sandbox.graph.auth import Caller
from sandbox.graph.fields import Field
from sandbox.graph.nodes import Conversation, Node
from sandbox.graph.paging import Slice, cut, paging
from sandbox.model import FACEBOOK, Account, Media, Post
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
PRIVATE_REPLY_MS = 7 * 86_400_000


def graph_time(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")


class Renderer:
    """Renders for one caller; `base` is our own address, `root` that of the API with its version."""

    def __init__(self, world: World, caller: Caller, base: str, root: str) -> None:
        self.world, self.caller, self.base, self.root = world, caller, base, root

    def node(self, node: Node, fields: list[Field]) -> dict[str, Any]:
        """Raises: code 100 for a field that the kind of object does not have."""
        makers = MAKERS[node.kind]
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


def _message_attachments(renderer: Renderer, post: Post, item: Field) -> dict | None:
    pictures = renderer.pictures(post)
    if not pictures:
        return None
    cursors = {"before": "MAZDZD", "after": "MAZDZD"}
    return {"data": [_message_attachment(renderer, media) for media in pictures], "paging": {"cursors": cursors}}


def _message_attachment(renderer: Renderer, media: Media) -> dict:
    url = renderer.media_url(media)
    return {
        "id": media.id,
        "mime_type": media.mime,
        "name": f"image-{media.id}",
        "size": media.size,
        "image_data": {
            "width": media.width,
            "height": media.height,
            "max_width": media.width,
            "max_height": media.height,
            "url": url,
            "preview_url": url,
            "image_type": 1,
            "render_as_sticker": False,
        },
    }


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


def _messages(renderer: Renderer, talk: Conversation, item: Field) -> dict:
    found = [Node(nodes.MESSAGE, message) for message in reversed(talk.messages)]
    return renderer.edge(talk.id, "messages", found, item.arguments, item.inside)


def _people(renderer: Renderer, talk: Conversation, item: Field) -> dict:
    return {"data": [renderer.correspondent(a.id) for a in (talk.person, talk.page)]}


def _snippet(renderer: Renderer, talk: Conversation, item: Field) -> str:
    return talk.messages[-1].text[:80]


def _unread(renderer: Renderer, talk: Conversation, item: Field) -> int:
    """Messages of the person since the page wrote last."""
    count = 0
    for message in reversed(talk.messages):
        if message.author_id == talk.page.id:
            break
        count += 1
    return count


def _name_part(at: int) -> Callable[[Renderer, Account, Field], str]:
    return lambda renderer, account, item: (account.name.split() or [""])[at]


_ID = {"id": lambda r, thing, item: thing.id}
_WRITTEN = {
    **_ID,
    "message": lambda r, p, item: p.text or None,
    "created_time": lambda r, p, item: graph_time(p.created_ms),
    "from": lambda r, p, item: r.person(p.author_id),
    "permalink_url": _permalink,
    "is_hidden": lambda r, p, item: p.hidden,
    "likes": _likes,
    "reactions": _reactions,
    "comments": lambda r, p, item: r.comments(p, item),
}
_ACCOUNT = {
    **_ID,
    "name": lambda r, a, item: a.name,
    "picture": _picture,
    "link": lambda r, a, item: f"https://www.facebook.com/{a.handle}",
    "about": lambda r, a, item: a.bio or None,
}
MAKERS: dict[str, dict[str, Callable[..., Any]]] = {
    nodes.PAGE: {
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
    },
    nodes.USER: {
        **_ACCOUNT,
        "first_name": _name_part(0),
        "last_name": _name_part(-1),
        "short_name": lambda r, a, item: a.name,
        "profile_pic": lambda r, a, item: avatar_url(r, a),
    },
    nodes.POST: {
        **_WRITTEN,
        "updated_time": _updated,
        "attachments": _post_attachments,
        "full_picture": _full_picture,
        "picture": _full_picture,
        "status_type": lambda r, p, item: "added_photos" if p.media else "mobile_status_update",
        "is_published": lambda r, p, item: True,
        "to": lambda r, p, item: {"data": [r.person(p.to_id)]} if p.to_id != p.author_id else None,
    },
    nodes.COMMENT: {
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
    },
    nodes.MESSAGE: {
        **_ID,
        "message": lambda r, p, item: p.text,
        "created_time": lambda r, p, item: graph_time(p.created_ms),
        "from": lambda r, p, item: r.correspondent(p.author_id),
        "to": lambda r, p, item: {"data": [r.correspondent(p.to_id)]},
        "tags": lambda r, p, item: {"data": [{"name": "inbox"}, {"name": "source:mobile"}]},
        "attachments": _message_attachments,
        "thread_id": lambda r, p, item: p.conversation_id,
    },
    nodes.CONVERSATION: {
        **_ID,
        "link": lambda r, c, item: f"/{c.page.id}/inbox/{c.id.removeprefix('t_')}/",
        "updated_time": lambda r, c, item: graph_time(c.created_ms),
        "snippet": _snippet,
        "message_count": lambda r, c, item: len(c.messages),
        "unread_count": _unread,
        "participants": _people,
        "senders": _people,
        "former_participants": lambda r, c, item: {"data": []},
        "can_reply": lambda r, c, item: True,
        "is_subscribed": lambda r, c, item: True,
        "scoped_thread_key": lambda r, c, item: c.id,
        "messages": _messages,
    },
    nodes.PHOTO: {
        **_ID,
        "width": lambda r, m, item: m.width,
        "height": lambda r, m, item: m.height,
        "images": lambda r, m, item: [{"height": m.height, "width": m.width, "source": r.media_url(m)}],
    },
}


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Fields that Graph knows and that nobody has filled in here: they are left out of the answer, as Graph leaves them out.
# Source: developers.facebook.com/docs/graph-api/reference/page, page-post, comment, message, user (read 2026-11).
UNSET = {
    nodes.PAGE: _words(
        "bio business can_checkin can_post checkins company_overview contact_address cover description"
        " display_subtext emails engagement founded general_info global_brand_page_name global_brand_root_id hours"
        " instagram_business_account is_published is_verified location mission new_like_count overall_star_rating"
        " parent_page phone products rating_count single_line_address start_info talking_about_count"
        " unread_message_count website were_here_count whatsapp_number"
    ),
    nodes.USER: _words("email gender locale middle_name name_format timezone"),
    nodes.POST: _words(
        "actions admin_creator allowed_advertising_objectives application backdated_time call_to_action coordinates"
        " event expanded_height feed_targeting height icon instagram_eligibility is_eligible_for_promotion is_expired"
        " is_popular message_tags parent_id place privacy promotable_id properties scheduled_publish_time shares"
        " sponsor_tags story story_tags subscribed target targeting timeline_visibility video_buying_eligibility via"
        " width with_tags"
    ),
    nodes.COMMENT: _words("admin_creator application live_broadcast_timestamp message_tags"),
    nodes.MESSAGE: _words("generic_templates is_unsupported message_unsend reactions reply_to shares sticker story"),
    nodes.CONVERSATION: _words("folder name subject wallpaper"),
    nodes.PHOTO: _words("album created_time from icon link name picture source updated_time"),
}
