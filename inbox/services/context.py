"""Posts that we were not sent but that others answer: looked up in batches, as context, within the budget."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from channels.contracts import Adapter, CallUse, FetchPage, InboundMessage, Visibility
from channels.models import Channel
from core.errors import PermanentChannelError, TokenDead, TransientChannelError
from inbox.models.message import LookedUp, Message, MessageVersion

# Ids per call. Source: docs.x.com posts lookup (100 ids), read 2026-08; contracts.Adapter.lookup.
BATCH = 100
# Generations above a post whose network does not name the root: a chain must end somewhere. Two chains of 8 were met
# in a replay (benchmarks.replay --no-conversation-id); how long the longest is was not measured.
GENERATIONS = 50


def with_parents(page: FetchPage, channel: Channel, adapter: Adapter) -> FetchPage:
    """The page with the unknown parents and roots of its new posts among its context. Calls the network.

    What the network did not show once is not asked for again. A look-up that fails costs the context and never the
    page, except for a dead token.

    Raises: TokenDead.
    """
    posts = [item for item in page.items if isinstance(item, InboundMessage) and item.visibility is Visibility.PUBLIC]
    stored = stored_ids(channel.pk, (post.external_id for post in posts))
    young = [post for post in posts if post.external_id not in stored]
    if young:  # what came along may have parents of its own
        young += [post for post in page.context if post.root is None]
    asked: set[str] = set()
    for _ in range(GENERATIONS):
        wanted = _unknown(young, page, channel) - asked
        if not wanted:
            break
        asked |= wanted
        before = len(page.context)
        for batch in batched(sorted(wanted), BATCH):
            page = _looked_up(page, batch, channel, adapter)
        young = [post for post in page.context[before:] if post.root is None]
    return page


def batched(ids: Sequence[str], size: int) -> Iterator[tuple[str, ...]]:
    """The ids in pieces of at most `size`."""
    for start in range(0, len(ids), size):
        yield tuple(ids[start : start + size])


def stored_ids(channel_id: int, ids: Iterable[str]) -> set[str]:
    """Which of these the channel has, as a message or as a later version of one."""
    wanted = set(ids)
    if not wanted:
        return set()
    messages = Message.objects.filter(channel_id=channel_id, external_id__in=wanted)
    versions = MessageVersion.objects.filter(channel_id=channel_id, external_id__in=wanted)
    return set(messages.values_list("external_id", flat=True)) | set(versions.values_list("external_id", flat=True))


def _unknown(young: list[InboundMessage], page: FetchPage, channel: Channel) -> set[str]:
    wanted = {id_ for post in young for id_ in (post.in_reply_to, post.root) if id_}
    here = {item.external_id for item in (*page.items, *page.context)}
    here |= {id_ for item in page.items if isinstance(item, InboundMessage) for id_ in item.versions}
    wanted -= here
    wanted -= stored_ids(channel.pk, wanted)
    absent = LookedUp.objects.filter(channel=channel, external_id__in=wanted)
    return wanted - set(absent.values_list("external_id", flat=True))


def _looked_up(page: FetchPage, ids: tuple[str, ...], channel: Channel, adapter: Adapter) -> FetchPage:
    try:
        found = adapter.lookup(ids)
    except TokenDead:
        raise
    except (TransientChannelError, PermanentChannelError):
        return replace(page, use=_sum(page.use, CallUse(calls=1)))
    shown = {id_ for post in found.context for id_ in (post.external_id, *post.versions)}
    absent = [LookedUp(channel=channel, external_id=id_) for id_ in ids if id_ not in shown]
    LookedUp.objects.bulk_create(absent, ignore_conflicts=True)
    return joined(page, replace(found, gone=()))


def joined(page: FetchPage, found: FetchPage) -> FetchPage:
    """The page with what a look-up found, and what it cost."""
    return replace(
        page,
        context=(*page.context, *found.context),
        gone=(*page.gone, *found.gone),
        use=_sum(page.use, found.use),
        windows=(*page.windows, *found.windows),
    )


def _sum(one: CallUse, other: CallUse) -> CallUse:
    names = {*one.resources, *other.resources}
    resources = {name: one.resources.get(name, 0) + other.resources.get(name, 0) for name in names}
    return CallUse(calls=one.calls + other.calls, resources=resources)
