"""One sender of the chaos run: the product's own loops, in a process that will be killed and paused.

Imported by a fork server, so that a new one is there in milliseconds. Here, and not in the product, stand the 50 ms
between the last check and the call (they stand for DNS and TLS), and the deliberate breakages of `--break`.
"""

import os
import time
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import InterfaceError, OperationalError, close_old_connections  # noqa: E402

from channels.adapters.x.adapter import XAdapter  # noqa: E402
from channels.contracts import OutboundMessage, SendReceipt  # noqa: E402
from inbox.advisory import SenderSession  # noqa: E402
from inbox.models.work import Delivery  # noqa: E402
from inbox.services import delivery, outcomes, settlement  # noqa: E402
from inbox.services.sending_check import Verdict  # noqa: E402

WINDOW_S = 0.05
SETTLE_EVERY_S = 0.5


def widen_the_window(calling: Any) -> None:
    """Between the last check and the call stands a moment in which a kill or a pause can fall; `calling` tells it."""
    real = XAdapter.send

    def send(self: XAdapter, message: OutboundMessage) -> SendReceipt:
        calling.value = 1
        try:
            time.sleep(WINDOW_S)
            return real(self, message)
        finally:
            calling.value = 0

    XAdapter.send = send  # type: ignore[method-assign]


def work(calling: Any, broken: str) -> None:
    """Send and settle for ever; ends with its parent."""
    widen_the_window(calling)
    break_on_purpose(broken)
    parent, settled = os.getppid(), 0.0
    while os.getppid() == parent:
        try:
            made = delivery.send_due(limit=5)
            if time.monotonic() - settled > SETTLE_EVERY_S:
                settlement.settle_due()
                settled = time.monotonic()
            if not made:
                time.sleep(0.02)
        except (OperationalError, InterfaceError):
            close_old_connections()


def break_on_purpose(broken: str) -> None:
    """Take one of the safeguards away, to see that the run notices."""
    if broken == "no-lock":
        SenderSession.try_take = lambda _self, _id: True  # type: ignore[method-assign]
        SenderSession.give_back = lambda _self, _id: None  # type: ignore[method-assign]
    elif broken == "no-check":
        delivery.last_check = lambda _session, _attempt: Verdict.GO  # type: ignore[assignment]
    elif broken == "no-settle":
        settings.SEND_SETTLE_S = settings.SEND_READ_GAP_S = 0
    elif broken == "claim-clock":
        real = outcomes.unknown

        def counted_from_the_claim(attempt: Any, **said: str) -> bool:
            done = real(attempt, **said)
            for row in Delivery.objects.filter(pk=attempt.delivery_id, state="unknown"):
                Delivery.objects.filter(pk=row.pk).update(settle_from=row.sending_at, send_at=row.sending_at)
            return done

        outcomes.unknown = counted_from_the_claim  # type: ignore[assignment]
