"""Fields of private messages, conversations and photos."""

from sandbox.graph import nodes
from sandbox.graph.fields import Field
from sandbox.graph.nodes import Conversation, Node
from sandbox.graph.render import Makers, Renderer, graph_time
from sandbox.model import Media, Post


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


_ID: Makers = {"id": lambda r, thing, item: thing.id}
MESSAGE: Makers = {
    **_ID,
    "message": lambda r, p, item: p.text,
    "created_time": lambda r, p, item: graph_time(p.created_ms),
    "from": lambda r, p, item: r.correspondent(p.author_id),
    "to": lambda r, p, item: {"data": [r.correspondent(p.to_id)]},
    "tags": lambda r, p, item: {"data": [{"name": "inbox"}, {"name": "source:mobile"}]},
    "attachments": _message_attachments,
    "thread_id": lambda r, p, item: p.conversation_id,
}
CONVERSATION: Makers = {
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
}
PHOTO: Makers = {
    **_ID,
    "width": lambda r, m, item: m.width,
    "height": lambda r, m, item: m.height,
    "images": lambda r, m, item: [{"height": m.height, "width": m.width, "source": r.media_url(m)}],
}
