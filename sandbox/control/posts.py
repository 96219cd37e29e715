"""Putting posts there as people would, editing, deleting, listing."""

from dataclasses import dataclass, field
from typing import Any

from sandbox import text as reading
from sandbox.clock import iso
from sandbox.control import checks
from sandbox.control.accounts import merge_account
from sandbox.http import Refusal
from sandbox.ids import EPOCH_MS, time_of
from sandbox.model import FACEBOOK, Account, Media, Post, X
from sandbox.numbers import is_number
from sandbox.pictures import size_of
from sandbox.world import World
from sandbox.writing import (
    delete,
    dm_conversation,
    edit,
    facebook_id,
    message_conversation,
    new_key,
    root_of,
)

FIELDS = {
    "network",
    "id",
    "author",
    "text",
    "created_at",
    "to",
    "in_reply_to",
    "conversation_id",
    "media",
    "private",
    "quoted",
    "lang",
    "likes",
}
AUTHOR_FIELDS = {
    "id",
    "handle",
    "name",
    "followers",
    "following",
    "verified",
    "bio",
    "avatar",
    "protected",
    "shows_name",
    "location",
    "created_at",
}


@dataclass
class Plan:
    """A post that has been read and found right, not yet written."""

    network: str
    author: dict[str, Any]
    text: str
    id: str = ""
    created_ms: int | None = None
    to: str = ""
    parent_id: str = ""
    conversation_id: str = ""
    quoted_id: str = ""
    private: bool = False
    lang: str = "en"
    media: list[Media] = field(default_factory=list)
    where: str = ""


def create_posts(world: World, given: Any) -> dict:
    """All of a list or none. Raises: Wrong (422) naming the field as [3].author.handle."""
    items = given if isinstance(given, list) else [given]
    plans = [_plan(world, item, f"[{at}]." if isinstance(given, list) else "") for at, item in enumerate(items)]
    _refuse_repeated(world, plans)
    _check_places(world, plans)
    posts = [_write(world, plan) for plan in plans]
    return {"posts": [{"id": post.id, "conversation_id": post.conversation_id} for post in posts]}


def _plan(world: World, item: Any, where: str) -> Plan:
    given = checks.an_object(item, where.rstrip(".") or "post")
    checks.only(given, where, FIELDS)
    network = checks.network(given, where)
    author = checks.an_object(given.get("author"), f"{where}author")
    checks.only(author, f"{where}author.", AUTHOR_FIELDS)
    _check_author(author, network, f"{where}author.")
    plan = Plan(
        network=network,
        author=author,
        text=checks.text(given, "text", where, ""),
        id=checks.text(given, "id", where, ""),
        created_ms=checks.moment(given, "created_at", where),
        to=checks.text(given, "to", where, ""),
        parent_id=checks.text(given, "in_reply_to", where, ""),
        conversation_id=checks.text(given, "conversation_id", where, ""),
        quoted_id=checks.text(given, "quoted", where, ""),
        private=checks.flag(given, "private", where),
        lang=checks.text(given, "lang", where, "en"),
        media=_media(world, given.get("media"), where),
        where=where,
    )
    if network == X and plan.id and not (is_number(plan.id) and int(plan.id) < 1 << 63):
        raise checks.Wrong(f"{where}id", "must be a number of at most 19 digits")
    if not plan.text and not plan.media and "text" not in given:
        raise checks.Wrong(f"{where}text", "is required")
    return plan


def _check_author(author: dict[str, Any], network: str, where: str) -> None:
    """The same checks that writing makes, before anything is written."""
    if not checks.text(author, "id", where, "") and not checks.text(author, "handle", where, ""):
        raise checks.Wrong(f"{where}handle", "is required")
    account_id = checks.text(author, "id", where, "")
    if network == X and account_id and not is_number(account_id):
        raise checks.Wrong(f"{where}id", "must be a number of at most 19 digits")
    for name in ("name", "bio", "avatar", "location"):
        checks.text(author, name, where, "")
    for name in ("followers", "following"):
        checks.number(author, name, where)
    for name in ("verified", "protected", "shows_name"):
        checks.flag(author, name, where)


def _media(world: World, given: Any, where: str) -> list[Media]:
    if given is None:
        return []
    if not isinstance(given, list):
        raise checks.Wrong(f"{where}media", "must be a list")
    return [_medium(world, item, f"{where}media[{at}].") for at, item in enumerate(given)]


