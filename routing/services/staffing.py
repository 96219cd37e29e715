"""Setting how queues find their people, and what people take and can."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction

from accounts import policies as accounts
from accounts import selectors as people
from accounts.models import User
from accounts.services import audit, presence
from core.errors import Forbidden, Invalid, NotFound
from core.slugs import free_slug
from core.wording import stored
from inbox.models.queue import Queue
from inbox.policies import Access, access_of
from routing.assignment import HIGHEST, LOWEST
from routing.models.staffing import AgentSkill, ConversationSkill, QueueSkill, QueueStaffing, Skill, WorkingPeriod
from routing.services.assignment import hint_drain

NAME_LIMIT = 60
DAYS_AT_MOST, MINUTES_AT_MOST, MANY_AT_MOST = 365, 24 * 60, 10**9


@dataclass(frozen=True, slots=True)
class Settings:
    """How a queue finds its people; see `QueueStaffing`. `skills`: level by id of the skill."""

    mode: str = QueueStaffing.Mode.PULL
    same_agent_days: int | None = None
    language_level: int | None = None
    skills: Mapping[int, int] | None = None
    lane_queue_id: int | None = None
    lane_followers: int | None = None
    lane_per_hour: int | None = None
    lane_minutes: int = 15


def set_queue(queue_id: int, wanted: Settings, *, actor: User) -> QueueStaffing:
    """Change how a queue finds its people; what waits is looked at at once.

    Records: queue.staffed. Raises: NotFound, Forbidden, Invalid with the field.
    """
    with transaction.atomic(durable=True):
        queue = require_runs(access_of(actor), queue_id)
        skills = dict(wanted.skills or {})
        _require_levels(skills)
        _require_possible(queue, wanted)
        values = {name: getattr(wanted, name) for name in _FIELDS}
        row, _ = QueueStaffing.objects.update_or_create(queue=queue, defaults=values)
        QueueSkill.objects.filter(staffing=row).delete()
        QueueSkill.objects.bulk_create(
            QueueSkill(staffing=row, skill_id=skill, level=level) for skill, level in skills.items()
        )
        audit.record(
            "queue.staffed", actor=actor, data={"queue": queue.name, "mode": stored(QueueStaffing.Mode(row.mode).label)}
        )
        hint_drain()
    return row


_FIELDS = (
    "mode", "same_agent_days", "language_level", "lane_queue_id", "lane_followers", "lane_per_hour", "lane_minutes",
)  # fmt: skip


def set_person(
    user_id: int,
    *,
    actor: User,
    capacity: int | None = None,
    skills: Mapping[int, int] | None = None,
    periods: Collection[tuple[int, int, int]] | None = None,
) -> User:
    """Change how much somebody takes at a time, what they can, and when they work; None leaves it as it is.

    Args:
        skills: level by id of the skill; all of them.
        periods: (weekday, start, end) as in `routing.calendar.Period`; all of them, none = whenever they say so.

    Records: person.staffed. Raises: NotFound for people whom the actor does not run, Invalid with the field.
    """
    with transaction.atomic(durable=True):
        person = people.people_for(actor).select_for_update(no_key=True, of=("self",)).filter(pk=user_id).first()
        if person is None:
            raise NotFound("There is no such person.")
        if capacity is not None:
            presence.set_capacity(person.pk, capacity)
        if skills is not None:
            _write_skills(person, skills)
        if periods is not None:
            _write_periods(person, periods)
        audit.record(
            "person.staffed", actor=actor, subject=person, data={"capacity": capacity, "skills": _told(person)}
        )
        hint_drain()
    return person


def create_skill(name: str, *, actor: User, language: str = "") -> Skill:
    """Add a skill, or a language. Records: skill.created. Raises: Forbidden, Invalid."""
    name, language = name.strip(), language.strip().lower()
    with transaction.atomic(durable=True):
        accounts.require_administrator(actor)
        if not 0 < len(name) <= NAME_LIMIT:
            raise _not_so("name", f"Use 1 to {NAME_LIMIT} characters.")
        if Skill.objects.filter(name__iexact=name).exists():
            raise _not_so("name", "There is a skill of this name.")
        if not (language == "" or (language.isalpha() and language.isascii() and 2 <= len(language) <= 3)):
            raise _not_so("language", "Give the ISO 639 code, such as de.")
        if language and Skill.objects.filter(language=language).exists():
            raise _not_so("language", "There is a skill for this language.")
        row = _added(Skill(name=name, slug=free_slug(Skill, name, otherwise="skill"), language=language))
        audit.record("skill.created", actor=actor, data={"skill": name})
    return row


def _added(row: Skill) -> Skill:
    """Raises: Invalid where somebody adds the same at this instant: the constraints of the table decide."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise _not_so("name", "Somebody has just added a skill of this name or language.") from error
    return row


def remove_skill(skill_id: int, *, actor: User) -> None:
    """Remove a skill that no queue and no waiting conversation asks for.

    Records: skill.removed. Raises: Forbidden, NotFound, Invalid.
    """
    with transaction.atomic(durable=True):
        accounts.require_administrator(actor)
        row = Skill.objects.select_for_update(no_key=True).filter(pk=skill_id).first()
        if row is None:
            raise NotFound("There is no such skill.")
        queues = QueueSkill.objects.filter(skill=row).values_list("staffing__queue__name", flat=True)
        if queues:
            raise Invalid(f"It is asked for in {', '.join(queues)}.", code="in_use")
        if ConversationSkill.objects.filter(skill=row).exclude(conversation__status="resolved").exists():
            raise Invalid("Open conversations ask for it.", code="in_use")
        ConversationSkill.objects.filter(skill=row).delete()
        row.delete()
        audit.record("skill.removed", actor=actor, data={"skill": row.name})


