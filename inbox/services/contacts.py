"""Two contacts that are one person: joined and parted by people, never by a program (product.md, The model)."""

from __future__ import annotations

from accounts.models import User
from core.contention import retried
from core.errors import Conflict, Invalid, NotFound
from inbox import likeness
from inbox.models.conversation import Conversation
from inbox.models.customer import ContactMerge, ToldApart
from inbox.models.people import Contact, Profile
from inbox.policies import require
from inbox.selectors.alike import shown
from inbox.services import events
from inbox.services.acts import Act, acting
from inbox.services.ownership import NOT_YOURS


@retried
def merge(conversation_id: int, profile_id: int, *, actor: User) -> ContactMerge:
    """The profile's contact becomes part of the contact of the conversation; the conversations stay as they are.

    Records: contact.merged. Raises: NotFound, Forbidden, Invalid for a profile without a name, Conflict
    (`merged_meanwhile`). Idempotent: by the pair.
    """
    with acting(conversation_id, actor) as act:
        other = _other(act, profile_id)
        mine = act.conversation.profile
        if not (mine.is_known and other.is_known):
            raise Invalid("The network does not say who that is: nobody can be joined.", fields={"profile": "Unknown."})
        kept, gone = _held(mine, other)
        if kept == gone:
            return _made(kept, other)
        moved = list(Profile.objects.filter(contact_id=gone).order_by("id").values_list("pk", flat=True))
        why = list(likeness.evidence(shown(mine), shown(other)))
        row = ContactMerge.objects.create(
            kept_id=kept, gone_id=gone, profile_ids=moved, evidence=why, merged_by=actor, merged_at=act.now
        )
        Profile.objects.filter(pk__in=moved).update(contact_id=kept)
        data = {"gone": other.label, "merge_id": row.pk, "profile_id": other.pk, "evidence": why}
        _tell(act, "contact.merged", data)
    return row


@retried
def unmerge(conversation_id: int, merge_id: int, *, actor: User) -> ContactMerge:
    """The profiles that a merge moved belong to their own contact again.

    Records: contact.unmerged. Raises: NotFound, Forbidden, Conflict (`merged_on`) where the contact was joined to a
    third one since: that is undone first. Idempotent.
    """
    with acting(conversation_id, actor) as act:
        require(act.access.can_act(act.conversation), NOT_YOURS)
        kept = Contact.objects.select_for_update(no_key=True).get(pk=act.conversation.profile.contact_id)
        row = ContactMerge.objects.filter(pk=merge_id, kept=kept).first()
        if row is None:
            raise _elsewhere(kept, merge_id)
        if row.undone_at is None:
            label = _label(row)
            Profile.objects.filter(pk__in=row.profile_ids, contact=kept).update(contact_id=row.gone_id)
            row.undone_at, row.undone_by = act.now, actor
            row.save(update_fields=["undone_at", "undone_by"])
            _tell(act, "contact.unmerged", {"gone": label, "merge_id": row.pk})
    return row


@retried
def tell_apart(conversation_id: int, profile_id: int, *, actor: User) -> None:
    """Two profiles that look alike are two people: they are not proposed again.

    Records: contact.told_apart. Raises: NotFound, Forbidden, Conflict (`joined`) for profiles of one contact.
    Idempotent: by the pair.
    """
    with acting(conversation_id, actor) as act:
        other, mine = _other(act, profile_id), act.conversation.profile
        if other.contact_id == mine.contact_id:
            raise Conflict("These profiles were joined to one contact; part them first.", code="joined")
        one, second = sorted((mine.pk, other.pk))
        _, fresh = ToldApart.objects.get_or_create(one_id=one, other_id=second, defaults={"told_by": actor})
        if fresh:
            _tell(act, "contact.told_apart", {"other": other.label, "profile_id": other.pk})


def _other(act: Act, profile_id: int) -> Profile:
    """A profile with whom one may read a conversation."""
    require(act.access.can_act(act.conversation), NOT_YOURS)
    readable = Conversation.objects.visible_to(act.access).filter(profile_id=profile_id)
    row = Profile.objects.filter(pk=profile_id).first()
    if row is None or not readable.exists():
        raise NotFound("There is no such profile.")
    return row


def _held(mine: Profile, other: Profile) -> tuple[int, int]:
    """Both contacts under their locks. Raises: Conflict where somebody was quicker."""
    ids = sorted({mine.contact_id, other.contact_id})
    list(Contact.objects.filter(pk__in=ids).order_by("id").select_for_update(no_key=True))
    now = dict(Profile.objects.filter(pk__in=[mine.pk, other.pk]).values_list("pk", "contact_id"))
    if not set(now.values()) <= set(ids):
        raise Conflict("These contacts were joined to others meanwhile. Look again.", code="merged_meanwhile")
    return now[mine.pk], now[other.pk]


def _made(kept: int, other: Profile) -> ContactMerge:
    """The merge that brought the profile here. Raises: Conflict where there is none: both came as one contact."""
    rows = ContactMerge.objects.filter(kept=kept, undone_at=None, profile_ids__contains=[other.pk])
    row = rows.order_by("-id").first()
    if row is None:
        raise Conflict("Both are one contact already.", code="joined")
    return row


def _elsewhere(kept: Contact, merge_id: int) -> NotFound | Conflict:
    onward = ContactMerge.objects.filter(kept=kept, undone_at=None).values("gone")
    if ContactMerge.objects.filter(pk=merge_id, undone_at=None, kept__in=onward).exists():
        return Conflict("This contact was joined to another one since. Part that one first.", code="merged_on")
    return NotFound("There is no such merge.")


def _label(row: ContactMerge) -> str:
    first = Profile.objects.filter(pk__in=row.profile_ids).order_by("id").first()
    return first.label if first else ""


def _tell(act: Act, kind: str, data: dict[str, object]) -> None:
    events.touch(act.conversation)
    events.record(kind, act.conversation, actor=act.actor, data=data)
