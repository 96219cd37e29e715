"""Writing on the pretend network, as people and as clients do."""

import hashlib
import re
import time
from urllib.parse import urlsplit

from sandbox import text as reading
from sandbox.model import FACEBOOK, Account, Media, Post, X
from sandbox.world import World

REPLACED_DOMAINS = ("t.co",)


def new_key(world: World, created_ms: int) -> int:
    return world.store.ids.next(max(created_ms, 1))


def short_link(url: str, key: int) -> str:
    """The t.co form that X puts in the place of a link: always 23 characters."""
    digest = hashlib.sha256(f"{key}:{url}".encode()).hexdigest()
    return f"https://t.co/{digest[:10]}"


def wrap_links(text: str, key: int) -> tuple[str, dict[str, str]]:
    """Replace each link by its t.co form; returns the text and short → long."""
    links: dict[str, str] = {}

    def replace(match: re.Match[str]) -> str:
        url = match.group(0)
        if urlsplit(url).hostname in REPLACED_DOMAINS:
            return url
        links[short_link(url, key)] = url
        return short_link(url, key)

    return reading.URL.sub(replace, text), links


def dm_conversation(one: str, other: str) -> str:
    """X names a one-to-one conversation by both ids, the smaller first."""
    return "-".join(sorted((one, other), key=lambda number: (len(number), number)))


def message_conversation(page_id: str, person_id: str) -> str:
    digest = hashlib.sha256(f"{page_id}:{person_id}".encode()).hexdigest()
    return f"t_{int(digest[:13], 16)}"


def root_of(world: World, network: str, parent_id: str) -> str:
    parent = world.store.post(network, parent_id)
    return parent.conversation_id if parent else parent_id


def publish_on_x(
    world: World,
    author: Account,
    text: str,
    *,
    parent: Post | None = None,
    quoted_id: str = "",
    media: list[Media] | None = None,
    by_client: bool = False,
    created_ms: int | None = None,
    source: str = "",
) -> Post:
    """Write a public post as the web page of X or an API client does.

    Links become t.co, `&<>` are escaped, an answer begins with the handle of the one who is answered, pictures add
    a link.
    """
    created = world.clock.now_ms() if created_ms is None else created_ms
    key = new_key(world, created)
    wire, links = wrap_links(prefixed(world, author, text, parent), key)
    wire = reading.to_wire(wire)
    for item in media or []:
        link = short_link(item.key, key)
        wire = f"{wire} {link}".strip()
        links[link] = f"https://x.com/{author.handle}/status/{key}/photo/1"
        break
    post = Post(
        id=str(key),
        network=X,
        key=key,
        author_id=author.id,
        text=wire,
        created_ms=created,
        typed=text,
        parent_id=parent.id if parent else "",
        conversation_id=parent.conversation_id if parent else str(key),
        mentions=reading.mentioned_handles(wire),
        quoted_id=quoted_id,
        media=[item.key for item in media or []],
        links=links,
        history=[str(key)],
        source=source,
        written_s=time.time() if by_client else 0.0,
    )
    return world.store.add_post(post)


def prefixed(world: World, author: Account, text: str, parent: Post | None) -> str:
    """X puts the handle of the one who is answered in front, unless the text names it or it is the author's own."""
    answered = world.store.account(X, parent.author_id) if parent else None
    if answered is None or answered.id == author.id:
        return text
    if answered.handle.lower() in reading.mentioned_handles(text):
        return text
    return f"@{answered.handle} {text}"


def send_dm(
    world: World,
    sender: Account,
    receiver: Account,
    text: str,
    *,
    media: list[Media] | None = None,
    by_client: bool = False,
    created_ms: int | None = None,
) -> Post:
    """Write a direct message on X."""
    created = world.clock.now_ms() if created_ms is None else created_ms
    key = new_key(world, created)
    wire, links = wrap_links(text, key)
    post = Post(
        id=str(key),
        network=X,
        key=key,
        author_id=sender.id,
        text=reading.to_wire(wire),
        created_ms=created,
        typed=text,
        conversation_id=dm_conversation(sender.id, receiver.id),
        to_id=receiver.id,
        private=True,
        media=[item.key for item in media or []],
        links=links,
        history=[str(key)],
        written_s=time.time() if by_client else 0.0,
    )
    return world.store.add_post(post)


