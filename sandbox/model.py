"""What the pretend network knows: accounts, apps, tokens, posts and media."""

from dataclasses import dataclass, field

X = "x"
FACEBOOK = "facebook"
NETWORKS = (X, FACEBOOK)


@dataclass(slots=True)
class Account:
    """A person or a brand on one network."""

    id: str
    network: str
    handle: str
    name: str
    bio: str = ""
    followers: int = 0
    following: int = 0
    verified: bool = False
    brand: bool = False
    protected: bool = False
    avatar: str = ""
    location: str = ""
    created_ms: int = 0
    app_id: str = ""
    # Facebook: comments of people who did not authorise the app come without `from`.
    shows_name: bool = True
    receives_messages: bool = True


@dataclass(slots=True)
class App:
    """A developer app; every brand has its own."""

    id: str
    network: str
    name: str
    key: str
    secret: str
    client_id: str = ""
    client_secret: str = ""
    redirect_uris: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Token:
    """A credential. `kind`: oauth1, oauth2, refresh, bearer, code, user, page."""

    value: str
    kind: str
    network: str
    app_id: str
    account_id: str = ""
    secret: str = ""
    scopes: list[str] = field(default_factory=list)
    issued_s: int = 0
    expires_s: int = 0
    revoked: bool = False
    chain: str = ""
    detail: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Media:
    """An uploaded or given picture; `path` is where the sandbox serves it, `url` a foreign address."""

    key: str
    id: str
    kind: str
    mime: str = ""
    width: int = 0
    height: int = 0
    size: int = 0
    url: str = ""
    alt: str = ""
    data: str = ""
    owner_id: str = ""
    ready: bool = True


@dataclass(slots=True)
class Post:
    """A post, a comment, a reply or a private message; `text` is what stands on the wire."""

    id: str
    network: str
    key: int
    author_id: str
    text: str
    created_ms: int
    # What the author typed where X made something else of it (links, escapes, a handle in front).
    typed: str = ""
    parent_id: str = ""
    conversation_id: str = ""
    # X: lower-case handles that the text or `to` names. Facebook: empty.
    mentions: list[str] = field(default_factory=list)
    # Facebook: the page it stands on. Both: the receiver of a private one.
    to_id: str = ""
    private: bool = False
    quoted_id: str = ""
    media: list[str] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)
    likes: list[str] = field(default_factory=list)
    hidden: bool = False
    deleted: bool = False
    superseded: bool = False
    history: list[str] = field(default_factory=list)
    edited_ms: int = 0
    lang: str = "en"
    source: str = ""
    # Set when the conversation was worked out from the parent, so that a late parent may correct it.
    inferred: bool = False
    # Facebook: the comment that this private message answers.
    answers_comment: str = ""
    # Real clock, seconds: when a client wrote it. 0 = given by control, visible at once.
    written_s: float = 0.0
