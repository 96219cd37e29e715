"""What a page does: publish, comment, hide, edit, like, delete, upload."""

import base64

from sandbox.graph import errors, nodes
from sandbox.graph.ask import Ask
from sandbox.graph.nodes import Node
from sandbox.model import Account, Media, Post
from sandbox.pictures import size_of
from sandbox.writing import delete, edit, new_key, publish_on_facebook

# Source: developers.facebook.com/docs/graph-api/reference/object/comments (read 2026-11): 8,000 characters.
MAX_COMMENT = 8000
DUPLICATE_MS = 3_600_000


def comment(ask: Ask, node: Node) -> dict:
    """Answer a post or a comment as the page."""
    post = writable(ask, node)
    text = ask.arguments.get("message", "")
    media = _attached(ask)
    if not text.strip() and not media:
        raise errors.bad_parameter("You must provide at least one of message, attachment_id or attachment_url")
    if len(text) > MAX_COMMENT:
        raise errors.bad_parameter(f"Param message must be at most {MAX_COMMENT} characters")
    page = ask.caller.page
    made = publish_on_facebook(ask.world, page, page, text, parent=post, media=media, by_client=True)
    return {"id": made.id}


def writable(ask: Ask, node: Node) -> Post:
    """The post or comment on the caller's own page. Raises: permission error for anything else."""
    page = ask.caller.page
    if node.kind not in (nodes.POST, nodes.COMMENT) or not isinstance(node.thing, Post):
        raise errors.missing(node.id, "post")
    if node.thing.to_id != page.id:
        raise errors.no_permission("Permissions error")
    return node.thing


def _attached(ask: Ask) -> list[Media]:
    media_id, url = ask.arguments.get("attachment_id"), ask.arguments.get("attachment_url")
    if media_id:
        media = ask.world.store.media.get(f"photo_{media_id}")
        if media is None:
            raise errors.bad_parameter("attachment_id does not exist")
        return [media]
    if url:
        return [_photo(ask, b"", url)]
    return []


def _photo(ask: Ask, content: bytes, url: str = "") -> Media:
    found = size_of(content) if content else ("image/jpeg", 800, 450)
    if found is None:
        raise errors.graph_error(324, "(#324) Missing or invalid image file")
    number = str(new_key(ask.world, ask.world.clock.now_ms()))
    media = Media(f"photo_{number}", number, "photo", *found, size=len(content), url=url)
    media.data = base64.b64encode(content).decode()
    media.owner_id = ask.caller.page.id
    return ask.world.store.put_media(media)


def upload_photo(ask: Ask, node: Node) -> dict:
    """POST /{page}/photos; with published=false only the picture, to be attached later."""
    page = own_page(ask, node)
    content = ask.files.get("source", b"")
    url = ask.arguments.get("url", "")
    if not content and not url:
        raise errors.graph_error(324, "(#324) Requires upload file")
    media = _photo(ask, content, url)
    if ask.arguments.get("published", "true").lower() == "false":
        return {"id": media.id}
    post = publish_on_facebook(ask.world, page, page, ask.arguments.get("caption", ""), media=[media], by_client=True)
    return {"id": media.id, "post_id": post.id}


def upload_attachment(ask: Ask, node: Node) -> dict:
    """POST /{page}/message_attachments: a picture to be sent in a private message."""
    own_page(ask, node)
    content = ask.files.get("filedata", b"")
    if not content:
        raise errors.graph_error(100, "(#100) Incorrect number of files uploaded. Must upload exactly one file.")
    return {"attachment_id": _photo(ask, content).id}


def own_page(ask: Ask, node: Node) -> Account:
    page = ask.caller.page
    if node.thing is not page:
        raise errors.no_permission("Permissions error")
    return page


def publish(ask: Ask, node: Node) -> dict:
    """POST /{page}/feed. The same text twice within an hour is refused with code 506."""
    page = own_page(ask, node)
    text = ask.arguments.get("message", "").strip()
    if not text:
        raise errors.bad_parameter("You must provide at least one of message, link")
    if ask.world.settings.duplicate_rule and _is_repeated(ask, page, text):
        raise errors.graph_error(506, "Duplicate status message", subcode=1455006)
    made = publish_on_facebook(ask.world, page, page, text, by_client=True)
    return {"id": made.id}


def _is_repeated(ask: Ask, page: Account, text: str) -> bool:
    since = ask.world.clock.now_ms() - DUPLICATE_MS
    store = ask.world.store
    recent = (store.by_key[key] for key in store.by_page.keys(page.id))
    return any(p.author_id == page.id and p.created_ms >= since and p.text == text for p in recent)


def change(ask: Ask, node: Node) -> dict:
    """POST /{comment} with is_hidden, or with message for an own one."""
    post = writable(ask, node)
    done = False
    if "is_hidden" in ask.arguments:
        if post.author_id == ask.caller.page.id:
            raise errors.no_permission("You can't hide your own comment")
        post.hidden = ask.arguments["is_hidden"].lower() in ("1", "true")
        ask.world.store.save_post(post)
        done = True
    if "message" in ask.arguments:
        if post.author_id != ask.caller.page.id:
            raise errors.no_permission("Permissions error")
        edit(ask.world, post, ask.arguments["message"])
        done = True
    if not done:
        raise errors.bad_parameter("Nothing to change")
    return {"success": True}


def like(ask: Ask, node: Node) -> dict:
    post, page = writable(ask, node), ask.caller.page
    if page.id not in post.likes:
        post.likes.append(page.id)
        ask.world.store.save_post(post)
    return {"success": True}


def unlike(ask: Ask, node: Node) -> dict:
    post, page = writable(ask, node), ask.caller.page
    if page.id in post.likes:
        post.likes.remove(page.id)
        ask.world.store.save_post(post)
    return {"success": True}


def remove(ask: Ask, node: Node) -> dict:
    """A page may delete what stands on it, whoever wrote it."""
    delete(ask.world, writable(ask, node))
    return {"success": True}


def subscribe(ask: Ask, node: Node) -> dict:
    """Webhooks are not sent by the sandbox; subscribing succeeds as it does on Facebook."""
    own_page(ask, node)
    return {"success": True}
