"""The rules of the brand's voice: written, changed and archived by supervisors and administrators."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.db import connection

from accounts.models import User
from accounts.services import audit
from core.contention import retried
from core.errors import Invalid
from inbox.models.message import Message
from inbox.models.voice import VoiceRule
from inbox.policies import Access, access_of, require
from inbox.services import placing, sharing
from inbox.voice import rules
from inbox.voice.rules import Terms

WHAT = "rule"
NOT_YOURS = "Only supervisors and administrators write the rules of a brand’s voice."
LONGEST_GUIDELINE, LONGEST_URL = 1_000, 500
# In force for one brand; a text that breaks more than this is not read any more.
AT_MOST = 100
# First number of our two-number advisory locks; whoever adds a rule counts alone.
ROOM_LOCK = 7_003


@dataclass(frozen=True, slots=True)
class Wanted:
    """A rule as somebody writes it.

    Args:
        asks: sending stops once; else it is only said.
        brand_id: None = all brands. queue_ids, networks, language, visibility: nothing named = everywhere.
    """

    name: str
    kind: str
    terms: Terms
    guideline: str = ""
    url: str = ""
    asks: bool = False
    brand_id: int | None = None
    queue_ids: Collection[int] = field(default=())
    networks: Collection[str] = field(default=())
    language: str = ""
    visibility: str = ""


@retried
def create(wanted: Wanted, *, actor: User) -> VoiceRule:
    """Write a rule; it holds from the next text on. Records: voice_rule.created. Raises: Invalid, Forbidden."""
    columns = _columns(wanted)
    with sharing.writing(WHAT):
        access = access_of(actor)
        row = VoiceRule(**columns, brand_id=_brand(wanted.brand_id, access), changed_by=actor)
        require(row.is_kept_by(access), NOT_YOURS)
        queues = placing.queues(wanted.queue_ids)
        _require_room(row)
        row.save(force_insert=True)
        row.queues.set(queues)
        _tell("voice_rule.created", row, actor)
    return row


@retried
def change(pk: int, wanted: Wanted, *, actor: User, seen: int | None = None) -> VoiceRule:
    """Let a rule say something else, or hold elsewhere.

    Args:
        seen: revision that the actor saw; None = whatever it is now.

    Records: voice_rule.changed. Raises: NotFound, Forbidden, Invalid with the field, Conflict (`stale`).
    """
    columns = _columns(wanted)
    with sharing.writing(WHAT):
        row, access = sharing.locked(VoiceRule.objects.all(), pk, actor, WHAT, seen=seen, refusal=NOT_YOURS)
        queues, old = placing.queues(wanted.queue_ids), row.name
        row.brand_id = _brand(wanted.brand_id, access)
        if row.archived_at is None:
            _require_room(row)
        sharing.rewrite(row, actor, {**columns, "brand_id": row.brand_id})
        row.queues.set(queues)
        _tell("voice_rule.changed", row, actor, old=old)
    return row


@retried
def archive(pk: int, *, actor: User) -> VoiceRule:
    """Check nothing by it any more. Records: voice_rule.archived. Raises: NotFound, Forbidden. Idempotent."""
    return _file_away(pk, actor, "voice_rule.archived", archived=True)


@retried
def restore(pk: int, *, actor: User) -> VoiceRule:
    """Let it hold again; also the undo of `archive`.

    Records: voice_rule.restored. Raises: NotFound, Forbidden, Invalid where its name is taken by now. Idempotent.
    """
    return _file_away(pk, actor, "voice_rule.restored", archived=False)


def _file_away(pk: int, actor: User, kind: str, *, archived: bool) -> VoiceRule:
    with sharing.writing(WHAT):
        row, _ = sharing.locked(VoiceRule.objects.all(), pk, actor, WHAT, refusal=NOT_YOURS)
        if not archived:
            _require_room(row)
        if sharing.file_away(row, actor, archived=archived):
            _tell(kind, row, actor)
    return row


def _columns(wanted: Wanted) -> dict[str, Any]:
    """The columns of a rule. Raises: Invalid with the field."""
    terms = rules.checked(wanted.kind, wanted.terms)
    if wanted.visibility not in ("", *Message.Visibility.values):
        raise placing.invalid("visibility", "Choose public, private or both.")
    return {
        "name": sharing.named(wanted.name),
        "kind": wanted.kind,
        "words": [list(pair) for pair in terms.words],
        "most": terms.most,
        "form": terms.form,
        **_guideline(wanted),
        "asks": wanted.asks,
        "networks": placing.networks(wanted.networks),
        "language": placing.language(wanted.language),
        "visibility": wanted.visibility,
    }


def _guideline(wanted: Wanted) -> dict[str, str]:
    text, url = wanted.guideline.replace("\r\n", "\n").replace("\0", "").strip(), wanted.url.strip()
    if not text and not url:
        raise placing.invalid("guideline", "Say what the guideline is, or where it stands.")
    if len(text) > LONGEST_GUIDELINE:
        raise placing.invalid("guideline", f"At most {LONGEST_GUIDELINE:,} characters.")
    if url and (len(url) > LONGEST_URL or not _is_address(url)):
        raise placing.invalid("url", "Give an address that begins with https://.")
    return {"guideline": text, "url": url}


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and url.isprintable() and " " not in url


def _brand(brand_id: int | None, access: Access) -> int | None:
    """Raises: Invalid for a brand that the person does not see; Forbidden for who sees none."""
    require(bool(access.brand_ids), NOT_YOURS)
    if brand_id is not None and brand_id not in access.brand_ids:
        raise Invalid("There is no such brand.", fields={"brand": "There is no such brand."})
    return brand_id


def _require_room(row: VoiceRule) -> None:
    """Until the end of the transaction nobody else counts: two who see the last free place would both take it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [ROOM_LOCK])
    if VoiceRule.objects.in_use().filter(brand=row.brand_id).exclude(pk=row.pk).count() >= AT_MOST:
        raise placing.invalid("name", f"There are {AT_MOST} rules here already: archive one first.")


def _tell(kind: str, row: VoiceRule, actor: User, *, old: str = "") -> None:
    brand = row.brand.name if row.brand else ""
    audit.record(kind, actor=actor, data={"name": row.name, "brand": brand, **({"old": old} if old else {})})
