"""Writing as a customer."""

import base64
import re
from dataclasses import dataclass

from sandbox import text as reading
from sandbox.ids import EPOCH_MS
from sandbox.model import FACEBOOK, Account, Media, Post, X
from sandbox.numbers import is_number
from sandbox.pictures import size_of
from sandbox.world import World
from sandbox.writing import (
    delete,
    is_visible,
    new_key,
    publish_on_facebook,
    publish_on_x,
    send_dm,
    send_message,
)

HANDLE = re.compile(r"[A-Za-z0-9_]{1,15}")
MAX_FOLLOWERS = 1_000_000_000
MAX_PICTURE = 5 * 1024 * 1024


class NotSaid(Exception):
    """Why nothing was written, for the person who tried."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where to write: x:ID:public, x:ID:about, x:ID:private, facebook:ID:public, facebook:ID:private."""

    network: str
    brand: Account
    kind: str


def place(world: World, value: str) -> Place:
    network, _, rest = value.partition(":")
    brand_id, _, kind = rest.partition(":")
    brand = world.store.account(network, brand_id)
    if brand is None or not brand.brand or kind not in ("public", "about", "private"):
        raise NotSaid("Choose whom to write to.")
    return Place(network, brand, kind)


def person(world: World, network: str, form: dict[str, str]) -> Account:
    """Who writes: somebody who is known, or somebody invented with a number of followers.

    A person known on the other network gets an account here too, of the same name and reach.
    """
    handle = (form.get("handle") or form.get("person") or "").strip().removeprefix("@")
    if not HANDLE.fullmatch(handle):
        raise NotSaid("A handle has 1 to 15 letters, digits or underscores.")
    account = world.store.account_by_handle(network, handle)
    if account is not None:
        if account.brand:
            raise NotSaid("That is a brand: be a customer.")
        return account
    other = world.store.account_by_handle(X if network == FACEBOOK else FACEBOOK, handle)
    name = form.get("name", "").strip() or (other.name if other else handle)
    followers = _followers(form.get("followers", ""), other)
    made = world.clock.now_ms()
    number = str(new_key(world, made))
    return world.store.put_account(
        Account(number, network, handle, name[:50], followers=followers, created_ms=max(made, EPOCH_MS))
    )


def _followers(value: str, other: Account | None) -> int:
    if not value.strip():
        return other.followers if other else 100
    if not is_number(value.strip()) or int(value) > MAX_FOLLOWERS:
        raise NotSaid("Followers is a whole number.")
    return int(value)


def say(world: World, form: dict[str, str], picture: bytes = b"") -> Post:
    """Write what the form says. Raises: NotSaid with a sentence for the person."""
    text = form.get("text", "").replace("\r\n", "\n").strip()
    if not text and not picture:
        raise NotSaid("Write something first.")
    if form.get("in_reply_to"):
        return _reply(world, form, text, picture)
    where = place(world, form.get("to", ""))
    author = person(world, where.network, form)
    media = _picture(world, where.network, picture)
    if where.network == FACEBOOK:
        if where.kind == "private":
            return send_message(world, author, where.brand, text, page=where.brand, media=media)
        return publish_on_facebook(world, author, where.brand, text, media=media)
    if where.kind == "private":
        return send_dm(world, author, where.brand, text, media=media)
    if where.kind == "public" and where.brand.handle.lower() not in reading.mentioned_handles(text):
        text = f"@{where.brand.handle} {text}"
    _check_length(text)
    return publish_on_x(world, author, text, media=media)


def _check_length(text: str) -> None:
    length = reading.weighted_length(text)
    if length > reading.MAX_WEIGHT:
        raise NotSaid(f"On X a post has {reading.MAX_WEIGHT} characters; this one has {length}.")


def _reply(world: World, form: dict[str, str], text: str, picture: bytes) -> Post:
    parent = world.store.find_post(form["in_reply_to"])
    if parent is None or not is_visible(world, parent):
        raise NotSaid("What you answer is gone.")
    author = person(world, parent.network, form)
    media = _picture(world, parent.network, picture)
    if parent.private:
        return _private_reply(world, author, parent, text, media)
    if parent.network == X:
        _check_length(text)
        return publish_on_x(world, author, text, parent=parent, media=media)
    page = world.store.account(FACEBOOK, parent.to_id)
    if page is None:
        raise NotSaid("The page is gone.")
    return publish_on_facebook(world, author, page, text, parent=parent, media=media)


def _private_reply(world: World, author: Account, parent: Post, text: str, media: list[Media]) -> Post:
    ends = [world.store.account(parent.network, end) for end in (parent.author_id, parent.to_id)]
    brand = next((account for account in ends if account and account.brand), None)
    if brand is None or author not in ends:
        raise NotSaid("This private talk is somebody else's.")
    if parent.network == X:
        return send_dm(world, author, brand, text, media=media)
    return send_message(world, author, brand, text, page=brand, media=media)


def _picture(world: World, network: str, content: bytes) -> list[Media]:
    if not content:
        return []
    found = size_of(content)
    if found is None or len(content) > MAX_PICTURE:
        raise NotSaid("Take a picture (PNG, JPEG, GIF or WebP) of at most 5 MB.")
    number = str(new_key(world, world.clock.now_ms()))
    key = f"3_{number}" if network == X else f"photo_{number}"
    media = Media(key, number, "photo", *found, size=len(content), data=base64.b64encode(content).decode())
    return [world.store.put_media(media)]


def take_back(world: World, post_id: str) -> None:
    """Delete a customer's post."""
    post = world.store.find_post(post_id)
    author = world.store.account(post.network, post.author_id) if post else None
    if post is None or post.deleted or author is None or author.brand:
        raise NotSaid("Only a customer's post can be taken back here.")
    delete(world, post)
