"""Whose avatar and which attachment somebody may see; absent and forbidden look alike."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from core.errors import NotFound
from inbox.models.conversation import Conversation
from inbox.models.message import Attachment, Message
from inbox.models.people import Profile
from inbox.policies import Access


@dataclass(frozen=True, slots=True)
class Remote:
    """A picture at a network. `url` is empty where there is none; `preview` for what is not a picture itself."""

    url: str
    preview: str
    network: str


def avatar_of(access: Access, profile_id: int, *, message_id: int | None = None) -> Remote:
    """The avatar of somebody in a visible conversation, or of who wrote a visible message. Raises: NotFound."""
    profile = Profile.objects.filter(pk=profile_id).only("avatar_url", "network").first()
    if profile is None or not _is_shown(access, profile_id, message_id):
        raise NotFound("There is no such picture.")
    return Remote(profile.avatar_url, "", profile.network)


def _is_shown(access: Access, profile_id: int, message_id: int | None) -> bool:
    if message_id is not None:
        return _visible(access).filter(pk=message_id, profile_id=profile_id).exists()
    return Conversation.objects.visible_to(access).filter(profile_id=profile_id).exists()


def attachment(access: Access, pk: int) -> Remote:
    """An attachment of a visible message that still stands. Raises: NotFound."""
    found = (
        Attachment.objects.filter(pk=pk, message__in=_visible(access).filter(deleted_at=None))
        .select_related("message__channel")
        .first()
    )
    if found is None:
        raise NotFound("There is no such picture.")
    return Remote(found.url, found.preview_url, found.message.channel.kind)


def _visible(access: Access) -> QuerySet[Message]:
    """Messages of visible conversations, and context of brands that the person sees."""
    rows = Message.objects.all()
    if access.is_administrator:
        return rows
    seen = Conversation.objects.visible_to(access).values("pk")
    return rows.filter(Q(conversation__in=seen) | Q(conversation=None, channel__brand_id__in=access.brand_ids))
