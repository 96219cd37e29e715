"""Reading a list of posts that control is given, whole, before anything is written."""

from dataclasses import dataclass, field
from typing import Any

from sandbox.control import checks
from sandbox.model import FACEBOOK, Media, X
from sandbox.numbers import is_number
from sandbox.pictures import size_of
from sandbox.world import World
from sandbox.writing import (
    new_key,
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


def read_plans(world: World, given: Any) -> list[Plan]:
    """All posts of a list, found right. Raises: Wrong (422) naming the field as [3].author.handle."""
    items = given if isinstance(given, list) else [given]
    plans = [_plan(world, item, f"[{at}]." if isinstance(given, list) else "") for at, item in enumerate(items)]
    _refuse_repeated(world, plans)
    _check_places(world, plans)
    return plans


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
        known = plan.network == X and int(plan.id) in world.store.by_key
        if known or (plan.network, plan.id) in seen or world.store.post(plan.network, plan.id) is not None:
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
    """A handle belongs to one id, in the list and in what stands there."""
    account_id = str(plan.author.get("id") or "")
    handle = str(plan.author.get("handle") or account_id).removeprefix("@").lower()
    owner = world.store.account_by_handle(plan.network, handle)
    claimed = handles.setdefault((plan.network, handle), owner.id if owner else account_id)
    if account_id and claimed != account_id:
        raise checks.Wrong(f"{plan.where}author.handle", f"{handle} belongs to another id")
