"""What the page shows: threads and private talks, the one with the newest word first."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from heapq import merge

from sandbox import text as reading
from sandbox.model import FACEBOOK, NETWORKS, Account, Post, X
from sandbox.pictures import initials
from sandbox.world import World
from sandbox.writing import is_visible

THREADS = 40
NETWORK_NAMES = {X: "X", FACEBOOK: "Facebook"}


@dataclass(slots=True)
class Shown:
    """A post as the page draws it."""

    id: str
    network: str
    author: Account
    initials: str
    reach: str
    time: str
    iso: str
    text: str
    pictures: list[str]
    private: bool
    hidden: bool
    edited: bool
    likes: int
    answers_comment: bool


@dataclass(slots=True)
class Thread:
    """A post with what was answered, or a private talk."""

    network: str
    private: bool
    posts: list[Shown] = field(default_factory=list)
    brand: str = ""

    @property
    def first(self) -> Shown:
        return self.posts[0]

    @property
    def rest(self) -> list[Shown]:
        return self.posts[1:]


def threads(world: World, *, network: str = "", brand: str = "", kind: str = "") -> list[Thread]:
    """The newest threads of a network and a brand; `kind`: public, private or both."""
    found: list[Thread] = []
    for name in _newest_conversations(world, network, kind):
        thread = _thread(world, *name)
        if thread.posts and (not brand or thread.brand == brand):
            found.append(thread)
            if len(found) == THREADS:
                break
    return found


def _newest_conversations(world: World, network: str, kind: str) -> Iterator[tuple[str, str]]:
    """Network and id of conversations, the one with the newest word first, each once."""
    indexes = {"public": [world.store.public], "private": [world.store.private]}
    chosen = indexes.get(kind, [world.store.public, world.store.private])
    networks = [network] if network else NETWORKS
    lists = [index.newest(each) for index in chosen for each in networks]
    seen: set[tuple[str, str]] = set()
    for key in merge(*lists, reverse=True):
        post = world.store.by_key[key]
        name = (post.network, post.conversation_id)
        if name not in seen and is_visible(world, post):
            seen.add(name)
            yield name


def _thread(world: World, network: str, conversation_id: str) -> Thread:
    keys = world.store.by_conversation.keys((network, conversation_id))
    posts = [post for key in keys if is_visible(world, post := world.store.by_key[key])]
    thread = Thread(network, any(post.private for post in posts))
    thread.posts = [shown(world, post) for post in posts]
    thread.brand = _brand_of(world, posts)
    return thread


def _brand_of(world: World, posts: list[Post]) -> str:
    for post in posts:
        for account in (
            world.store.account(post.network, post.author_id),
            world.store.account(post.network, post.to_id),
            *(world.store.account_by_handle(post.network, handle) for handle in post.mentions),
        ):
            if account is not None and account.brand:
                return account.handle
    return ""


def shown(world: World, post: Post) -> Shown:
    unknown = Account(post.author_id, post.network, "unknown", "Unknown")
    author = world.store.account(post.network, post.author_id) or unknown
    moment = datetime.fromtimestamp(post.created_ms / 1000, UTC)
    return Shown(
        id=post.id,
        network=post.network,
        author=author,
        initials=initials(author.name),
        reach=compact(author.followers),
        time=moment.strftime("%d %b %H:%M"),
        iso=moment.isoformat(),
        text=readable(post),
        pictures=[f"/media/{key}" for key in post.media],
        private=post.private,
        hidden=post.hidden,
        edited=bool(post.edited_ms),
        likes=len(post.likes),
        answers_comment=bool(post.answers_comment),
    )


def readable(post: Post) -> str:
    """The words as people see them: nothing escaped, links long, the link of a picture left out."""
    if post.network == FACEBOOK:
        return post.text
    text = post.text
    for short, long in post.links.items():
        text = text.replace(short, "" if "/photo/" in long else long)
    return reading.from_wire(text).strip()


def compact(number: int) -> str:
    """1234 → 1.2k, 2500000 → 2.5M."""
    for size, letter in ((1_000_000, "M"), (1000, "k")):
        if number >= size:
            return f"{number / size:.1f}".removesuffix(".0") + letter
    return str(number)