def need(wanted: Mapping[int, Collection[tuple[int, int, str]]]) -> None:
    """What conversations ask of people: (skill, level, why) by conversation; inside the caller's transaction.

    For the pipeline. Idempotent: by (conversation, skill); the higher level stands.
    """
    rows = [
        ConversationSkill(conversation_id=pk, skill_id=skill, level=level, why=why)
        for pk, skills in wanted.items()
        for skill, level, why in skills
    ]
    there = {
        (row.conversation_id, row.skill_id): row.level
        for row in ConversationSkill.objects.filter(conversation__in=list(wanted))
    }
    higher = [row for row in rows if row.level > there.get((row.conversation_id, row.skill_id), 0)]
    ConversationSkill.objects.bulk_create(
        higher,
        update_conflicts=True,
        unique_fields=["conversation", "skill"],
        update_fields=["level", "why"],
    )


def need_languages(languages: Mapping[int, str]) -> None:
    """Ask for the contact's language where its queue wants that: ISO code by conversation; for the pipeline.

    A language that is nobody's skill here is not asked for: the list of skills says what the organisation speaks.
    """
    spoken = dict(Skill.objects.exclude(language="").values_list("language", "pk"))
    staffed = QueueStaffing.objects.filter(language_level__isnull=False, queue__conversations__in=list(languages))
    levels = dict(staffed.values_list("queue__conversations", "language_level"))
    wanted = {
        pk: (spoken[code], levels[pk] or LOWEST, code)
        for pk, code in languages.items()
        if code in spoken and pk in levels
    }
    need({pk: [(skill, level, f"writes {code}")] for pk, (skill, level, code) in wanted.items()})


def require_runs(access: Access, queue_id: int) -> Queue:
    """A queue that somebody runs: its desk's supervisors, administrators. Raises: NotFound, Forbidden."""
    queue = readable(access, queue_id)
    if not access.is_administrator and queue.pk not in access.supervised_queue_ids:
        raise Forbidden("Only the desk’s supervisors and administrators can do this.")
    return queue


def readable(access: Access, queue_id: int) -> Queue:
    """Raises: NotFound for a queue that is absent or not theirs to read."""
    row = Queue.objects.select_related("desk", "team").filter(pk=queue_id).first()
    if row is None or row.pk not in access.readable_queue_ids:
        raise NotFound("There is no such queue.")
    return row


def _write_skills(person: User, skills: Mapping[int, int]) -> None:
    _require_levels(skills)
    AgentSkill.objects.filter(user=person).delete()
    AgentSkill.objects.bulk_create(AgentSkill(user=person, skill_id=pk, level=level) for pk, level in skills.items())


def _write_periods(person: User, periods: Collection[tuple[int, int, int]]) -> None:
    if len({(weekday, start) for weekday, start, _ in periods}) < len(periods):
        raise _not_so("periods", "Two periods begin at the same time.")
    for weekday, start, end in periods:
        if not (0 <= weekday <= 6 and 0 <= start < MINUTES_AT_MOST and start < end <= start + MINUTES_AT_MOST):
            raise _not_so("periods", "A period ends after it begins, and within 24 hours.")
    WorkingPeriod.objects.filter(user=person).delete()
    WorkingPeriod.objects.bulk_create(
        WorkingPeriod(user=person, weekday=weekday, starts=start, ends=end) for weekday, start, end in periods
    )


def _require_levels(skills: Mapping[int, int]) -> None:
    if any(not LOWEST <= level <= HIGHEST for level in skills.values()):
        raise _not_so("skills", f"Choose {LOWEST} to {HIGHEST}.")
    if Skill.objects.filter(pk__in=list(skills)).count() < len(skills):
        raise _not_so("skills", "There is no such skill.")


def _require_possible(queue: Queue, wanted: Settings) -> None:
    if wanted.mode not in QueueStaffing.Mode.values:
        raise _not_so("mode", "Choose one of the list.")
    _require_within("same_agent_days", wanted.same_agent_days, DAYS_AT_MOST)
    _require_within("language_level", wanted.language_level, HIGHEST)
    _require_within("lane_minutes", wanted.lane_minutes, MINUTES_AT_MOST)
    _require_within("lane_followers", wanted.lane_followers, MANY_AT_MOST)
    _require_within("lane_per_hour", wanted.lane_per_hour, MANY_AT_MOST)
    if wanted.lane_queue_id is None:
        return
    if wanted.lane_queue_id == queue.pk or not Queue.objects.filter(pk=wanted.lane_queue_id).exists():
        raise _not_so("lane_queue", "Choose another queue.")
    if wanted.lane_followers is None and wanted.lane_per_hour is None:
        raise _not_so("lane_followers", "Say from how many followers, or messages an hour, it goes there first.")


def _require_within(field: str, value: int | None, most: int) -> None:
    if value is not None and not 1 <= value <= most:
        raise _not_so(field, f"Choose 1 to {most:,}.")


def _told(person: User) -> str:
    rows: Any = AgentSkill.objects.filter(user=person).select_related("skill").order_by("skill__name")
    return ", ".join(f"{row.skill.name} {row.level}" for row in rows)


def _not_so(field: str, message: str) -> Invalid:
    return Invalid(message, fields={field: message})