def _medium(world: World, item: Any, where: str) -> Media:
    given = {"url": item} if isinstance(item, str) else checks.an_object(item, where.rstrip("."))
    checks.only(given, where, {"type", "url", "bytes", "alt"})
    kind = checks.text(given, "type", where, "photo")
    if kind not in ("photo", "video", "animated_gif"):
        raise checks.Wrong(f"{where}type", "must be photo, video or animated_gif")
    prefix = {"photo": "3", "video": "13", "animated_gif": "16"}[kind]
    number = str(new_key(world, world.clock.now_ms()))
    media = Media(f"{prefix}_{number}", number, kind, "image/jpeg", 800, 450)
    media.url = checks.text(given, "url", where, "")
    media.alt = checks.text(given, "alt", where, "")
    if given.get("bytes") is not None:
        content = checks.content(given, "bytes", where)
        found = size_of(content)
        if found is None:
            raise checks.Wrong(f"{where}bytes", "is not a picture")
        media.mime, media.width, media.height = found
        media.data, media.size = given["bytes"], len(content)
    return media


def _refuse_repeated(world: World, plans: list[Plan]) -> None:
    seen: set[tuple[str, str]] = set()
    for plan in plans:
        if not plan.id:
            continue
        if (plan.network, plan.id) in seen or world.store.post(plan.network, plan.id) is not None:
            raise checks.Wrong(f"{plan.where}id", f"{plan.id} stands there already")
        seen.add((plan.network, plan.id))


def _check_places(world: World, plans: list[Plan]) -> None:
    """Everything that writing could stumble over: receivers, pages, renamed authors."""
    coming = {(plan.network, plan.id) for plan in plans if plan.id}
    handles: dict[tuple[str, str], str] = {}
    for plan in plans:
        _check_handle(world, plan, handles)
        receiver = world.store.find_account(plan.network, plan.to) if plan.to else None
        if plan.to and receiver is None:
            raise checks.Wrong(f"{plan.where}to", f"nobody is called {plan.to}")
        if plan.private and receiver is None:
            raise checks.Wrong(f"{plan.where}to", "is required for a private message")
        if plan.network == FACEBOOK and not plan.private:
            known = (FACEBOOK, plan.parent_id) in coming or world.store.post(FACEBOOK, plan.parent_id)
            if plan.parent_id and not known:
                raise checks.Wrong(f"{plan.where}in_reply_to", f"nothing has the id {plan.parent_id}")
            if not plan.parent_id and receiver is None and not _is_page(world, plan):
                raise checks.Wrong(f"{plan.where}to", "is required: the page that is written on")


def _is_page(world: World, plan: Plan) -> bool:
    author = world.store.find_account(FACEBOOK, str(plan.author.get("id") or plan.author.get("handle")))
    return author is not None and author.brand


def _check_handle(world: World, plan: Plan, handles: dict[tuple[str, str], str]) -> None:
    handle = str(plan.author.get("handle") or "").removeprefix("@").lower()
    account_id = str(plan.author.get("id") or "")
    if not handle or not account_id:
        return
    owner = world.store.account_by_handle(plan.network, handle)
    known = handles.setdefault((plan.network, handle), account_id)
    if known != account_id or (owner is not None and owner.id != account_id):
        raise checks.Wrong(f"{plan.where}author.handle", f"{handle} belongs to another id")


def _write(world: World, plan: Plan) -> Post:
    author = merge_account(world, plan.network, plan.author, f"{plan.where}author.")
    created = plan.created_ms
    if created is None:
        made = time_of(int(plan.id)) if plan.network == X and plan.id else 0
        created = made if made > EPOCH_MS else world.clock.now_ms()
    key = int(plan.id) if plan.network == X and plan.id else new_key(world, created)
    for media in plan.media:
        world.store.put_media(media)
    make = _on_x if plan.network == X else _on_facebook
    post = make(world, plan, author, created, key)
    post.media = [media.key for media in plan.media]
    post.lang = plan.lang
    return world.store.add_post(post)


def _on_x(world: World, plan: Plan, author: Account, created: int, key: int) -> Post:
    post = Post(str(key), X, key, author.id, plan.text, created, history=[str(key)])
    receiver = world.store.find_account(X, plan.to) if plan.to else None
    if plan.private and receiver is not None:
        post.private, post.to_id = True, receiver.id
        post.conversation_id = plan.conversation_id or dm_conversation(author.id, receiver.id)
        return post
    post.mentions = reading.mentioned_handles(plan.text)
    if receiver is not None and receiver.handle.lower() not in post.mentions:
        post.mentions.append(receiver.handle.lower())
    post.parent_id, post.quoted_id = plan.parent_id, plan.quoted_id
    _place(world, post, plan)
    return post


