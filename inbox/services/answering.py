"""May this message be answered, how, as whom, and who answered it already: computed from stored facts and the clock."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import OuterRef, Q, QuerySet, Subquery

from accounts.models import User
from channels import registry
from channels.contracts import Answerable, Capabilities, MessageFacts, Visibility
from channels.models import Channel
from core.clock import database_now
from core.fixed import Slot, fixed
from inbox import parts
from inbox.models.conversation import Conversation
from inbox.models.message import Message
from inbox.models.work import Delivery, Draft
from inbox.parts import OPEN_STATES


@dataclass(frozen=True, slots=True)
class Copy:
    """The same post on another channel of ours. `brand` is empty where the person does not see that brand."""

    brand: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Given:
    """An answer to the same message, on its way or arrived."""

    by: str
    text: str
    state: str
    at: datetime
    visibility: str
    author_id: int | None = None


@dataclass(frozen=True, slots=True)
class Composer:
    """What the composer shows.

    Args:
        account, account_id: as whom it goes out, as people and as the network know it.
        closed: why nothing at all can be sent by this account now, or "".
        hold_s: seconds in which an answer can be taken back.
        private_until: when the network shuts private answers (aware UTC).
        given: answers to this message that are open or sent: answering again is a second answer.
        copies: the same post elsewhere; answering it twice is a second answer, too.
        drafts: text by mode; `saved`: the saved replies that are in them.
    """

    answers: Message | None
    answerable: Answerable
    capabilities: Capabilities
    account: str
    account_id: str
    closed: str
    hold_s: int
    private_until: datetime | None
    given: tuple[Given, ...]
    copies: tuple[Copy, ...]
    drafts: dict[str, str]
    saved: dict[str, list[int]]


def composer(conversation: Conversation, message: Message | None, user: User, brand_ids: Collection[int]) -> Composer:
    """The facts for answering `message` (None = the contact's newest) in a visible conversation.

    Needs `channel.brand` loaded. Queries: 7, whatever the size of the conversation.

    Args:
        brand_ids: the brands that the user sees.
    """
    channel, target = conversation.channel, message or newest_inbound(conversation)
    drafts = _drafts(conversation=conversation.pk, user=user.pk)
    said = answerable(conversation, target, now=database_now())
    return Composer(
        answers=target,
        answerable=said,
        capabilities=registry.capabilities(channel.kind),
        account=f"@{channel.handle}",
        account_id=channel.external_id,
        closed=closed(channel),
        hold_s=settings.SEND_HOLD_S,
        private_until=said.private_until,
        given=given(target) if target else (),
        copies=copies(channel, target, brand_ids) if target else (),
        drafts={draft.mode: draft.text for draft in drafts},
        saved={draft.mode: draft.saved_replies for draft in drafts},
    )


def answerable(conversation: Conversation, target: Message | None, *, now: datetime) -> Answerable:
    """May `target` be answered through the network's API."""
    if target is None:
        reason = "There is no message to answer."
        return Answerable(public=False, private=False, public_reason=reason, private_reason=reason)
    return registry.rules_for(conversation.channel).answerable(facts(conversation, target), now=now)


def facts(conversation: Conversation, target: Message) -> MessageFacts:
    """What the adapter's rule is computed from."""
    return MessageFacts(
        visibility=Visibility(target.visibility),
        posted_at=target.posted_at,
        inbound=target.is_inbound,
        names_us=target.names_us,
        author_known=conversation.profile.is_known,
        deleted=target.deleted_at is not None,
        private_replied=bool(_private_replies(target=target.pk)),
        is_comment=not target.is_private and bool(target.in_reply_to),
        last_inbound_private_at=_told_privately.first(conversation=conversation.pk),
    )


@fixed(conversation="bigint", user="bigint")
def _drafts(conversation: Slot, user: Slot) -> QuerySet[Draft]:
    return Draft.objects.filter(conversation=conversation, user=user)


@fixed(target="bigint")
def _private_replies(target: Slot) -> QuerySet[Delivery, int]:
    rows = Delivery.objects.filter(answers=target, visibility="private", state__in=(*OPEN_STATES, "sent"))
    return rows.values_list("pk", flat=True)[:1]


@fixed(conversation="bigint")
def _told_privately(conversation: Slot) -> QuerySet[Message, datetime]:
    """When the contact last wrote in private, where that still stands."""
    rows = Message.objects.filter(conversation=conversation, direction="in", visibility="private", deleted_at=None)
    return rows.order_by("-posted_at").values_list("posted_at", flat=True)[:1]


def newest_inbound(conversation: Conversation) -> Message | None:
    """The contact's newest message that still stands: what an answer answers unless another one is named."""
    return _newest_inbound.first(conversation=conversation.pk)


@fixed(conversation="bigint")
def _newest_inbound(conversation: Slot) -> QuerySet[Message]:
    rows = Message.objects.filter(conversation=conversation, direction=Message.Direction.IN, deleted_at=None)
    return rows.order_by("-posted_at", "-id")[:1]


def closed(channel: Channel) -> str:
    """Why this account sends nothing now; empty when it does."""
    if channel.status != Channel.Status.ACTIVE:
        why = channel.status_reason or channel.get_status_display()
        return f"{channel} is not connected: {why}"
    if channel.brand.sending_halted_at is not None:
        return f"Sending for {channel.brand} is halted."
    if channel.sending_halted_at is not None:
        return f"Sending from {channel} is halted: {channel.sending_halted_because or 'by an administrator'}"
    return ""


def given(target: Message, *, states: Sequence[str] = (*OPEN_STATES, "sent")) -> tuple[Given, ...]:
    """Our answers to this message, newest first, those given elsewhere included."""
    ours = parts.threads(_ours(target=target.pk, states=states))
    answers = [answer for answer in ours if parts.standing(answer) in states]
    found = [_given(answer) for answer in answers]
    if "sent" in states and not target.is_private:
        elsewhere = _given_elsewhere(channel=target.channel_id, answered=target.external_id)
        found += [Given("", row.text, "sent", row.posted_at, row.visibility) for row in elsewhere]
    return tuple(found)


@fixed(target="bigint", states="text[]")
def _ours(target: Slot, states: Slot) -> QuerySet[Delivery]:
    rows = Delivery.objects.filter(Q(state__anyof=states) | Q(parts__gt=1), answers=target)
    return rows.select_related("author").order_by("-id")


@fixed(channel="bigint", answered="text")
def _given_elsewhere(channel: Slot, answered: Slot) -> QuerySet[Message]:
    rows = Message.objects.filter(channel=channel, in_reply_to=answered, direction="out", deleted_at=None)
    return rows.filter(author=None, delivery=None).order_by("-posted_at")


def _given(answer: Sequence[Delivery]) -> Given:
    first = answer[0]
    text, state = parts.text_of(parts.seen(answer)), parts.standing(answer)
    return Given(first.author.name, text, state, first.created_at, first.visibility, first.author_id)


def in_the_way(given: Sequence[Given], visibility: str) -> list[Given]:
    """Of the answers to a message those that make another one, seen by `visibility`, a second one: whatever is on its
    way, and what was sent so that the same people saw it."""
    return [one for one in given if one.state in OPEN_STATES or one.visibility == visibility]


def copies(channel: Channel, target: Message, seen: Collection[int]) -> tuple[Copy, ...]:
    """The same post on our other channels of this network; names only the brands of which ids are in `seen`."""
    if target.is_private:
        return ()
    rows = _copies(kind=channel.kind, channel=channel.pk, post=target.external_id)
    return tuple(Copy(name if brand_id in seen else "", answered_at) for brand_id, name, answered_at in rows)


@fixed(kind="text", channel="bigint", post="text")
def _copies(kind: Slot, channel: Slot, post: Slot) -> QuerySet[Message, tuple[int, str, datetime | None]]:
    answers = Message.objects.filter(
        channel_id=OuterRef("channel_id"), in_reply_to=post, direction="out", deleted_at=None
    ).order_by("posted_at")
    others = Channel.objects.filter(kind=kind).exclude(pk=channel).values("pk")
    rows = Message.objects.filter(channel_id__in=others, external_id=post, direction="in", conversation__isnull=False)
    return (
        rows.annotate(answered=Subquery(answers.values("posted_at")[:1]))
        .order_by("channel_id")
        .values_list("channel__brand_id", "channel__brand__name", "answered")
    )
