"""What had been said in the hours before the demo was started."""

from sandbox.demo import lines
from sandbox.demo.deck import Deck
from sandbox.demo.script import small_talk
from sandbox.demo.stage import Line, brand_account, perform
from sandbox.model import FACEBOOK, Post
from sandbox.world import World

HOURS = 6
PIECES = 42
ANSWERED = 0.35
# The early shift has answered what was said before, in hours ago, but for one piece in so many.
EARLY, LEFT = 2.5, 5
PAGE_POSTS_HOURS = (70, 44, 20)


def write_history(world: World) -> None:
    """Some sixty posts of the last hours under three posts of each page: of the early ones hardly any wait for an
    answer, of the late ones two thirds do."""
    deck = Deck("history")
    now = world.clock.now_ms()
    pages = {brand: _page_posts(world, deck, brand, now) for brand in ("air", "mobile")}
    spread = sorted(deck.chance.uniform(0.05, HOURS) for _ in range(PIECES))
    kinds = ["question", "complaint", "praise", "foreign", "page", "direct", "talk", "thread", "question", "complaint"]
    for at, hours in enumerate(reversed(spread)):
        brand = ("air", "mobile")[at % 2]
        early = None if hours < EARLY else at % LEFT > 0
        _piece(world, deck, now - int(hours * 3_600_000), brand, kinds[at % len(kinds)], pages, now, early)


def _page_posts(world: World, deck: Deck, brand: str, now: int) -> list[str]:
    ids = []
    for text, hours in zip(lines.PAGE_POSTS[brand], PAGE_POSTS_HOURS, strict=True):
        line = Line(0, brand, brand, deck.fill(text), FACEBOOK, picture="From the album")
        post = perform(world, line, created_ms=now - hours * 3_600_000)
        if post is not None:
            ids.append(post.id)
    return ids


def _piece(
    world: World,
    deck: Deck,
    ms: int,
    brand: str,
    kind: str,
    pages: dict[str, list[str]],
    now: int,
    answered: bool | None,
) -> None:
    """One piece of talk and its answer; None = let chance say whether there is one."""
    known: dict[str, Post] = {}
    last: Post | None = None
    line: Line | None = None
    for line in small_talk(deck, 0, brand, kind, pages):
        parent = known.get(line.answers) or world.store.find_post(line.answers)
        last = perform(world, line, parent, created_ms=min(ms + int(line.at * 1000), now - 1000))
        if last is not None:
            known[line.key] = last
    chance = kind not in ("talk", "spam") and deck.chance.random() <= ANSWERED
    if line is not None and last is not None and (chance if answered is None else answered):
        _answer(world, deck, line, last, brand, kind, now)


def _answer(world: World, deck: Deck, line: Line, post: Post, brand: str, kind: str, now: int) -> None:
    at = {"question": 0, "praise": 2}.get(kind, 1)
    speaker = line.who if line.private else post.id
    text = lines.BRAND_ANSWERS[brand][at]
    answer = Line(0, brand, brand, text, line.network, private=line.private, answers=speaker)
    created = min(post.created_ms + int(deck.chance.uniform(4, 50) * 60_000), now - 500)
    perform(world, answer, post, created_ms=created)


def own_page_posts(world: World) -> dict[str, list[str]]:
    """Ids of the brands' own posts on Facebook, for those who comment."""
    found: dict[str, list[str]] = {"air": [], "mobile": []}
    for key in found:
        page = brand_account(world, key, FACEBOOK)
        if page is not None:
            posts = [world.store.by_key[k] for k in world.store.by_page.keys(page.id)]
            found[key] = [post.id for post in posts if post.author_id == page.id]
    return found
