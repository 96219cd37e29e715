"""The script of one cycle of half an hour: calm talk, an influencer, a journalist, an outage and its end."""

from collections.abc import Iterator

from sandbox.demo import lines
from sandbox.demo.cast import CAST, PEOPLE, Person
from sandbox.demo.deck import Deck
from sandbox.demo.stage import Line, brand_named
from sandbox.model import FACEBOOK, X

# Seconds of the demo's time.
CYCLE = 1800
CALM_GAP = 16
SCENE_AT = 180
JOURNALIST_AT = 560
OUTAGE_AT, OUTAGE_END = 840, 1260
OUTAGE_GAP = 6
# How often each kind of calm talk comes.
KINDS = (
    ("question", 26),
    ("complaint", 22),
    ("praise", 12),
    ("talk", 6),
    ("foreign", 14),
    ("thread", 5),
    ("direct", 6),
    ("page", 13),
    ("spam", 2),
)


def cycle(number: int, posts_of_pages: dict[str, list[str]]) -> list[Line]:
    """All lines of one cycle in the order of time; the same number always gives the same cycle.

    Args:
        posts_of_pages: ids of the brands' own posts on Facebook, by brand, that can be commented on.
    """
    deck = Deck(f"cycle {number}")
    scene = ("air", "mobile")[number % 2]
    made = [
        *calm(deck, 4, CYCLE, posts_of_pages),
        *influencer(deck, scene, number),
        Line(JOURNALIST_AT, _journalist(scene), scene, deck.fill(lines.JOURNALIST[scene])),
        *outage(deck, posts_of_pages.get("mobile", [])),
    ]
    return sorted(made, key=lambda line: line.at)


def _journalist(scene: str) -> str:
    return "h_vance_daily" if scene == "air" else "piers_telecom"


def calm(deck: Deck, start: float, end: float, pages: dict[str, list[str]]) -> Iterator[Line]:
    """Ordinary talk, some four lines a minute; hardly any while the outage fills the air."""
    kinds, weights = zip(*KINDS, strict=True)
    at = start
    while at < end:
        brand = deck.chance.choice(("air", "mobile"))
        kind = deck.chance.choices(kinds, weights)[0]
        if not OUTAGE_AT <= at < OUTAGE_END or deck.chance.random() < 0.3:
            yield from small_talk(deck, at, brand, kind, pages)
        at += deck.chance.uniform(0.4, 1.6) * CALM_GAP


def small_talk(deck: Deck, at: float, brand: str, kind: str, pages: dict[str, list[str]]) -> Iterator[Line]:
    """One piece of ordinary talk; a thread gives several lines."""
    if kind == "foreign":
        yield _foreign(deck, at, brand)
    elif kind == "thread":
        yield from _thread(deck, at, brand)
    elif kind == "direct":
        yield _direct(deck, at, brand)
    elif kind == "page":
        yield _on_page(deck, at, brand, pages)
    elif kind == "spam":
        who = _anyone(deck, X, "en", "spam").handle
        yield Line(at, who, brand, deck.say(lines.SPAM, brand=brand_named(brand).handle))
    else:
        texts = {"question": lines.QUESTIONS, "complaint": lines.COMPLAINTS, "praise": lines.PRAISE, "talk": lines.TALK}
        picture = "What I see" if kind == "complaint" and deck.chance.random() < 0.3 else ""
        text = deck.say(texts[kind][brand])
        yield Line(at, _anyone(deck, X).handle, brand, text, picture=picture)


def _anyone(deck: Deck, network: str, lang: str = "en", role: str = "customer") -> Person:
    fitting = [p for p in CAST if network in p.networks.split() and p.lang == lang and p.role == role]
    return PEOPLE[deck.draw([person.handle for person in fitting])]


def _foreign(deck: Deck, at: float, brand: str) -> Line:
    lang = deck.chance.choice(list(lines.FOREIGN[brand]))
    text = deck.say(lines.FOREIGN[brand][lang])
    return Line(at, _anyone(deck, X, lang).handle, brand, text, lang=lang)


def _thread(deck: Deck, at: float, brand: str) -> Iterator[Line]:
    who = _anyone(deck, X).handle
    before = ""
    for turn, text in enumerate(deck.chance.choice(lines.THREADS[brand])):
        key = f"thread-{at:.0f}-{turn}"
        yield Line(at + turn * deck.chance.uniform(40, 120), who, brand, deck.fill(text), key=key, answers=before)
        before = key


def _direct(deck: Deck, at: float, brand: str) -> Line:
    network = deck.chance.choice((X, FACEBOOK))
    text = deck.say(lines.DIRECT[brand])
    return Line(at, _anyone(deck, network).handle, brand, text, network, private=True)


def _on_page(deck: Deck, at: float, brand: str, pages: dict[str, list[str]]) -> Line:
    who = _anyone(deck, FACEBOOK).handle
    own = pages.get(brand, [])
    if own and deck.chance.random() < 0.7:
        text = deck.say(lines.COMMENTS[brand])
        return Line(at, who, brand, text, FACEBOOK, answers=deck.chance.choice(own))
    return Line(at, who, brand, deck.say(lines.VISITOR_POSTS[brand]), FACEBOOK)


def influencer(deck: Deck, brand: str, number: int) -> Iterator[Line]:
    """Somebody with a great reach complains, others join in, the pressure rises."""
    who = "tessa_wanders" if brand == "air" else "gadget_rufus"
    first, joining, last = lines.INFLUENCER[brand]
    key = f"influencer-{number}"
    yield Line(SCENE_AT, who, brand, deck.fill(first), key=key, picture="The empty belt")
    at = float(SCENE_AT)
    crowd = [p for p in CAST if p.role == "customer" and p.lang == "en" and X in p.networks.split()]
    for person, text in zip(deck.chance.sample(crowd, len(joining)), joining, strict=True):
        at += deck.chance.uniform(8, 40)
        yield Line(at, person.handle, brand, deck.fill(text), answers=key)
    yield Line(at + 150, who, brand, last, answers=key)


def outage(deck: Deck, own_posts: list[str]) -> Iterator[Line]:
    """The network of Lumo Mobile goes down: many say the same at once; then it comes back."""
    at = float(OUTAGE_AT)
    while at < OUTAGE_END:
        yield _cry(deck, at, own_posts)
        # It swells to the middle and ebbs away.
        middle = 1 - abs(2 * (at - OUTAGE_AT) / (OUTAGE_END - OUTAGE_AT) - 1)
        at += deck.chance.uniform(0.5, 1.5) * OUTAGE_GAP * (2 - 1.4 * middle)
    for text in lines.OUTAGE_OVER:
        at += deck.chance.uniform(15, 60)
        yield Line(at, _anyone(deck, X).handle, "mobile", deck.fill(text))


def _cry(deck: Deck, at: float, own_posts: list[str]) -> Line:
    draw = deck.chance.random()
    if draw < 0.15 and own_posts:
        text = deck.say(lines.OUTAGE_PAGE)
        return Line(at, _anyone(deck, FACEBOOK).handle, "mobile", text, FACEBOOK, answers=deck.chance.choice(own_posts))
    if draw < 0.35:
        lang = deck.chance.choice(list(lines.OUTAGE_FOREIGN))
        text = deck.say(lines.OUTAGE_FOREIGN[lang])
        return Line(at, _anyone(deck, X, lang).handle, "mobile", text, lang=lang)
    return Line(at, _anyone(deck, X).handle, "mobile", deck.say(lines.OUTAGE_WORDS))
