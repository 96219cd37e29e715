"""An answer as rows that wait to be sent: one, or one for each of its parts."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction

from core.errors import Conflict
from inbox.models.message import Message
from inbox.models.work import Delivery, OutgoingFile
from inbox.services import drafts, events, uploads
from inbox.services.acts import Act
from inbox.services.reply_request import Request


def hold(
    act: Act, target: Message, request: Request, texts: Sequence[str], pictures: Sequence[uploads.Picture]
) -> Delivery:
    """The rows of one answer, the pictures with the first; each part answers the part before it.

    Records: delivery.held, once. Returns: the first part. Raises: Conflict (`idempotency_mismatch`).
    """
    parts = [_row(act, target, request, text, part, len(texts)) for part, text in enumerate(texts, start=1)]
    first, last = parts[0], parts[-1]
    first.client_token, last.resolve_after = request.client_token, request.resolve_as
    try:
        with transaction.atomic():
            _save(parts)
    except IntegrityError as error:  # the key was used in another conversation of the brand
        raise mismatch() from error
    OutgoingFile.objects.bulk_create(
        OutgoingFile(delivery=first, position=at, content_type=one.content_type, content=one.content, alt=one.alt)
        for at, one in enumerate(pictures)
    )
    drafts.remove(act.conversation, actor=act.actor, mode=request.visibility)
    events.touch(act.conversation)
    data = {"delivery_id": first.pk, "visibility": first.visibility}
    events.record("delivery.held", act.conversation, actor=act.actor, data=data)
    return first


def mismatch() -> Conflict:
    return Conflict("This key was used for another answer.", code="idempotency_mismatch")


def _row(act: Act, target: Message, request: Request, text: str, part: int, parts: int) -> Delivery:
    conversation = act.conversation
    return Delivery(
        conversation=conversation,
        channel_id=conversation.channel_id,
        brand_id=conversation.brand_id,
        case=conversation.cases.filter(resolved_at=None).first(),
        author=act.actor,
        answers=target,
        visibility=request.visibility,
        text=text,
        part=part,
        parts=parts,
        state=Delivery.State.HELD,
        client_token=uuid.uuid4().hex,  # nobody asks for a later part by a key of its own
        body_hash=request.hash(conversation.pk),
        second_answer=request.second,
        send_at=act.now + timedelta(seconds=settings.SEND_HOLD_S),
    )


def _save(parts: Sequence[Delivery]) -> None:
    """Each names the one before it, which has to be there first; there are few."""
    before = None
    for part in parts:
        part.after = before
        part.save(force_insert=True)
        before = part
