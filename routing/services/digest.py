"""The digest by e-mail: what somebody was told and has not read, without a word of what was written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import ngettext

from accounts import mail
from accounts.models import User
from core.clock import database_now
from inbox.policies import Access, access_of_all
from routing.attention import is_quiet, next_change, next_digest
from routing.models.attention import Attention
from routing.models.notice import Notice
from routing.notice_kinds import Cause, kinds_of
from routing.selectors.attention import habits_of
from routing.selectors.notices import unmailed
from routing.selectors.outside import LIST, said_of

BATCH = 50
LINES = 40


@dataclass(frozen=True, slots=True)
class Letter:
    """One person's digest."""

    person: User
    notices: Sequence[Notice]


def send_due(limit: int = BATCH) -> int:
    """Send the digests that are due; how many left. Nothing is looked at where no mail server is named.

    Exactly once per period: whoever writes down the next time in the claim sends this one. What a mail server did
    not take is in the next one; what a worker that died had claimed stays unread in the app.
    """
    if not mail.is_there():
        return 0
    return sum(_send(letter) for letter in claim(limit))


def claim(limit: int = BATCH) -> list[Letter]:
    """Take the digests that are due: the next time is written down, and what is in them marked as mailed.

    Records nothing. Idempotent: by person and period.
    """
    with transaction.atomic(durable=True):
        now = database_now()
        due = Attention.objects.filter(next_digest_at__lte=now).order_by("next_digest_at").select_related("user")
        rows = list(due.select_for_update(no_key=True, skip_locked=True, of=("self",))[:limit])
        rights = access_of_all([row.pk for row in rows])
        letters = [_letter(row, rights[row.pk], now) for row in rows]
        Attention.objects.bulk_update(rows, ["next_digest_at"])
        ids = [one.pk for letter in letters for one in letter.notices]
        Notice.objects.filter(pk__in=ids).update(mailed_at=now)
    return [letter for letter in letters if letter.notices]


def _letter(row: Attention, access: Access, now: datetime) -> Letter:
    """One person's; in their quiet hours it waits for the end of them."""
    habits = habits_of(row, row.user.time_zone)
    if is_quiet(habits, now):
        row.next_digest_at = next_change(habits, now)
        return Letter(row.user, ())
    row.next_digest_at = next_digest(habits, now)
    if not row.user.is_active:
        return Letter(row.user, ())
    return Letter(row.user, unmailed(access, kinds_of(set(Cause.values).difference(row.not_mailed)), limit=LINES))


def _send(letter: Letter) -> bool:
    with translation.override(letter.person.mail_language):
        n = len(letter.notices)
        subject = ngettext("Socialcare: %(n)s thing for you", "Socialcare: %(n)s things for you", n) % {"n": n}
        context = {"person": letter.person, "lines": [_line(one) for one in letter.notices], "url": _url(LIST)}
        sent = mail.send(letter.person.email, subject, "routing/mail/digest.txt", context)
    if not sent:
        Notice.objects.filter(pk__in=[one.pk for one in letter.notices]).update(mailed_at=None)
    return sent


def _line(one: Notice) -> dict[str, str]:
    """Who and where, and a link; no contact's name and no text."""
    said = said_of(one)
    return {"sentence": said.sentence, "where": said.where, "url": _url(said.path)}


def _url(path: str) -> str:
    return str(settings.PUBLIC_URL) + path
