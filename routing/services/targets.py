"""Policies: what is promised to whom. Each change is a version; running clocks get shorter, or longer with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from accounts import policies
from accounts.models import User
from accounts.services import audit
from channels.models import Channel
from core.errors import Invalid, NotFound
from core.hints import hint_on_commit
from inbox.models.conversation import Conversation
from inbox.models.queue import Queue
from routing.models.hours import BusinessHours
from routing.models.sla import ClockKind, SlaJob, SlaPolicy, SlaTarget, SlaVersion
from routing.services.hours import RECOUNT, touch_setup

LONGEST_NAME = 80
LONGEST_MINUTES = 525_600
LONGEST_REASON = 300
MOST_TOLD = 50
OnBreach = SlaVersion.OnBreach


@dataclass(frozen=True, slots=True)
class Terms:
    """What one version says.

    Args:
        targets: (kind, priority or None for every other) → minutes.
        hours_id: None = by the calendar.
        warn_percent: share of the time left when it is at risk, 1 to 90.
        on_breach: `SlaVersion.OnBreach`; `move_to_id` goes with "move".
        told_ids: people who are told before and at a breach; the owner too, with `tell_owner`.
    """

    targets: Mapping[tuple[str, int | None], int]
    hours_id: int | None = None
    pause_pending: bool = True
    pause_snoozed: bool = True
    warn_percent: int = 30
    on_breach: str = OnBreach.NOTHING
    move_to_id: int | None = None
    tell_owner: bool = True
    told_ids: frozenset[int] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Scope:
    """Whom a policy is for: None = every queue, every channel. With `by_rule` for nobody, unless a rule chooses it."""

    queue_id: int | None = None
    channel_id: int | None = None
    by_rule: bool = False


def create(name: str, scope: Scope, terms: Terms, *, actor: User) -> SlaPolicy:
    """A new policy; conversations that change from now on follow it, and those that wait already by a recorded job.

    Records: targets.created. Raises: Forbidden, Invalid with the field.
    """
    with transaction.atomic(durable=True):
        policies.require_administrator(actor)
        name = _cleaned(name)
        _check_scope(scope)
        _check(terms)
        policy = SlaPolicy.objects.create(
            name=name, queue_id=scope.queue_id, channel_id=scope.channel_id, by_rule=scope.by_rule
        )
        _add_version(policy, terms, 1, actor)
        _recount(policy, f"{name}: new", actor)
        audit.record("targets.created", actor=actor, data={"policy": name})
    return policy


def change(policy_id: int, *, name: str, terms: Terms, actor: User, lengthen_because: str = "") -> SlaVersion:
    """What a policy says from now on. Running clocks by it get shorter where it is stricter.

    Args:
        lengthen_because: with a reason they also get the longer time where it is looser.

    Records: targets.changed. Raises: Forbidden, NotFound, Invalid. Idempotent: the same terms make no version.
    """
    with transaction.atomic(durable=True):
        policies.require_administrator(actor)
        policy = _locked(policy_id)
        name = _cleaned(name, but=policy)
        _check(terms)
        reason = lengthen_because.replace("\0", "").strip()
        if len(reason) > LONGEST_REASON:
            raise _wrong("lengthen_because", f"At most {LONGEST_REASON} characters.")
        newest = policy.versions.order_by("-number").first()
        assert newest is not None  # made with its first one
        _rename(policy, name, actor)
        if terms_of(newest) == terms:
            return newest
        version = _add_version(policy, terms, newest.number + 1, actor)
        why = f"{policy.name}: version {version.number}" + (f", {reason}" if reason else "")
        _recount(policy, why, actor, lengthens=bool(reason))
        data = {"policy": name, "version": version.number, "reason": reason}
        audit.record("targets.changed", actor=actor, data=data)
    return version


def archive(policy_id: int, *, actor: User) -> SlaPolicy:
    """It promises nothing new; clocks that run by it run on.

    Records: targets.archived. Raises: Forbidden, NotFound. Idempotent.
    """
    with transaction.atomic(durable=True):
        policies.require_administrator(actor)
        policy = SlaPolicy.objects.select_for_update(no_key=True, of=("self",)).filter(pk=policy_id).first()
        if policy is None:
            raise NotFound("There is no such policy.")
        if policy.archived_at is None:
            SlaPolicy.objects.filter(pk=policy_id).update(archived_at=Now())
            touch_setup()
            audit.record("targets.archived", actor=actor, data={"policy": policy.name})
    return policy


def require_possible(terms: Terms, scope: Scope | None = None, *, actor: User) -> None:
    """What `create` (with a scope) and `change` refuse, without doing it. Raises: Forbidden, Invalid with the field."""
    policies.require_administrator(actor)
    if scope is not None:
        _check_scope(scope)
    _check(terms)


def terms_of(version: SlaVersion) -> Terms:
    """What a stored version says."""
    return Terms(
        targets={(row.kind, row.priority): row.minutes for row in version.targets.all()},
        hours_id=version.hours_id,
        pause_pending=version.pause_pending,
        pause_snoozed=version.pause_snoozed,
        warn_percent=version.warn_percent,
        on_breach=version.on_breach,
        move_to_id=version.move_to_id,
        tell_owner=version.tell_owner,
        told_ids=frozenset(row.pk for row in version.told.all()),
    )


def _locked(policy_id: int) -> SlaPolicy:
    rows = SlaPolicy.objects.select_for_update(no_key=True, of=("self",))
    policy = rows.filter(pk=policy_id, archived_at=None).first()
    if policy is None:
        raise NotFound("There is no such policy.")
    return policy


def _rename(policy: SlaPolicy, name: str, actor: User) -> None:
    if policy.name != name:
        audit.record("targets.changed", actor=actor, data={"policy": name, "old": policy.name})
        policy.name = name
        policy.save(update_fields=["name"])


def _cleaned(name: str, but: SlaPolicy | None = None) -> str:
    name = name.replace("\0", "").strip()
    if not 0 < len(name) <= LONGEST_NAME:
        raise _wrong("name", f"Use 1 to {LONGEST_NAME} characters.")
    if SlaPolicy.objects.filter(name__iexact=name).exclude(pk=but.pk if but else 0).exists():
        raise _wrong("name", "There is a policy of this name.")
    return name


def _check_scope(scope: Scope) -> None:
    if scope.by_rule:
        if scope.queue_id or scope.channel_id:
            raise _wrong("by_rule", "What only a rule chooses has no queue and no channel.")
        return
    if scope.queue_id and not Queue.objects.filter(pk=scope.queue_id).exists():
        raise _wrong("queue", "Choose from the list.")
    if scope.channel_id and not Channel.objects.filter(pk=scope.channel_id).exists():
        raise _wrong("channel", "Choose from the list.")
    there = SlaPolicy.objects.filter(
        Q(queue=scope.queue_id), Q(channel=scope.channel_id), by_rule=False, archived_at=None
    ).first()
    if there is not None:
        raise _wrong("queue", f"“{there.name}” is for exactly these already.")


def _check(terms: Terms) -> None:
    if not terms.targets:
        raise _wrong("targets", "Promise at least one thing.")
    for (kind, priority), minutes in terms.targets.items():
        if kind not in ClockKind.values or priority not in (None, *Conversation.Priority.values):
            raise _wrong("targets", "There is no such promise.")
        if not 1 <= minutes <= LONGEST_MINUTES:
            raise _wrong("targets", f"{ClockKind(kind).label}: between 1 minute and a year.")
    if not 1 <= terms.warn_percent <= 90:
        raise _wrong("warn_percent", "Between 1 and 90 percent.")
    if terms.hours_id and not BusinessHours.objects.filter(pk=terms.hours_id).exists():
        raise _wrong("hours", "Choose from the list.")
    _check_breach(terms)
    told = User.objects.filter(pk__in=terms.told_ids, is_active=True)
    if len(terms.told_ids) > MOST_TOLD or told.count() != len(terms.told_ids):
        raise _wrong("told", f"Choose at most {MOST_TOLD} people who can sign in.")


def _check_breach(terms: Terms) -> None:
    if terms.on_breach not in OnBreach.values:
        raise _wrong("on_breach", "Choose from the list.")
    if (terms.on_breach == OnBreach.MOVE) != (terms.move_to_id is not None):
        raise _wrong("move_to", "Say where it goes, and only where it is moved.")
    if terms.move_to_id and not Queue.objects.filter(pk=terms.move_to_id).exists():
        raise _wrong("move_to", "Choose from the list.")


def _add_version(policy: SlaPolicy, terms: Terms, number: int, actor: User) -> SlaVersion:
    version = SlaVersion.objects.create(
        policy=policy,
        number=number,
        hours_id=terms.hours_id,
        pause_pending=terms.pause_pending,
        pause_snoozed=terms.pause_snoozed,
        warn_percent=terms.warn_percent,
        on_breach=terms.on_breach,
        move_to_id=terms.move_to_id,
        tell_owner=terms.tell_owner,
        created_by=actor,
    )
    SlaTarget.objects.bulk_create(
        SlaTarget(version=version, kind=kind, priority=priority, minutes=minutes)
        for (kind, priority), minutes in terms.targets.items()
    )
    version.told.set(terms.told_ids)
    touch_setup()
    return version


def _recount(policy: SlaPolicy, why: str, actor: User, *, lengthens: bool = False) -> None:
    SlaJob.objects.create(policy=policy, lengthens=lengthens, reason=why[:LONGEST_REASON], created_by=actor)
    hint_on_commit(RECOUNT)


def _wrong(name: str, sentence: str) -> Invalid:
    return Invalid(sentence, fields={name: sentence})
