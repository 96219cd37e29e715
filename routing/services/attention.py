"""What somebody wants to be told, and when, in their own words."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import time

from django.db import transaction

from accounts.models import User
from core import live
from core.clock import database_now
from core.errors import Invalid
from inbox.services.events import user_topic
from routing.attention import next_digest
from routing.models.attention import Attention
from routing.notice_kinds import Cause
from routing.selectors.attention import habits_of
from routing.services.notices import PING


@dataclass(frozen=True, slots=True)
class Wishes:
    """Causes of `routing.notice_kinds` that are wanted in the app, in the digest and on devices (None = as
    it is); quiet hours both or none.
    """

    told: Collection[str]
    mailed: Collection[str]
    digest: str = Attention.Digest.OFF
    digest_hour: int = 8
    quiet_from: time | None = None
    quiet_until: time | None = None
    sound: bool = False
    pushed: Collection[str] | None = None


def save(wishes: Wishes, *, actor: User) -> Attention:
    """Keep what somebody wants; pings their own topic.

    Records nothing: a habit of one's own concerns nobody else. Raises: Invalid.
    """
    _require_valid(wishes)
    with transaction.atomic(durable=True):
        User.objects.select_for_update(no_key=True).get(pk=actor.pk)  # two tabs save one after the other
        row = Attention(
            user=actor,
            not_told=sorted(set(Cause.values).difference(wishes.told)),
            not_mailed=sorted(set(Cause.values).difference(wishes.mailed)),
            digest=wishes.digest,
            digest_hour=wishes.digest_hour,
            quiet_from=wishes.quiet_from,
            quiet_until=wishes.quiet_until,
            sound=wishes.sound,
        )
        if wishes.pushed is not None:
            row.not_pushed = sorted(set(Cause.values).difference(wishes.pushed))
        row.next_digest_at = next_digest(habits_of(row, actor.time_zone), database_now())
        kept = {"user"} if wishes.pushed is not None else {"user", "not_pushed"}
        fields = [field.name for field in Attention._meta.fields if field.name not in kept]
        Attention.objects.bulk_create([row], update_conflicts=True, update_fields=fields, unique_fields=["user"])
        live.ping_on_commit(user_topic(actor.pk), notice=PING)
    return row


def _require_valid(wishes: Wishes) -> None:
    for name, causes in (("told", wishes.told), ("mailed", wishes.mailed), ("pushed", wishes.pushed or ())):
        unknown = sorted(set(causes).difference(Cause.values))
        if unknown:
            raise _not_so(name, f"There is no cause {unknown[0]}. There are: {', '.join(Cause.values)}.")
    if wishes.digest not in Attention.Digest.values:
        raise _not_so("digest", "Choose off, hourly or daily.")
    if not 0 <= wishes.digest_hour < 24:
        raise _not_so("digest_hour", "Choose an hour from 0 to 23.")
    if (wishes.quiet_from is None) != (wishes.quiet_until is None):
        missing = "quiet_from" if wishes.quiet_from is None else "quiet_until"
        raise _not_so(missing, "Quiet hours need a beginning and an end.")
    if wishes.quiet_from is not None and wishes.quiet_from == wishes.quiet_until:
        raise _not_so("quiet_until", "Quiet hours end at another time than they begin.")


def _not_so(field: str, message: str) -> Invalid:
    return Invalid(message, fields={field: message})
