"""Finding out what became of an answer whose outcome nobody knows (reliability.md §2.2).

The sender must be proven dead, the network must have had time to show the post, and two complete look-ups must
agree before a person is asked. Nothing here posts anything.
"""

from __future__ import annotations

import structlog
from django.conf import settings
from django.db import connection

from channels import registry
from channels.contracts import FetchPage, InboundMessage
from channels.services import credentials
from core.clock import database_now
from core.errors import SocialCareError
from inbox import matching
from inbox.advisory import SenderSession
from inbox.attempts import Attempt, Posted
from inbox.models.message import Message
from inbox.models.work import Delivery
from inbox.services import outcomes, own_posts

log = structlog.get_logger(__name__)

# After a look-up that failed, seconds.
AGAIN_S = 15

_SENDING = "SELECT id, fence FROM inbox_delivery WHERE state = 'sending' ORDER BY sending_at LIMIT %s"
# T0 is the later of: outcome unknown or sender found dead, and the restart of PostgreSQL, which frees every lock.
_DUE = """
SELECT id, fence FROM inbox_delivery
WHERE state = 'unknown' AND send_at <= now()
  AND greatest(settle_from, pg_postmaster_start_time()) <= now() - make_interval(secs => %s)
ORDER BY send_at LIMIT %s
"""


def settle_due(limit: int = 20) -> int:
    """Notice dead senders, and look up what is unknown for long enough.

    Returns: how many deliveries have a new state or one look-up more.
    """
    sending = _rows(_SENDING, [limit])
    unknown = _rows(_DUE, [settings.SEND_SETTLE_S, limit])
    if not sending and not unknown:
        return 0
    with SenderSession() as session:
        dead = [_bury(session, attempt) for attempt in sending]
        settled = [_look_up(session, attempt) for attempt in unknown]
    return sum(dead) + sum(settled)


def _rows(sql: str, params: list[float]) -> list[Attempt]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [Attempt(*row) for row in cursor.fetchall()]


def _bury(session: SenderSession, attempt: Attempt) -> bool:
    """A delivery that is being sent while nobody holds its lock has lost its sender: from now on it is unknown."""
    if not session.try_take(attempt.delivery_id):
        return False
    try:
        return outcomes.unknown(attempt, code="sender_died", error="Sending was interrupted.")
    finally:
        session.give_back(attempt.delivery_id)


def _look_up(session: SenderSession, attempt: Attempt) -> bool:
    if not session.try_take(attempt.delivery_id):
        return False
    try:
        delivery = _still_unknown(attempt)
        return delivery is not None and _settle(attempt, delivery)
    finally:
        session.give_back(attempt.delivery_id)


def _still_unknown(attempt: Attempt) -> Delivery | None:
    """Read again under the lock: another settler may have been faster."""
    return (
        Delivery.objects.filter(
            pk=attempt.delivery_id, fence=attempt.fence, state="unknown", send_at__lte=database_now()
        )
        .select_related("channel", "answers", "after", "conversation__profile")
        .first()
    )


def _settle(attempt: Attempt, delivery: Delivery) -> bool:
    """One look-up. Found: sent. Absent: counted. Failed or not complete: no look-up at all, and again later."""
    outcomes.look_again(attempt, in_s=AGAIN_S)  # first, so that one that breaks us does not stand in others' way
    try:
        page = _read(delivery)
    except SocialCareError as error:
        log.warning("settlement.read_failed", delivery=delivery.pk, code=error.code)
        return False
    found = _find(delivery, page)
    if found is not None:
        return outcomes.sent(attempt, found)
    return _is_complete(page) and outcomes.absent(attempt, after=delivery.reads)


def _read(delivery: Delivery) -> FetchPage:
    """Our own posts since shortly before the first try.

    Raises: ChannelError, VaultError.
    """
    private = delivery.visibility == Message.Visibility.PRIVATE
    channel = credentials.keep_fresh(delivery.channel)
    return registry.adapter_for(channel).sent_since(
        own_posts.started_at(delivery) - matching.LOOK_BACK,
        private_with=delivery.conversation.profile.external_id if private else None,
        in_reply_to=None if private else delivery.target_id,
    )


def _is_complete(page: FetchPage) -> bool:
    return not page.gap and page.resume is None and all(isinstance(item, InboundMessage) for item in page.items)


def _find(delivery: Delivery, page: FetchPage) -> Posted | None:
    """The post that is this answer: by this account, to this message, and no other answer's."""
    account = delivery.channel.external_id
    posts = {
        item.external_id: item
        for item in page.items
        if isinstance(item, InboundMessage)
        and item.author.external_id == account
        and item.visibility == delivery.visibility
    }
    for taken in _linked(delivery, list(posts)):
        del posts[taken]
    found = matching.find(own_posts.wanted(delivery), map(_as_post, posts.values()))
    if found is None:
        return None
    item = posts[found.key]
    exchange = item.root or "" if delivery.visibility == Message.Visibility.PRIVATE else ""
    return Posted(item.external_id, item.author.external_id, item.posted_at, item.permalink, exchange)


def _linked(delivery: Delivery, external_ids: list[str]) -> set[str]:
    """Ids that belong to another answer of ours, or that a colleague's message carries already."""
    rows = Delivery.objects.filter(channel_id=delivery.channel_id, external_id__in=external_ids).exclude(pk=delivery.pk)
    return set(rows.values_list("external_id", flat=True))


def _as_post(item: InboundMessage) -> matching.Post:
    return matching.Post(item.external_id, item.in_reply_to, item.text, item.posted_at)
