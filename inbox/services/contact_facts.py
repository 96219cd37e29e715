"""Tags and notes about a person, each for the brand of the conversation in which it was said."""

from __future__ import annotations

from collections.abc import Iterable

from accounts.models import User
from core.contention import retried
from core.errors import Conflict, Invalid, NotFound
from inbox.models.customer import ProfileNote, ProfileTag
from inbox.policies import require
from inbox.sensitive import sensitive
from inbox.services import events, notes, tags
from inbox.services.acts import Act, acting
from inbox.services.ownership import NOT_YOURS

AT_MOST = 10


@retried
def tag(conversation_id: int, *, actor: User, add: Iterable[str] = (), remove: Iterable[str] = ()) -> list[str]:
    """Add and remove words on the person; at most 10; the words afterwards.

    Records: contact.tagged. Raises: NotFound, Forbidden, Invalid also for what networks forbid to note of people
    (`inbox.sensitive`). Idempotent.
    """
    with acting(conversation_id, actor) as act:
        require(act.access.can_act(act.conversation), NOT_YOURS)
        wanted, unwanted = {_allowed(tags.normalised(name)) for name in add}, {tags.normalised(name) for name in remove}
        there = set(_words(act))
        added, removed = wanted - unwanted - there, unwanted & there
        if len(there | added) - len(removed) > AT_MOST:
            raise Invalid(message := f"At most {AT_MOST} tags on a person.", fields={"tags": message})
        if added or removed:
            _write(act, added, removed)
            events.touch(act.conversation)
            data = {"added": sorted(added), "removed": sorted(removed)}
            events.record("contact.tagged", act.conversation, actor=actor, data=data)
        return sorted(there - removed | added)


@retried
def note(conversation_id: int, *, actor: User, text: str, client_token: str) -> ProfileNote:
    """Note something about the person that the next colleague should know.

    Records: contact.noted. Raises: NotFound, Forbidden, Invalid, Conflict (`idempotency_mismatch`).
    Idempotent: by (profile, person, client_token).
    """
    text = notes.cleaned(text)
    with acting(conversation_id, actor) as act:
        require(act.access.can_act(act.conversation), NOT_YOURS)
        names = {"profile_id": act.conversation.profile_id, "author": actor, "client_token": client_token}
        row, fresh = ProfileNote.objects.get_or_create(
            **names, defaults={"brand_id": act.conversation.brand_id, "text": text, "created_at": act.now}
        )
        if fresh:
            events.touch(act.conversation)
            events.record("contact.noted", act.conversation, actor=actor, data={"note_id": row.pk})
        elif row.text != text and row.removed_at is None:
            raise Conflict("This key was used for another note.", code="idempotency_mismatch")
    return row


@retried
def remove_note(conversation_id: int, note_id: int, *, actor: User) -> None:
    """Take a note away: its text is erased. Its author may, and who may assign the conversation.

    Records: contact.note_removed. Raises: NotFound, Forbidden. Idempotent.
    """
    with acting(conversation_id, actor) as act:
        contact = act.conversation.profile.contact_id
        rows = ProfileNote.objects.filter(profile__contact=contact, brand=act.conversation.brand_id)
        row = rows.select_for_update(no_key=True, of=("self",)).filter(pk=note_id).first()
        if row is None:
            raise NotFound("There is no such note.")
        require(row.author_id == actor.pk or act.access.can_manage(act.conversation), "Only its author may do that.")
        if row.removed_at is None:
            row.text, row.removed_at = "", act.now
            row.save(update_fields=["text", "removed_at"])
            events.touch(act.conversation)
            events.record("contact.note_removed", act.conversation, actor=actor, data={"note_id": row.pk})


def _words(act: Act) -> list[str]:
    rows = ProfileTag.objects.filter(profile=act.conversation.profile_id, brand=act.conversation.brand_id)
    return list(rows.values_list("tag__name", flat=True))


def _write(act: Act, added: Iterable[str], removed: Iterable[str]) -> None:
    names = {"profile_id": act.conversation.profile_id, "brand_id": act.conversation.brand_id}
    ProfileTag.objects.bulk_create([ProfileTag(**names, tag=each) for each in tags.rows(added)], ignore_conflicts=True)
    ProfileTag.objects.filter(**names, tag__name__in=list(removed)).delete()


def _allowed(word: str) -> str:
    what = sensitive(word)
    if what:
        message = f"Networks forbid to note this of people ({what}); write what they need instead."
        raise Invalid(message, fields={"tags": message})
    return word
