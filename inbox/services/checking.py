"""What the composer says of a text while it is written; `replies.submit` asks the same again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from accounts.models import User
from channels import registry
from channels.contracts import Adapter, OutboundMessage, Visibility
from channels.models import Channel
from channels.splitting import numbered
from core.errors import Invalid, NotFound
from inbox import dispatch, text_checks
from inbox.models.conversation import Conversation
from inbox.models.work import Delivery
from inbox.policies import access_of
from inbox.second_look import Finding
from inbox.selectors.items import brands_of
from inbox.selectors.placing import Place, place_of
from inbox.selectors.saved_replies import signing
from inbox.selectors.voice_rules import in_force
from inbox.services import placing
from inbox.services.reply_request import tidy
from inbox.voice import checks
from inbox.voice.rules import needs_language


@dataclass(frozen=True, slots=True)
class Measured:
    """How long a text is, and in how many posts it can go.

    Args:
        network: its name.
        length, limit: in characters as the network counts them.
        most: posts that one answer may be cut into.
        texts: the posts that it takes, joined the text again; none = it cannot go.
        price: US dollars that they cost together; None where the network charges nothing, or it cannot go.
    """

    network: str
    length: int
    limit: int
    most: int
    texts: tuple[str, ...]
    price: Decimal | None

    @property
    def posts(self) -> list[str]:
        """As they would stand there."""
        return [numbered(text, part, len(self.texts)) for part, text in enumerate(self.texts, start=1)]

    def refusal(self, parts: int) -> Invalid | None:
        """Why it does not go in so many posts; one that fits goes as one whatever was chosen."""
        if len(self.texts) in (1, parts):
            return None
        if self.texts and parts > 1:
            sentence = f"It takes {len(self.texts)} posts now, not {parts}. Look at them and send it again."
            return Invalid(sentence, code="parts_changed", fields={"parts": sentence}, current=self._offer)
        return Invalid(self.too_long, code="too_long", fields={"text": self.too_long}, current=self._offer)

    @property
    def too_long(self) -> str:
        """What does not go in one post, and what can be done about it; "" where it goes."""
        over, network, limit = self.length - self.limit, self.network, self.limit
        if len(self.texts) == 1:
            return ""
        if self.texts:
            posts = len(self.texts)
            return f"{over} characters too long: {network} takes {limit}. It can go as a thread of {posts}."
        if self.most > 1:
            return (
                f"{over} characters too long: {network} takes {limit}, and a thread of {self.most} does not hold it "
                "either. Shorten it, or send the rest in a second answer."
            )
        return f"{over} characters too long: {network} takes {limit}."

    @property
    def _offer(self) -> dict[str, list[str]]:
        return {"posts": self.posts} if self.texts else {}


@dataclass(frozen=True, slots=True)
class Checked:
    """A text as it would leave, and what to look at again before it does."""

    measured: Measured
    findings: list[Finding]


def check(conversation: Conversation, text: str, visibility: str, *, actor: User) -> Checked:
    """Needs `brand`, `channel` and `profile` loaded; one query."""
    found = findings(conversation, text, visibility, actor=actor)
    return Checked(measure(conversation.channel, text, visibility), found)


def measure(channel: Channel, text: str, visibility: str) -> Measured:
    """How a text would go; a private one is never cut."""
    rules = registry.rules_for(channel)
    text, able, public = tidy(text), rules.capabilities, visibility == Visibility.PUBLIC
    length = rules.count(text, visibility=Visibility(visibility))
    limit = able.text_limit if public else able.private_limit
    texts = (text,) if length <= limit else rules.split(text) if public else ()
    price = price_of(rules, texts, visibility)
    return Measured(able.label, length, limit, able.parts_max if public else 1, texts, price)


def price_of(rules: Adapter, texts: Sequence[str], visibility: str, *, follows: bool = False) -> Decimal | None:
    """US dollars for an answer of these posts; None where the network charges nothing.

    Args:
        follows: the first of them goes on with a post of ours, too.
    """
    prices = [
        rules.price(OutboundMessage(text, Visibility(visibility), in_reply_to="-", follows=follows or at > 0))
        for at, text in enumerate(texts)
    ]
    charged = [price for price in prices if price is not None]
    return sum(charged, Decimal(0)) if charged else None


def price_of_delivery(delivery: Delivery) -> Decimal | None:
    """What this one post costs. Needs `channel` loaded."""
    rules = registry.rules_for(delivery.channel)
    return price_of(rules, [delivery.wire_text], delivery.visibility, follows=delivery.part > 1)


def findings(conversation: Conversation, text: str, visibility: str, *, actor: User) -> list[Finding]:
    """What of the text should be looked at again before the person of this conversation gets it; one query."""
    profile = conversation.profile
    called = f"{profile.name} {profile.handle}" if profile.is_known else ""
    values = signing(actor, conversation.brand.name, conversation.channel.handle)
    return [
        *text_checks.findings(text, public=visibility == Visibility.PUBLIC, called=called),
        *voice(text, place_of(conversation), visibility, values),
    ]


def try_on(text: str, *, actor: User, brand: int, network: str, queue: int | None, visibility: str) -> list[Finding]:
    """What the rules would say of a text there; the account has no name.

    Raises: NotFound for the brand, Invalid at `queue`.
    """
    named = next((one for one in brands_of(access_of(actor)) if one.pk == brand), None)
    if named is None:
        raise NotFound("There is no such brand.")
    placing.queues([] if queue is None else [queue])
    return voice(text, Place(brand, network, queue), visibility, signing(actor, named.name, ""))


def voice(text: str, place: Place, visibility: str, values: dict[str, str]) -> list[Finding]:
    """What of a text breaks the rules of the brand's voice in a place; one query.

    Args:
        values: what the variables of a signature stand for.
    """
    rules = in_force(place, visibility)
    language = dispatch.language_of(text) if needs_language(rules) else ""
    return checks.findings(text, rules, checks.Writer(language, values))
