"""Where answers and notes are written, as templates/inbox/_composer.html wants it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from channels.contracts import Capabilities
from core.wording import day_and_time, said
from inbox.models.conversation import Conversation
from inbox.services import answering, checking
from web.access import access, person
from web.clock_rows import RISK_SHARE, Ring
from web.translation_rows import language_to_answer_in

HIGH_AUDIENCE = 10_000


def composer(request: HttpRequest, conversation: Conversation, **more: Any) -> dict[str, Any]:
    """What `_composer.html` names; `more` is what an error left behind."""
    return box(
        request,
        conversation,
        answering.composer(conversation, None, person(request), access(request).brand_ids),
        **more,
    )


def box(request: HttpRequest, conversation: Conversation, found: answering.Composer, **more: Any) -> dict[str, Any]:
    able = found.capabilities
    audience = conversation.profile.followers if not conversation.is_private else None
    refused = "" if access(request).can_act(conversation) else _("Only people of this queue may answer.")
    modes = _modes(found, conversation, refused, chosen=more.pop("mode", ""))
    written = "private" if conversation.is_private or not found.drafts.get("public") else "public"
    text = more.get("text", found.drafts.get(written, ""))
    return {
        "modes": modes,
        "account": found.account,
        "account_id": found.account_id,
        "again": _again(found, person(request)),
        "network_name": able.label,
        "audience": audience,
        "audience_high": bool(audience and audience >= HIGH_AUDIENCE),
        "step": step(conversation, person(request)),
        "owner_name": conversation.owner.name if conversation.owner else "",
        "closed": said(found.closed) or _nothing_open(modes),
        "private_note": _private_note(found.private_until),
        "private_clock": _window(found.private_until, able, conversation),
        "text": text,
        **lengths(conversation, text, chosen=more.pop("parts", 1), told=more.get("errors", ())),
        "saved": found.saved.get(written, []),
        "note": found.drafts.get("note", ""),
        "errors": [],
        "note_errors": [],
        "client_token": str(uuid.uuid4()),
        "note_token": str(uuid.uuid4()),
        "seen": conversation.revision,
        "in_reply_to": found.answers.pk if found.answers else "",
        "changed": None,
        "findings": [],
        "media_max": able.media_max,
        "private_media_max": able.files_max("private"),
        "media_types": ",".join(able.media_types),
        "media_bytes": able.media_bytes,
        "media_megabytes": able.media_bytes // 1024 // 1024,
        "alts": range(1, able.media_max + 1),
        "attach_again": False,
        **_prices(able),
        "resolve_too": True,
        "translate_to": language_to_answer_in(conversation, request) if not found.closed else None,
        "original": "",
        **more,
    }


def _prices(able: Capabilities) -> dict[str, str]:
    """What an answer costs in US dollars with a link and without one, where that differs."""
    link, plain = able.prices.get("post_with_url"), able.prices.get("summoned_reply")
    differs = link is not None and plain is not None
    return {"link_price": f"{link:.2f}" if differs else "", "plain_price": f"{plain:.2f}" if differs else ""}


def lengths(conversation: Conversation, text: str, *, chosen: int, told: Sequence[str] = ()) -> dict[str, Any]:
    """What `_checks.html` names of a text that is too long for one post.

    Args:
        chosen: as how many posts it is to go; another number than that has to be looked at first.
        told: sentences that stand above the text already.
    """
    kinds = ("private",) if conversation.is_private else ("public", "private")
    measured = {kind: checking.measure(conversation.channel, text, kind) for kind in kinds}
    refused = {kind: said(one.too_long) for kind, one in measured.items() if not one.texts}
    return {
        "thread": _thread(measured["public"], chosen) if "public" in measured else {},
        "too_long": [{"visibility": kind, "text": words} for kind, words in refused.items() if words not in told],
    }


def _thread(found: checking.Measured, chosen: int) -> dict[str, Any]:
    """The posts that a public answer takes; empty where it needs or knows no thread."""
    posts = found.posts
    if len(posts) < 2:
        return {}
    price = f"{found.price:.2f}" if found.price is not None else ""
    return {"posts": posts, "chosen": chosen == len(posts), "price": price, "network": found.network}


def step(conversation: Conversation, me: User) -> str:
    """What sending does beforehand: nothing, claim, or take over."""
    if conversation.owner_id == me.pk:
        return ""
    return "take_over" if conversation.owner_id else "claim"


def _again(found: answering.Composer, me: User) -> list[dict[str, Any]]:
    """For each visibility the newest answer that stands already: sending then says that it is one more."""
    told: list[dict[str, Any]] = []
    for visibility in ("public", "private"):
        if given := answering.in_the_way(found.given, visibility):
            one = given[0]
            told.append({"visibility": visibility, "by": one.by, "mine": one.author_id == me.pk, "at": one.at})
        elif visibility == "public" and (copies := [copy for copy in found.copies if copy.answered_at]):
            brand = copies[0].brand or _("another brand")
            told.append({"visibility": visibility, "by": brand, "mine": False, "at": copies[0].answered_at})
    return told


def _modes(
    found: answering.Composer, conversation: Conversation, refused: str, *, chosen: str = ""
) -> list[dict[str, Any]]:
    """Who may not answer (`refused` says why) writes a note. `chosen`: what was chosen before an error."""
    able, may = found.capabilities, found.answerable
    public = may.public and not conversation.is_private and not refused
    private = may.private and not refused
    exchange = _("This is a private exchange.") if conversation.is_private else ""
    kept = chosen if chosen == "note" or (chosen == "private" and private) else ""
    return [
        {
            "value": "public",
            "label": _("Public"),
            "icon": "globe",
            "open": public,
            "checked": public and not kept,
            "reason": refused or said(may.public_reason) or exchange,
            "limit": able.text_limit,
            "rule": able.counter,
        },
        {
            "value": "private",
            "label": _("Private"),
            "icon": "lock",
            "open": private,
            "checked": private and (not public or kept == "private") and kept != "note",
            "reason": refused or said(may.private_reason),
            "limit": able.private_limit,
            "rule": "plain",
        },
        {
            "value": "note",
            "label": _("Note"),
            "icon": "sticky-note",
            "open": True,
            "checked": (not public and not private) or kept == "note",
            "reason": "",
            "limit": 10_000,
            "rule": "plain",
        },
    ]


def _nothing_open(modes: list[dict[str, Any]]) -> str:
    if any(mode["open"] for mode in modes[:2]):
        return ""
    reasons = dict.fromkeys(mode["reason"] for mode in modes[:2] if mode["reason"])
    return " ".join(reasons)


def _window(until: datetime | None, able: Capabilities, conversation: Conversation) -> Ring | None:
    """The network's window as a ring."""
    whole = able.extended_window if conversation.is_private else able.private_reply_window
    if until is None or not whole:
        return None
    left = max(int((until - timezone.now()).total_seconds()), 0)
    return Ring("warn" if left < whole * RISK_SHARE else "ok", left, whole)


def _private_note(until: datetime | None) -> str:
    if until is None:
        return ""
    return _("Private answers are possible until %s.") % day_and_time(until)
