"""Carrying out what the script says: brands, people, posts."""

from dataclasses import dataclass

from sandbox.control.accounts import equip
from sandbox.demo.cast import BRANDS, CAST, PEOPLE, Brand, Person
from sandbox.model import FACEBOOK, Account, Media, Post, X
from sandbox.world import World
from sandbox.writing import new_key, publish_on_facebook, publish_on_x, send_dm, send_message

YEAR_MS = 365 * 86_400_000


@dataclass(slots=True)
class Line:
    """One thing that somebody says at the demo's time `at` (seconds from the start of a cycle).

    `key` names the post, so that a later line can answer it; `answers` is such a key or an id.
    """

    at: float
    who: str
    brand: str
    text: str
    network: str = X
    private: bool = False
    key: str = ""
    answers: str = ""
    lang: str = "en"
    picture: str = ""


def lay_down(world: World) -> None:
    """Make the brands, with their credentials, and the cast. Safe to repeat."""
    for brand in BRANDS:
        for network, reach in ((X, brand.followers), (FACEBOOK, brand.fans)):
            if world.store.account_by_handle(network, brand.handle) is None:
                account = _settle(world, network, brand.handle, brand.name, brand.bio, reach)
                account.brand = account.verified = True
                equip(world, account)
    for person in CAST:
        for network in person.networks.split():
            if world.store.account_by_handle(network, person.handle) is None:
                account = _settle(world, network, person.handle, person.name, person.bio, person.followers)
                account.verified, account.shows_name = person.verified, person.shows_name
                world.store.put_account(account)


def _settle(world: World, network: str, handle: str, name: str, bio: str, followers: int) -> Account:
    now = world.clock.now_ms()
    number = str(new_key(world, now))
    made = now - (1 + int(number) % 9) * YEAR_MS
    return world.store.put_account(
        Account(number, network, handle, name, bio, followers, following=followers % 700 + 20, created_ms=made)
    )


def brand_account(world: World, key: str, network: str) -> Account | None:
    return world.store.account_by_handle(network, brand_named(key).handle)


def brand_named(key: str) -> Brand:
    return next(brand for brand in BRANDS if brand.key == key)


def person_of(account: Account | None) -> Person | None:
    """The member of the cast behind an account; None for people whom a visitor invented."""
    return PEOPLE.get(account.handle) if account else None


def perform(world: World, line: Line, parent: Post | None = None, created_ms: int | None = None) -> Post | None:
    """Say a line. None when brand, speaker or the answered post is gone."""
    brand = brand_account(world, line.brand, line.network)
    speaker = brand if line.who == line.brand else world.store.account_by_handle(line.network, line.who)
    if brand is None or speaker is None or (line.answers and (parent is None or parent.deleted)):
        return None
    media = [_picture(world, line)] if line.picture else []
    post = _write(world, line, speaker, brand, parent, media, created_ms)
    post.lang = line.lang
    world.store.save_post(post)
    return post


def _write(
    world: World,
    line: Line,
    speaker: Account,
    brand: Account,
    parent: Post | None,
    media: list[Media],
    created_ms: int | None,
) -> Post:
    if line.private and line.network == X:
        receiver = _other_end(world, line, speaker, brand)
        return send_dm(world, speaker, receiver, line.text, media=media, created_ms=created_ms)
    if line.private:
        receiver = _other_end(world, line, speaker, brand)
        return send_message(world, speaker, receiver, line.text, page=brand, media=media, created_ms=created_ms)
    if line.network == X:
        return publish_on_x(world, speaker, line.text, parent=parent, media=media, created_ms=created_ms)
    return publish_on_facebook(world, speaker, brand, line.text, parent=parent, media=media, created_ms=created_ms)


def _other_end(world: World, line: Line, speaker: Account, brand: Account) -> Account:
    if speaker is not brand:
        return brand
    return world.store.account_by_handle(line.network, line.answers) or brand


def _picture(world: World, line: Line) -> Media:
    number = str(new_key(world, world.clock.now_ms()))
    key = f"3_{number}" if line.network == X else f"photo_{number}"
    return world.store.put_media(Media(key, number, "photo", "image/jpeg", 800, 450, alt=line.picture))
