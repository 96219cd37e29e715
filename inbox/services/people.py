"""Profiles that ask for nobody: what a muted author writes is stored and shown, and nobody is called for it."""

from __future__ import annotations

from collections.abc import Iterable

from accounts.models import User
from core.contention import retried
from inbox.models.conversation import Conversation
from inbox.models.people import Profile
from inbox.policies import require
from inbox.services import events, status
from inbox.services.acts import Act, acting
from inbox.services.ownership import NOT_YOURS


@retried
def mute(conversation_id: int, *, actor: User) -> Profile:
    """Mute the author of a conversation: neither this nor another conversation of theirs waits for anybody.

    Records: profile.muted. Raises: NotFound, Forbidden. Idempotent.
    """
    with acting(conversation_id, actor) as act:
        return silence(act)


def silence(act: Act) -> Profile:
    """What muting does, for acts that mute on the way."""
    require(act.access.can_act(act.conversation), NOT_YOURS)
    profile = _locked(act)
    if profile.muted_at is None:
        profile.muted_at = act.now
        profile.save(update_fields=["muted_at"])
        for conversation in _open_ones(act, profile):
            if conversation.waiting_since is not None:
                conversation.waiting_since = None
                events.touch(conversation, "waiting_since")
        _record("profile.muted", act, profile)
    return profile


@retried
def unmute(conversation_id: int, *, actor: User) -> Profile:
    """Listen to the author again: what is open and has no answer waits since it was written.

    Records: profile.unmuted. Raises: NotFound, Forbidden. Idempotent.
    """
    with acting(conversation_id, actor) as act:
        require(act.access.can_act(act.conversation), NOT_YOURS)
        profile = _locked(act)
        if profile.muted_at is not None:
            profile.muted_at = None
            profile.save(update_fields=["muted_at"])
            for conversation in _open_ones(act, profile):
                _wait_again(conversation)
            _record("profile.unmuted", act, profile)
    return profile


def _locked(act: Act) -> Profile:
    return Profile.objects.select_for_update(no_key=True).get(pk=act.conversation.profile_id)


def _open_ones(act: Act, profile: Profile) -> Iterable[Conversation]:
    """The author's open conversations, locked in the order of their ids; the act's own one as the object it has."""
    own = act.conversation
    rows = Conversation.objects.filter(profile=profile, status=Conversation.Status.OPEN).order_by("id")
    for row in rows.select_for_update(no_key=True, of=("self",)):
        yield own if row.pk == own.pk else row


def _wait_again(conversation: Conversation) -> None:
    handled = status.resolved_last(conversation)
    waiting = status.oldest_waiting(conversation, handled_until=handled)
    if waiting != conversation.waiting_since:
        conversation.waiting_since = waiting
        events.touch(conversation, "waiting_since")


def _record(kind: str, act: Act, profile: Profile) -> None:
    events.record(kind, act.conversation, actor=act.actor, data={"profile_id": profile.pk})