def _place(world: World, post: Post, plan: Plan) -> None:
    """The conversation that was given, else that of the parent, else its own."""
    post.inferred = bool(post.parent_id) and not plan.conversation_id
    if plan.conversation_id:
        post.conversation_id = plan.conversation_id
    elif post.parent_id:
        post.conversation_id = root_of(world, post.network, post.parent_id)
    else:
        post.conversation_id = post.id


def _on_facebook(world: World, plan: Plan, author: Account, created: int, key: int) -> Post:
    receiver = world.store.find_account(FACEBOOK, plan.to) if plan.to else None
    if plan.private and receiver is not None:
        page, person = (author, receiver) if author.brand else (receiver, author)
        post_id = plan.id or f"m_{key}"
        post = Post(post_id, FACEBOOK, key, author.id, plan.text, created, history=[post_id], private=True)
        post.to_id = receiver.id
        post.conversation_id = plan.conversation_id or message_conversation(page.id, person.id)
        return post
    parent = world.store.post(FACEBOOK, plan.parent_id) if plan.parent_id else None
    page_id = parent.to_id if parent else (receiver or author).id
    page = world.store.account(FACEBOOK, page_id) or author
    post_id = plan.id or facebook_id(page, parent, key)
    post = Post(post_id, FACEBOOK, key, author.id, plan.text, created, history=[post_id], to_id=page_id)
    post.parent_id = plan.parent_id
    _place(world, post, plan)
    return post


def change_post(world: World, post_id: str, given: Any) -> dict:
    """Edit as the author would; on X the answer names the new id."""
    body = checks.an_object(given, "post")
    checks.only(body, "", {"text", "hidden", "network"})
    post = found(world, post_id)
    if "hidden" in body:
        post.hidden = checks.flag(body, "hidden", "")
        world.store.save_post(post)
    if "text" in body:
        post = edit(world, post, checks.text(body, "text", ""))
    return describe(world, post)


def delete_post(world: World, post_id: str) -> dict:
    delete(world, found(world, post_id))
    return {"deleted": True}


def found(world: World, post_id: str) -> Post:
    post = world.store.find_post(post_id)
    if post is None or post.deleted:
        raise Refusal(404, {"code": "not_found", "message": f"nothing has the id {post_id}"})
    return post


def list_posts(world: World, query: dict[str, str]) -> dict:
    """What stands there, oldest first: `network`, `author`, `in_reply_to`, `conversation_id`, `private`, `limit`."""
    posts = [post for post in _candidates(world, query) if _wanted(world, post, query)]
    posts.sort(key=lambda post: post.key)
    limit = query.get("limit", "")
    if limit and not is_number(limit):
        raise checks.Wrong("limit", "must be a whole number")
    return {"posts": [describe(world, post) for post in (posts[-int(limit) :] if limit else posts)]}


def _candidates(world: World, query: dict[str, str]) -> list[Post]:
    networks = [query["network"]] if query.get("network") else [X, FACEBOOK]
    store = world.store
    if any(network not in (X, FACEBOOK) for network in networks):
        raise checks.Wrong("network", "must be one of x, facebook")
    if query.get("in_reply_to"):
        names = [(network, query["in_reply_to"]) for network in networks]
        return [store.by_key[key] for name in names for key in store.by_parent.keys(name)]
    if query.get("conversation_id"):
        names = [(network, query["conversation_id"]) for network in networks]
        return [store.by_key[key] for name in names for key in store.by_conversation.keys(name)]
    return [post for network in networks for post in store.posts[network].values()]


def _wanted(world: World, post: Post, query: dict[str, str]) -> bool:
    if post.deleted or post.superseded:
        return False
    if query.get("private") and post.private != (query["private"] in ("1", "true")):
        return False
    if query.get("author"):
        account = world.store.find_account(post.network, query["author"])
        return account is not None and account.id == post.author_id
    return True


def describe(world: World, post: Post) -> dict:
    """A post as control shows it: the truth, whatever lag or fault hides from clients."""
    author = world.store.account(post.network, post.author_id)
    receiver = world.store.account(post.network, post.to_id) if post.to_id else None
    return {
        "id": post.id,
        "network": post.network,
        "author": {"id": post.author_id, "handle": author.handle, "name": author.name} if author else None,
        "text": post.typed or post.text,
        "wire_text": post.text,
        "created_at": iso(post.created_ms),
        "in_reply_to": post.parent_id or None,
        "conversation_id": post.conversation_id,
        "to": receiver.handle if receiver else None,
        "private": post.private,
        "hidden": post.hidden,
        "likes": len(post.likes),
        "media": post.media,
        "history": post.history,
        "answers_comment": post.answers_comment or None,
        "by_client": bool(post.written_s),
    }
