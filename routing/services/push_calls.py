"""The calls to push services: each notice sealed for one browser and signed, the words those of the letter.

They leave through `channels.http`, one thread for each push service, so that one that hangs holds up nobody but itself.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

import orjson
import requests
from django.utils import translation
from django.utils.translation import gettext as _

from channels import webpush
from channels.http import BadStatus, HttpFailure, NotSent, Policy, Session
from channels.vault import VaultError
from channels.webpush import Subscription
from core.clock import database_now
from routing import pushing
from routing.models.push import Push
from routing.notice_kinds import CAUSE_OF
from routing.selectors.devices import signer
from routing.selectors.outside import LIST, Outside, said_of
from routing.services import devices

SERVICES_AT_ONCE = 8
# Seconds and bytes of one call, and for how long calls are begun: to one service, and in a batch. A task ends at 45 s.
CONNECT_S, READ_S, TOTAL_S, BODY, SERVICE_S, BATCH_S = 2.0, 4.0, 5.0, 16 * 1024, 15.0, 30.0
GONE = (404, 410)
LATER = (408, 429)


@dataclass(frozen=True, slots=True)
class Letter:
    """One call as it is to be made."""

    push: Push
    to: Subscription
    content: bytes
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class Came:
    """What came of one push: sent, gone, failed (for good), later (not delivered, may be tried again) or untried.

    Args:
        asked: what `Retry-After` says.
    """

    what: str
    why: str = ""
    asked: str = ""


def made(rows: Sequence[Push]) -> Iterator[dict[Push, Came]]:
    """Each with what came of it, service by service as they end. No transaction is open here."""
    services: dict[str, list[Letter]] = defaultdict(list)
    unreadable: dict[Push, Came] = {}
    now, until = database_now(), time.monotonic() + BATCH_S
    for row in rows:
        try:
            letter = _letter(row, now)
        except (VaultError, webpush.Unusable):
            unreadable[row] = Came("failed", "unreadable")
        else:
            services[urlsplit(letter.to.endpoint).netloc].append(letter)
    yield unreadable
    with ThreadPoolExecutor(SERVICES_AT_ONCE) as pool:
        calls = [pool.submit(_to_one_service, letters, until) for letters in services.values()]
        for ended in as_completed(calls):
            if ended.exception() is None:
                yield ended.result()
    for call in calls:
        call.result()  # a mistake of our own is heard when all others are settled


def _letter(row: Push, now: datetime) -> Letter:
    """Raises: VaultError, Unusable."""
    to, sign = devices.opened(row.device), signer()
    assert sign is not None  # `push_due` has looked
    age = now - (row.notice or row).created_at
    conversation = row.notice.conversation_id if row.notice else None
    topic = pushing.topic_of(conversation, row.notice_id)
    headers = {
        "Authorization": sign.authorization(to.endpoint, now),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(pushing.seconds_left(age)),
        "Topic": topic,
        "Urgency": pushing.urgency_of(CAUSE_OF[row.notice.kind] if row.notice else ""),
    }
    return Letter(row, to, webpush.sealed(_content(row, topic), to), headers)


def _content(row: Push, topic: str) -> bytes:
    """What the service worker shows: what happened and where, and a path; no contact's name and no text."""
    with translation.override(row.device.user.mail_language):
        said = said_of(row.notice) if row.notice else Outside(_("Notices get to this device."), "", LIST)
    language = row.device.user.mail_language
    shown_as = {"title": said.sentence, "body": said.where, "path": said.path, "tag": topic, "lang": language}
    return orjson.dumps(shown_as)


def _to_one_service(letters: Sequence[Letter], until: float) -> dict[Push, Came]:
    """One after the other; after the first that the service did not answer well, the rest waits.

    Args:
        until: no call of the batch is begun later, on the clock of `time.monotonic`.
    """
    until, well = min(until, time.monotonic() + SERVICE_S), True
    came: dict[Push, Came] = {}
    with Session(rewrites={}, policy=_policy()) as session:
        for letter in letters:
            if not well or time.monotonic() > until:
                came[letter.push] = Came("untried")
                continue
            one = came[letter.push] = _sent(session, letter)
            well = one.what != "later" and one.why != "no_answer"
    return came


def _sent(session: Session, letter: Letter) -> Came:
    try:
        session.post(letter.to.endpoint, data=letter.content, headers=letter.headers)
    except BadStatus as error:
        return _refused(error)
    except NotSent:
        return Came("later", "unreachable")
    except HttpFailure:
        return Came("failed", "no_answer")  # it may have arrived
    except requests.RequestException:
        return Came("failed", "unreachable")  # an address that cannot be called at all
    return Came("sent")


def _refused(error: BadStatus) -> Came:
    if error.status in GONE:
        return Came("gone", str(error.status))
    if error.status in LATER or error.status >= 500:
        return Came("later", str(error.status), error.headers.get("Retry-After", ""))
    return Came("failed", str(error.status))


def _policy() -> Policy:
    return Policy(CONNECT_S, READ_S, TOTAL_S, BODY, public_only=not devices.is_loose())
