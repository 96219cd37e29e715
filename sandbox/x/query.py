"""The grammar of recent search: words, "phrases", OR, -not, (groups) and operators.

Source: docs.x.com/x-api/posts/search/integrate/operators (read 2026-11).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from sandbox import text as reading
from sandbox.index import Index
from sandbox.model import Post, X
from sandbox.world import World
from sandbox.x import problems

Test = Callable[[World, Post], bool]

TOKEN = re.compile(
    r"""\s*(?:
      (?P<open>-?\()
    | (?P<close>\))
    | (?P<phrase>-?"[^"]*")
    | (?P<word>[^\s()"]+)
    )""",
    re.VERBOSE,
)
WORDS = re.compile(r"\w+", re.UNICODE)


@dataclass
class Query:
    """A parsed query: the test of a post and, where every hit must have it, an index that is shorter than all posts."""

    test: Test
    # Operators outside of OR and negation: name → value.
    anchors: dict[str, str] = field(default_factory=dict)

    def matches(self, world: World, post: Post) -> bool:
        return self.test(world, post)

    def narrowest(self, world: World) -> tuple[Index, object]:
        """The index to walk and the name to walk under."""
        store = world.store
        if "conversation_id" in self.anchors:
            return store.by_conversation, (X, self.anchors["conversation_id"])
        if "@" in self.anchors:
            return store.by_mention, (X, self.anchors["@"])
        if "from" in self.anchors:
            account = store.find_account(X, self.anchors["from"])
            return store.by_author, (X, account.id if account else "")
        return store.public, X


def parse_query(text: str) -> Query:
    """Raises: 400 with X's wording when the query cannot be parsed."""
    parser = _Parser(_tokens(text))
    test = parser.alternatives(top=True)
    if not parser.at_end:
        raise _wrong(text)
    if not parser.standalone:
        raise problems.invalid(
            "query",
            text,
            "There were errors processing your request: Rules must contain at least one positive, non-stopword clause",
        )
    return Query(test, parser.anchors)


def _wrong(text: str) -> Exception:
    return problems.invalid(
        "query", text, f"There were errors processing your request: no viable alternative at '{text}'"
    )


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens, at = [], 0
    text = text.rstrip()
    while at < len(text):
        match = TOKEN.match(text, at)
        if match is None or match.end() == at:
            raise _wrong(text)
        kind = match.lastgroup or ""
        tokens.append((kind, match.group(kind)))
        at = match.end()
    return tokens


class _Parser:
    """Recursive descent: OR of ANDs of terms."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens = tokens
        self._at = 0
        self.anchors: dict[str, str] = {}
        self.standalone = False

    @property
    def at_end(self) -> bool:
        return self._at == len(self._tokens)

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._at] if not self.at_end else ("", "")

    def alternatives(self, *, top: bool = False) -> Test:
        options = [self._all(top=top)]
        while self._peek() == ("word", "OR"):
            self._at += 1
            options.append(self._all(top=False))
            self.anchors.clear()
        if len(options) == 1:
            return options[0]
        return lambda world, post: any(option(world, post) for option in options)

    def _all(self, *, top: bool) -> Test:
        terms = []
        while not self.at_end and self._peek()[0] != "close" and self._peek() != ("word", "OR"):
            if self._peek() == ("word", "AND"):
                self._at += 1
                continue
            terms.append(self._term(top=top))
        if not terms:
            raise _wrong(" ".join(value for _, value in self._tokens))
        return lambda world, post: all(term(world, post) for term in terms)

    def _term(self, *, top: bool) -> Test:
        kind, value = self._tokens[self._at]
        self._at += 1
        negated = value.startswith("-") and len(value) > 1
        value = value[1:] if negated else value
        if kind == "open":
            test = self._group()
        elif kind == "phrase":
            test = _phrase(value.strip('"'))
        else:
            test = self._operator(value, anchor=top and not negated)
        if not negated:
            self.standalone = self.standalone or not value.startswith(("is:", "has:", "lang:"))
            return test
        return lambda world, post: not test(world, post)

    def _group(self) -> Test:
        kept = dict(self.anchors)
        test = self.alternatives()
        self.anchors = kept
        if self._peek()[0] != "close":
            raise _wrong("(")
        self._at += 1
        return test

    def _operator(self, value: str, *, anchor: bool) -> Test:
        name, colon, rest = value.partition(":")
        maker = _OPERATORS.get(name.lower()) if colon and rest else None
        if maker is not None:
            if anchor:
                self.anchors[name.lower()] = rest.lower().removeprefix("@")
            return maker(rest)
        if value.startswith("@"):
            if anchor:
                self.anchors["@"] = value[1:].lower()
            return _mentions(value[1:])
        if value.startswith("#"):
            return _tagged(value[1:])
        return _phrase(value)


def _phrase(text: str) -> Test:
    wanted = [word.lower() for word in WORDS.findall(text)]

    def test(world: World, post: Post) -> bool:
        words = words_of(post)
        size = len(wanted)
        if size == 1:
            return wanted[0] in words
        return any(words[at : at + size] == wanted for at in range(len(words) - size + 1))

    return test


def words_of(post: Post) -> list[str]:
    return [word.lower() for word in WORDS.findall(reading.from_wire(post.text))]


def _mentions(handle: str) -> Test:
    wanted = handle.lower()
    return lambda world, post: wanted in post.mentions


def _tagged(tag: str) -> Test:
    wanted = tag.lower()
    return lambda world, post: wanted in {found.lower() for _, _, found in reading.spans(reading.HASHTAG, post.text)}


def _from(name: str) -> Test:
    def test(world: World, post: Post) -> bool:
        account = world.store.find_account(X, name)
        return account is not None and account.id == post.author_id

    return test


def _to(name: str) -> Test:
    def test(world: World, post: Post) -> bool:
        account = world.store.find_account(X, name)
        parent = world.store.post(X, post.parent_id)
        return account is not None and parent is not None and parent.author_id == account.id

    return test


def _conversation(conversation_id: str) -> Test:
    return lambda world, post: post.conversation_id == conversation_id


def _is(kind: str) -> Test:
    tests: dict[str, Test] = {
        "reply": lambda world, post: bool(post.parent_id),
        "quote": lambda world, post: bool(post.quoted_id),
        "retweet": lambda world, post: False,
        "verified": lambda world, post: bool((a := world.store.account(X, post.author_id)) and a.verified),
    }
    if kind not in tests:
        raise problems.invalid(
            "query", kind, f"There were errors processing your request: Reference to invalid operator 'is:{kind}'"
        )
    return tests[kind]


def _has(kind: str) -> Test:
    tests: dict[str, Test] = {
        "media": lambda world, post: bool(post.media),
        "images": lambda world, post: bool(post.media),
        "links": lambda world, post: bool(reading.URL.search(post.text)),
        "mentions": lambda world, post: bool(post.mentions),
        "hashtags": lambda world, post: bool(reading.HASHTAG.search(post.text)),
    }
    if kind not in tests:
        raise problems.invalid(
            "query", kind, f"There were errors processing your request: Reference to invalid operator 'has:{kind}'"
        )
    return tests[kind]


def _lang(tag: str) -> Test:
    return lambda world, post: post.lang == tag.lower()


def _in_reply_to(post_id: str) -> Test:
    return lambda world, post: post.parent_id == post_id


_OPERATORS: dict[str, Callable[[str], Test]] = {
    "from": _from,
    "to": _to,
    "conversation_id": _conversation,
    "in_reply_to_tweet_id": _in_reply_to,
    "is": _is,
    "has": _has,
    "lang": _lang,
}
