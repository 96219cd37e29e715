"""Profiles that ask for nobody at one brand: what they write is stored and shown, and nobody is called for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from accounts.models import User
from core.contention import retried
from inbox.models.conversation import Conversation
from inbox.models.people import Mute, Profile
from inbox.policies import require
from inbox.services import events, status
from inbox.services.acts import Act, acting
from inbox.services.ownership import NOT_YOURS


@retried
def mute(conversation_id: int, *, actor: User) -> Profile:
    """Mute the author for the brand: no conversation of theirs with it waits for anybody; other brands hear them.

    Records: profile.muted. Raises: NotFound, Forbidden. Idempotent.
    """
    with acting(conversation_id, actor) as act:
        return silence(act)


def silence(act: Act) -> Profile:
    """What muting does, for acts that mute on the way."""
    conversation = act.conversation
    require(act.access.can_act(conversation), NOT_YOURS)
    names = {"profile_id": conversation.profile_id, "brand_id": conversation.brand_id}
    _, fresh = Mute.objects.get_or_create(**names, defaults={"muted_by": act.actor, "muted_at": act.now})
    if fresh:
        hush(conversation, {conversation.pk: conversation})
        _record("profile.muted", act)
    return conversation.profile


def hush(of: Conversation, held: Mapping[int, Conversation]) -> set[int]:
    """Let no open conversation of the author with the brand wait for anybody, in the open transaction.

    Args:
        held: those that the caller has locked, by id: they are changed as the objects that they are.

    Returns the ids of those that waited.
    """
    waited = [each for each in _open_ones(of, held) if each.waiting_since is not None]
    for each in waited:
        each.waiting_since = None
        events.touch(each, "waiting_since")
    return {each.pk for each in waited}


@retried
def unmute(conversation_id: int, *, actor: User) -> Profile:
    """Listen to the author again: what is open and has no answer waits since it was written.

    Records: profile.unmuted. Raises: NotFound, Forbidden. Idempotent.
    """
    with acting(conversation_id, actor) as act:
        conversation = act.conversation
        require(act.access.can_act(conversation), NOT_YOURS)
        gone, _ = Mute.objects.filter(profile_id=conversation.profile_id, brand_id=conversation.brand_id).delete()
        if gone:
            for each in _open_ones(conversation, {conversation.pk: conversation}):
                _wait_again(each)
            _record("profile.unmuted", act)
    return conversation.profile


def _open_ones(of: Conversation, held: Mapping[int, Conversation]) -> Iterable[Conversation]:
    """The author's open conversations with the brand, locked in the order of their ids; those that are held as the
    objects they are."""
    rows = Conversation.objects.filter(profile_id=of.profile_id, brand_id=of.brand_id).open().order_by("id")
    for row in rows.select_related("channel").select_for_update(no_key=True, of=("self",)):
        yield held.get(row.pk, row)


def _wait_again(conversation: Conversation) -> None:
    oldest = status.oldest_waiting(conversation)
    if oldest != conversation.waiting_since:
        conversation.waiting_since = oldest
        events.touch(conversation, "waiting_since")


def _record(kind: str, act: Act) -> None:
    events.record(kind, act.conversation, actor=act.actor, data={"profile_id": act.conversation.profile_id})
