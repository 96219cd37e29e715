"""Notices on people's devices: a stage that finds its own work. Each notice gets to each device at most once.

A worker claims what is due, calls outside of any transaction (`push_calls`) and settles what came of it. What a worker
that died was sending is not sent again: it stands in the list.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models.functions import Now

from accounts.models import Device, Presence
from accounts.services import devices as people_devices
from core.clock import database_now
from core.contention import retried
from inbox.policies import access_of_all
from routing import pushing
from routing.models.notice import Notice
from routing.models.push import Push
from routing.notice_kinds import CAUSE_OF
from routing.pushing import Facts
from routing.selectors.attention import shown
from routing.selectors.devices import signer
from routing.selectors.notices import readable
from routing.services import push_calls
from routing.services.push_calls import Came

log = structlog.get_logger(__name__)

BATCH = 100
# Longer than a batch can take (`push_calls.BATCH_S` and one call).
CLAIMED = timedelta(seconds=90)
KEPT = timedelta(days=1)
CUT_OFF = "cut_off"


def push_due(limit: int = BATCH) -> int:
    """Push what is due; how many arrived at a push service. Nothing is looked at where there is no key."""
    if signer() is None:
        return 0
    spread(limit)
    give_up_lost()
    sent = 0
    for came in push_calls.made(claim(limit)):
        _settle(came)
        sent += sum(one.what == "sent" for one in came.values())
    return sent


def spread(limit: int = BATCH) -> int:
    """A row of work for each notice that is to be pushed and each device of its person; how many.

    Records nothing: what happened is recorded. Idempotent: by (notice, device).
    """
    with transaction.atomic(durable=True):
        waiting = Notice.objects.select_for_update(skip_locked=True, no_key=True).filter(to_push=True)
        notices = list(waiting.order_by("pk")[:limit])
        of_person = defaultdict(list)
        for device_id, user_id in Device.objects.filter(user__in={row.user_id for row in notices}).values_list(
            "pk", "user_id"
        ):
            of_person[user_id].append(device_id)
        rows = [
            Push(notice=row, device_id=pk, due_at=row.created_at + pushing.GRACE)
            for row in notices
            for pk in of_person[row.user_id]
        ]
        Push.objects.bulk_create(rows, ignore_conflicts=True)
        Notice.objects.filter(pk__in=[row.pk for row in notices]).update(to_push=False)
    return len(rows)


def claim(limit: int = BATCH) -> list[Push]:
    """Take what is due, and settle at once what must not ring. Nobody else sends what is claimed.

    Records nothing: each row is its own story.
    """
    with transaction.atomic(durable=True):
        rows = list(
            Push.objects.select_for_update(skip_locked=True, no_key=True, of=("self",))
            .filter(state=Push.State.QUEUED, due_at__lte=Now())
            .select_related(
                "notice__conversation__queue",
                "notice__conversation__brand",
                "device__session",
                "device__token",
                "device__user__presence",
                "device__user__attention",
            )
            .order_by("due_at")[:limit]
        )
        now, allowed = database_now(), _readable(rows)
        for row in rows:
            _decide(row, pushing.held_back(_facts(row, now, allowed)), now)
        Push.objects.bulk_update(rows, ["state", "attempts", "due_at", "why", "settled_at"])
    return [row for row in rows if row.state == Push.State.SENDING]


def give_up_lost() -> int:
    """What a worker was sending when it died may have arrived: it is not sent again; how many."""
    lost = Push.objects.filter(state=Push.State.SENDING, due_at__lte=Now(), settled_at=None)
    return lost.update(state=Push.State.FAILED, why=CUT_OFF, settled_at=Now())


def forget() -> int:
    """Remove what was settled a day ago; how many. Idempotent."""
    removed, _ = Push.objects.filter(settled_at__lt=database_now() - KEPT).delete()
    return removed


def _readable(rows: Iterable[Push]) -> set[int]:
    """The notices of conversations that their people may read now; one query for each person."""
    of_person = defaultdict(list)
    for row in rows:
        if row.notice is not None:
            of_person[row.notice.user_id].append(row.notice.pk)
    rights = access_of_all(list(of_person))
    found: set[int] = set()
    for person, ids in of_person.items():
        found.update(readable(rights[person]).filter(pk__in=ids).values_list("pk", flat=True))
    return found


def _facts(row: Push, now: datetime, allowed: set[int]) -> Facts:
    person, notice = row.device.user, row.notice
    wishes = shown(getattr(person, "attention", None), person)
    presence = getattr(person, "presence", None)
    return Facts(
        age=now - (notice or row).created_at,
        active=person.is_active,
        theirs=notice is None or notice.user_id == person.pk,
        awake=people_devices.is_awake(row.device),
        wanted=notice is None or CAUSE_OF[notice.kind] in wishes.pushed,
        readable=notice is None or notice.pk in allowed,
        read=notice is not None and notice.read_at is not None,
        silent=wishes.is_silent(presence.status if presence else Presence.Status.OFFLINE, now),
        trial=notice is None,
    )


def _decide(row: Push, why: str, now: datetime) -> None:
    if why:
        row.state, row.why, row.settled_at = Push.State.HELD_BACK, why, now
    else:
        row.state, row.attempts, row.due_at = Push.State.SENDING, row.attempts + 1, now + CLAIMED


def _settle(came: dict[Push, Came]) -> None:
    """Write down what came of those that are still ours; first them, then their devices, and never both locked."""
    mine, now = _settled(came)
    _tell_devices(mine, now)
    gone = {row.device_id: row.device.fingerprint for row, one in mine.items() if one.what == "gone"}
    if gone:
        people_devices.gone(gone)
    for row, one in mine.items():
        if one.what in ("failed", "gone"):
            log.warning("push.given_up", push_id=row.pk, device_id=row.device_id, why=one.why)


@retried
def _settled(came: dict[Push, Came]) -> tuple[dict[Push, Came], datetime]:
    with transaction.atomic(durable=True):
        ids = [row.pk for row in came]
        held = Push.objects.select_for_update(no_key=True).filter(pk__in=ids, state=Push.State.SENDING)
        ours, now = set(held.values_list("pk", flat=True)), database_now()
        mine = {row: one for row, one in came.items() if row.pk in ours}
        for row, one in mine.items():
            _note(row, one, now)
        Push.objects.bulk_update(mine, ["state", "attempts", "due_at", "why", "settled_at"])
    return mine, now


def _note(row: Push, one: Came, now: datetime) -> None:
    row.why = one.why
    if one.what == "untried":
        row.state, row.attempts, row.due_at = Push.State.QUEUED, row.attempts - 1, now + pushing.WAIT
    elif one.what == "later":
        asked = pushing.asked_wait(one.asked, now)
        wait = pushing.next_wait(row.attempts, now - (row.notice or row).created_at, asked)
        if wait is None:
            row.state, row.settled_at = Push.State.FAILED, now
        else:
            row.state, row.due_at = Push.State.QUEUED, now + wait
    else:
        row.state = Push.State.SENT if one.what == "sent" else Push.State.FAILED
        row.settled_at = now


@retried
def _tell_devices(came: dict[Push, Came], now: datetime) -> None:
    """When each was reached last, or why not; one statement for each outcome. One that has moved since is another."""
    failed, sent = defaultdict(set), set()
    for row, one in came.items():
        if one.what in ("failed", "later"):
            failed[one.why].add(row.device.fingerprint)
        elif one.what == "sent":
            sent.add(row.device.fingerprint)
    with transaction.atomic(durable=True):
        reached = Device.objects.filter(fingerprint__in=sent.union(*failed.values()))
        list(reached.select_for_update(no_key=True).order_by("pk").values_list("pk"))
        for why, addresses in failed.items():
            Device.objects.filter(fingerprint__in=addresses).update(failure=why)
        Device.objects.filter(fingerprint__in=sent).update(pushed_at=now, failure="")
