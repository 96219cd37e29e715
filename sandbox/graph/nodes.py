"""What an id stands for, and what stands under it."""

from dataclasses import dataclass

from sandbox.graph import errors
from sandbox.graph.auth import Caller
from sandbox.model import FACEBOOK, Account, Media, Post
from sandbox.world import World
from sandbox.writing import is_visible, lags

PAGE, USER, POST, COMMENT, MESSAGE, CONVERSATION, PHOTO = (
    "Page",
    "User",
    "PagePost",
    "Comment",
    "Message",
    "UnifiedThread",
    "Photo",
)


@dataclass(slots=True)
class Conversation:
    """A private exchange between a page and a person."""

    id: str
    page: Account
    person: Account
    messages: list[Post]

    @property
    def key(self) -> int:
        return self.messages[-1].key

    @property
    def created_ms(self) -> int:
        return self.messages[-1].created_ms


@dataclass(frozen=True, slots=True)
class Node:
    """An object of the graph and its kind."""

    kind: str
    thing: Account | Post | Conversation | Media

    @property
    def id(self) -> str:
        return self.thing.id


def find(world: World, caller: Caller, object_id: str, verb: str = "get") -> Node:
    """Raises: code 100/33 when there is no such object for this caller."""
    node = _look(world, caller, object_id)
    if node is None:
        raise errors.missing(object_id, verb)
    return node


def _look(world: World, caller: Caller, object_id: str) -> Node | None:
    if object_id == "me":
        return account_node(caller.account) if caller.account else None
    account = world.store.account(FACEBOOK, object_id)
    if account is not None:
        return account_node(account)
    if object_id.startswith("t_"):
        found = conversation(world, caller.page, object_id)
        return Node(CONVERSATION, found) if found else None
    media = world.store.media.get(f"photo_{object_id}")
    if media is not None:
        return Node(PHOTO, media)
    return _post_node(world, caller, object_id)


def _post_node(world: World, caller: Caller, object_id: str) -> Node | None:
    post = world.store.post(FACEBOOK, object_id)
    if post is None or not is_visible(world, post):
        return None
    if post.private:
        mine = caller.kind == "page" and caller.account and caller.account.id in (post.author_id, post.to_id)
        return Node(MESSAGE, post) if mine else None
    allowed = caller.account is not None and post.to_id in (caller.account.id, *caller.pages)
    return Node(COMMENT if post.parent_id else POST, post) if allowed else None


def account_node(account: Account) -> Node:
    return Node(PAGE if account.brand else USER, account)


def feed(world: World, page: Account, *, own_only: bool = False) -> list[Post]:
    """Posts on a page, newest first: its own and those of visitors."""
    store = world.store
    posts = (store.by_key[key] for key in store.by_page.newest(page.id))
    return [p for p in posts if _shows(world, p) and (not own_only or p.author_id == page.id)]


def _shows(world: World, post: Post) -> bool:
    return is_visible(world, post) and not lags(world, post)


def comments(world: World, post: Post, *, stream: bool) -> list[Post]:
    """Comments under a post or a comment, oldest first; with `stream` those of all levels."""
    store = world.store
    if stream and not post.parent_id:
        keys = store.by_conversation.keys((FACEBOOK, post.conversation_id))
        found = (store.by_key[key] for key in keys)
        return [c for c in found if c.parent_id and _shows(world, c)]
    direct = [c for c in store.children(post) if _shows(world, c)]
    if not stream:
        return direct
    deeper = [d for c in direct for d in comments(world, c, stream=True)]
    return sorted([*direct, *deeper], key=lambda c: c.key)


def conversation(world: World, page: Account, conversation_id: str) -> Conversation | None:
    keys = world.store.by_conversation.keys((FACEBOOK, conversation_id))
    messages = [p for key in keys if _shows(world, p := world.store.by_key[key])]
    messages = [p for p in messages if p.private and page.id in (p.author_id, p.to_id)]
    if not messages:
        return None
    person_id = messages[0].to_id if messages[0].author_id == page.id else messages[0].author_id
    person = world.store.account(FACEBOOK, person_id)
    return Conversation(conversation_id, page, person, messages) if person else None


def conversations(world: World, page: Account) -> list[Conversation]:
    """Private exchanges of a page, the one with the newest message first."""
    names = dict.fromkeys(
        world.store.by_key[key].conversation_id for key in world.store.inbox.newest((FACEBOOK, page.id))
    )
    found = (conversation(world, page, name) for name in names)
    return sorted((c for c in found if c), key=lambda c: c.key, reverse=True)
