"""Everything that stands on the pretend network, in memory, with its indexes and its journal."""

from collections.abc import Iterator

from sandbox.ids import IdMaker
from sandbox.index import Index
from sandbox.journal import Journal
from sandbox.model import FACEBOOK, NETWORKS, Account, App, Media, Post, Token, X
from sandbox.numbers import is_number

KINDS = {"account": Account, "app": App, "token": Token, "media": Media, "post": Post}


class Store:
    """Holds things by id, finds posts by author, mention, conversation, parent, page and inbox."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._dirty: dict[tuple[str, str], object] = {}
        self.facts: dict[str, dict] = {}
        self.ids = IdMaker(self._is_taken)
        # Rises with every change that was saved, for those who watch.
        self.version = 0
        self._start_empty()
        for kind, value in journal.read():
            self._load(kind, value)
        self._reindex()
        journal.rewrite(self._all_facts())

    def _start_empty(self) -> None:
        self.accounts: dict[tuple[str, str], Account] = {}
        self.apps: dict[str, App] = {}
        self.tokens: dict[str, Token] = {}
        self.media: dict[str, Media] = {}
        self.posts: dict[str, dict[str, Post]] = {network: {} for network in NETWORKS}
        self.by_key: dict[int, Post] = {}
        self._handles: dict[tuple[str, str], str] = {}
        # Numbers of accounts, apps and media: no id is given twice, whatever it is for.
        self._numbers: set[int] = set()
        self.public, self.by_author, self.by_mention = Index(), Index(), Index()
        self.by_conversation, self.by_parent, self.by_page = Index(), Index(), Index()
        self.inbox, self.private = Index(), Index()

    def reset(self) -> None:
        """Forget everything, in the journal too."""
        self._start_empty()
        self.facts.clear()
        self._dirty.clear()
        self.version += 1
        self._journal.rewrite([])

    # Loading and saving

    def _load(self, kind: str, value: dict) -> None:
        if kind == "fact":
            self.facts[value.pop("name")] = value
            return
        thing = KINDS[kind](**value)
        if isinstance(thing, Account):
            self._place_account(thing)
        elif isinstance(thing, Post):
            self.posts[thing.network][thing.id] = thing
        elif isinstance(thing, App):
            self._place_app(thing)
        elif isinstance(thing, Token):
            self.tokens[thing.value] = thing
        elif isinstance(thing, Media):
            self._place_media(thing)

    def _reindex(self) -> None:
        for network in NETWORKS:
            for post in sorted(self.posts[network].values(), key=lambda post: post.key):
                self.by_key[post.key] = post
                if not post.deleted and not post.superseded:
                    self._index(post)

    def _all_facts(self) -> Iterator[tuple[str, object]]:
        for kind, things in (
            ("account", self.accounts.values()),
            ("app", self.apps.values()),
            ("token", self.tokens.values()),
            ("media", self.media.values()),
            *(("post", self.posts[network].values()) for network in NETWORKS),
        ):
            for thing in things:
                yield kind, thing
        for name, value in self.facts.items():
            yield "fact", {"name": name, **value}

    def remember(self, name: str, value: dict) -> None:
        """Keep a small fact of the sandbox itself (settings, the clock, how far the demo is)."""
        self.facts[name] = value
        self._dirty["fact", name] = {"name": name, **value}

    def flush(self) -> None:
        """Write what changed since the last time; call it before an answer leaves."""
        if self._dirty:
            self.version += 1
            self._journal.write((kind, thing) for (kind, _), thing in self._dirty.items())
            self._dirty.clear()

    def close(self) -> None:
        self.flush()
        self._journal.close()

    # Accounts, apps, tokens, media

    def _place_account(self, account: Account) -> None:
        old = self.accounts.get((account.network, account.id))
        if old is not None:
            self._handles.pop((old.network, old.handle.lower()), None)
        self.accounts[account.network, account.id] = account
        self._use_number(account.id)
        self._handles[account.network, account.handle.lower()] = account.id

    def put_account(self, account: Account) -> Account:
        self._place_account(account)
        self._dirty["account", f"{account.network}:{account.id}"] = account
        return account

    def rename(self, account: Account, handle: str) -> None:
        self._handles.pop((account.network, account.handle.lower()), None)
        account.handle = handle
        self.put_account(account)

    def account(self, network: str, account_id: str) -> Account | None:
        return self.accounts.get((network, account_id))

    def account_by_handle(self, network: str, handle: str) -> Account | None:
        account_id = self._handles.get((network, handle.lower()))
        return self.accounts.get((network, account_id)) if account_id else None

    def find_account(self, network: str, name: str) -> Account | None:
        """By id, or by handle with or without the @."""
        return self.account(network, name) or self.account_by_handle(network, name.removeprefix("@"))

    def brands(self, network: str | None = None) -> list[Account]:
        return [a for a in self.accounts.values() if a.brand and network in (None, a.network)]

    def _place_app(self, app: App) -> None:
        self.apps[app.id] = app
        self._use_number(app.key)

    def _place_media(self, media: Media) -> None:
        self.media[media.key] = media
        self._use_number(media.id)

    def put_app(self, app: App) -> None:
        self._place_app(app)
        self._dirty["app", app.id] = app

    def put_token(self, token: Token) -> Token:
        self.tokens[token.value] = token
        self._dirty["token", token.value] = token
        return token

    def put_media(self, media: Media) -> Media:
        self._place_media(media)
        self._dirty["media", media.key] = media
        return media

    # Posts

    def _is_taken(self, number: int) -> bool:
        return number in self.by_key or number in self._numbers or str(number) in self.posts[X]

    def _use_number(self, text: str) -> None:
        if is_number(text):
            self._numbers.add(int(text))

    def post(self, network: str, post_id: str) -> Post | None:
        return self.posts[network].get(post_id)

    def find_post(self, post_id: str) -> Post | None:
        return self.posts[X].get(post_id) or self.posts[FACEBOOK].get(post_id)

    def add_post(self, post: Post) -> Post:
        """Put a new post in its place; a reply that came before it finds its conversation now."""
        self.posts[post.network][post.id] = post
        self._index(post)
        self._adopt(post)
        self.save_post(post)
        return post

    def save_post(self, post: Post) -> None:
        self._dirty["post", f"{post.network}:{post.id}"] = post

    def _index(self, post: Post) -> None:
        self.by_key[post.key] = post
        if post.parent_id:
            self.by_parent.add((post.network, post.parent_id), post.key)
        if post.private:
            self.private.add(post.network, post.key)
            self.inbox.add((post.network, post.author_id), post.key)
            self.inbox.add((post.network, post.to_id), post.key)
            self.by_conversation.add((post.network, post.conversation_id), post.key)
            return
        self.public.add(post.network, post.key)
        self.by_author.add((post.network, post.author_id), post.key)
        self.by_conversation.add((post.network, post.conversation_id), post.key)
        for handle in post.mentions:
            self.by_mention.add((post.network, handle), post.key)
        if post.network == FACEBOOK and not post.parent_id:
            self.by_page.add(post.to_id, post.key)

    def _adopt(self, parent: Post) -> None:
        waiting = [parent]
        while waiting:
            above = waiting.pop()
            for key in self.by_parent.keys((above.network, above.id)):
                child = self.by_key[key]
                if child.inferred and child.conversation_id != above.conversation_id:
                    self.by_conversation.remove((child.network, child.conversation_id), key)
                    child.conversation_id = above.conversation_id
                    self.by_conversation.add((child.network, child.conversation_id), key)
                    self.save_post(child)
                    waiting.append(child)

    def retext(self, post: Post, text: str, mentions: list[str]) -> None:
        """Change the words of a post in place."""
        for handle in post.mentions:
            self.by_mention.remove((post.network, handle), post.key)
        post.text, post.mentions = text, mentions
        for handle in mentions:
            self.by_mention.add((post.network, handle), post.key)
        self.save_post(post)

    def remove_post(self, post: Post) -> None:
        """Delete as the author would: it stays known by its id as gone, and leaves every list."""
        post.deleted = True
        self._unlist(post)

    def supersede_post(self, post: Post) -> None:
        """A newer version takes its place in every list; it can still be looked up by its id."""
        post.superseded = True
        self._unlist(post)

    def _unlist(self, post: Post) -> None:
        for index, name in (
            (self.public, post.network),
            (self.private, post.network),
            (self.by_author, (post.network, post.author_id)),
            (self.by_page, post.to_id),
            (self.by_conversation, (post.network, post.conversation_id)),
            (self.inbox, (post.network, post.author_id)),
            (self.inbox, (post.network, post.to_id)),
            (self.by_parent, (post.network, post.parent_id)),
            *((self.by_mention, (post.network, handle)) for handle in post.mentions),
        ):
            index.remove(name, post.key)
        self.save_post(post)

    def children(self, post: Post) -> list[Post]:
        """Direct answers, oldest first."""
        return [self.by_key[key] for key in self.by_parent.keys((post.network, post.id))]