def publish_on_facebook(
    world: World,
    author: Account,
    page: Account,
    text: str,
    *,
    parent: Post | None = None,
    media: list[Media] | None = None,
    by_client: bool = False,
    created_ms: int | None = None,
) -> Post:
    """Write a post on a page, or a comment under a post or a comment."""
    created = world.clock.now_ms() if created_ms is None else created_ms
    key = new_key(world, created)
    post_id = facebook_id(page, parent, key)
    post = Post(
        id=post_id,
        network=FACEBOOK,
        key=key,
        author_id=author.id,
        text=text,
        created_ms=created,
        parent_id=parent.id if parent else "",
        conversation_id=parent.conversation_id if parent else post_id,
        to_id=page.id,
        media=[item.key for item in media or []],
        history=[post_id],
        written_s=time.time() if by_client else 0.0,
    )
    return world.store.add_post(post)


def facebook_id(page: Account, parent: Post | None, key: int) -> str:
    """{page}_{post} for a post, {post}_{comment} for a comment at any depth."""
    if parent is None:
        return f"{page.id}_{key}"
    return f"{parent.conversation_id.rpartition('_')[2]}_{key}"


def send_message(
    world: World,
    sender: Account,
    receiver: Account,
    text: str,
    *,
    page: Account,
    media: list[Media] | None = None,
    answers_comment: str = "",
    by_client: bool = False,
    created_ms: int | None = None,
) -> Post:
    """Write a private message between a person and a page."""
    created = world.clock.now_ms() if created_ms is None else created_ms
    key = new_key(world, created)
    person = receiver if sender.id == page.id else sender
    message_id = f"m_{key}"
    post = Post(
        id=message_id,
        network=FACEBOOK,
        key=key,
        author_id=sender.id,
        text=text,
        created_ms=created,
        conversation_id=message_conversation(page.id, person.id),
        to_id=receiver.id,
        private=True,
        media=[item.key for item in media or []],
        history=[message_id],
        answers_comment=answers_comment,
        written_s=time.time() if by_client else 0.0,
    )
    return world.store.add_post(post)


def edit(world: World, post: Post, text: str) -> Post:
    """Change a post as its author would: X makes a new id, Facebook changes it in place."""
    if post.network == FACEBOOK or post.private:
        post.edited_ms = world.clock.now_ms()
        world.store.retext(post, text, [])
        return post
    now = max(world.clock.now_ms(), post.created_ms + 1)
    key = new_key(world, now)
    history = [*post.history, str(key)]
    for version in post.history:
        old = world.store.post(X, version)
        if old is not None:
            old.history = history
            world.store.save_post(old)
    world.store.supersede_post(post)
    return world.store.add_post(
        Post(
            id=str(key),
            network=X,
            key=key,
            author_id=post.author_id,
            text=text,
            created_ms=now,
            parent_id=post.parent_id,
            conversation_id=post.conversation_id,
            mentions=reading.mentioned_handles(text),
            quoted_id=post.quoted_id,
            media=post.media,
            links=post.links,
            history=history,
            edited_ms=now,
            lang=post.lang,
            source=post.source,
        )
    )


def delete(world: World, post: Post) -> None:
    """Delete a post with all its versions. On Facebook what hangs under it goes too."""
    for version in post.history:
        old = world.store.post(post.network, version)
        if old is not None and not old.deleted:
            world.store.remove_post(old)
    if post.network == FACEBOOK:
        for child in world.store.children(post):
            delete(world, child)


def is_visible(world: World, post: Post) -> bool:
    """Whether it stands there now: neither deleted nor replaced, nor of a later time than the clock shows."""
    return not post.deleted and not post.superseded and post.created_ms <= world.clock.now_ms()


def lags(world: World, post: Post) -> bool:
    """Whether its author's own timeline does not show it yet."""
    return bool(post.written_s) and time.time() - post.written_s < world.settings.timeline_lag
