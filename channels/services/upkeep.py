"""What channels need from time to time: a look at whose account it is, fresh tokens, old wizards removed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from datetime import timedelta

import structlog
from django.db.models import Q

from channels.models import Channel, ConnectAttempt
from channels.services import credentials, identity
from core.clock import database_now
from core.errors import SocialCareError

log = structlog.get_logger(__name__)

IDENTITY_EVERY = timedelta(hours=24)
# A wizard's row outlives its end by this much, so that "too late" can be told from "never begun".
ATTEMPT_KEPT = timedelta(days=1)
# A task ends at 45 s; the rest has its turn next time.
BUDGET_S = 20.0


def check_identities() -> int:
    """Ask the network whose accounts these are, each once a day. Returns how many were asked.

    Records: channel.halted, channel.needs_reconnect where one became another's.
    """
    before = database_now() - IDENTITY_EVERY
    stale = Q(identified_at=None) | Q(identified_at__lt=before)
    due = Channel.objects.filter(stale, status=Channel.Status.ACTIVE, breaker_until=None).exclude(
        sealed_credentials=b""
    )
    return _each(due.select_related("brand").order_by("identified_at"), identity.check)


def refresh_tokens() -> int:
    """Renew access tokens that end soon, of paused channels too. Returns how many were looked at."""
    before = database_now() + credentials.MARGIN
    alive = (Channel.Status.ACTIVE, Channel.Status.PAUSED)
    due = Channel.objects.filter(credentials_expire_at__lt=before, status__in=alive)
    return _each(due.select_related("brand").order_by("credentials_expire_at"), credentials.keep_fresh)


def forget_attempts() -> int:
    """Delete wizards that ended or were given up a day ago, with what is sealed in them."""
    deleted, _ = ConnectAttempt.objects.filter(expires_at__lt=database_now() - ATTEMPT_KEPT).delete()
    return deleted


def _each(channels: Iterable[Channel], work: Callable[[Channel], object]) -> int:
    """Do the work for each channel while there is time; a network's refusal ends that channel's turn only."""
    until, done = time.monotonic() + BUDGET_S, 0
    for channel in channels:
        if time.monotonic() > until:
            break
        done += 1
        try:
            work(channel)
        except SocialCareError as error:
            log.warning("channel.upkeep_failed", channel=channel.pk, code=error.code)
    return done
