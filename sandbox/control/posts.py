"""Putting posts there as people would, editing, deleting, listing."""

from typing import Any

from sandbox import text as reading
from sandbox.clock import iso
from sandbox.control import checks
from sandbox.control.accounts import merge_account
from sandbox.control.plans import Plan, read_plans
from sandbox.http import Refusal
from sandbox.ids import EPOCH_MS, time_of
from sandbox.model import FACEBOOK, Account, Post, X
from sandbox.numbers import is_number
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


def create_posts(world: World, given: Any) -> dict:
    """All of a list or none. Raises: Wrong (422) naming the field as [3].author.handle."""
    posts = [_write(world, plan) for plan in read_plans(world, given)]
    return {"posts": [{"id": post.id, "conversation_id": post.conversation_id} for post in posts]}


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
