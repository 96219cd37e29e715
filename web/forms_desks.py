"""Forms of queues, people and what is asked of them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from routing.assignment import HIGHEST, LOWEST
from routing.models.handoff import Handoff
from routing.models.staffing import QueueStaffing, Skill
from web.form_parts import offer, one_of
from web.forms_inbox import HandoffForm, ToQueueForm

LEVELS = [(str(level), str(level)) for level in range(LOWEST, HIGHEST + 1)]
DAYS = (
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
)


class EscalateForm(HandoffForm):
    """Asking another queue urgently."""

    field_order = ("queue", "urgency", "within", "reason", "summary", "ask")
    urgency = forms.TypedChoiceField(
        label=_("How urgent"), choices=Handoff.Urgency.choices, coerce=int, initial=Handoff.Urgency.HIGH
    )
    within = forms.IntegerField(label=_("Minutes to acknowledge it"), initial=30, min_value=1, max_value=1440)


class ContentForm(ToQueueForm):
    """Asking for content."""

    queue = one_of(_("From"), empty_label=_("Choose a queue"))
    ask = forms.CharField(label=_("What you need"), max_length=500, widget=forms.Textarea)


class SkipForm(forms.Form):
    """Why one leaves what one was given."""

    kept_by = ()
    reason = forms.CharField(label=_("Why"), max_length=300)


class SkillsForm(forms.Form):
    """A form with a level for each skill; empty = none."""

    def __init__(self, *args: Any, skills: list[Skill], levels: dict[int, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._skills = skills
        for skill in skills:
            self.fields[f"skill_{skill.pk}"] = forms.ChoiceField(
                label=_("%(skill)s, level %(low)s to %(high)s") % {"skill": skill.name, "low": LOWEST, "high": HIGHEST},
                choices=[("", "–"), *LEVELS],
                required=False,
                initial=str(levels.get(skill.pk, "")),
            )

    def levels(self) -> dict[int, int]:
        """Level by id of the skill, as chosen."""
        chosen = {skill.pk: self.cleaned_data.get(f"skill_{skill.pk}") for skill in self._skills}
        return {pk: int(level) for pk, level in chosen.items() if level}


class StaffingForm(SkillsForm):
    """How a queue finds its people."""

    mode = forms.ChoiceField(label=_("How work finds people"), choices=QueueStaffing.Mode.choices)
    same_agent_days = forms.IntegerField(
        label=_("Same person again within days"),
        required=False,
        min_value=1,
        max_value=365,
        help_text=_("Who answered this contact before is preferred where it stays fair. Empty: nobody is."),
    )
    language_level = forms.ChoiceField(
        label=_("Level in the contact’s language"),
        choices=[("", _("Not asked for")), *LEVELS],
        required=False,
        help_text=_("1 is a little, 5 as well as anybody."),
    )
    lane_queue = one_of(_("Who has the first refusal of what spreads"), required=False, empty_label=_("Nobody"))
    lane_followers = forms.IntegerField(
        label=_("From so many followers on"), required=False, min_value=1, max_value=10**9
    )
    lane_per_hour = forms.IntegerField(
        label=_("From so many messages an hour on"), required=False, min_value=1, max_value=10**9
    )
    lane_minutes = forms.IntegerField(label=_("For so many minutes"), initial=15, min_value=1, max_value=1440)

    def __init__(self, *args: Any, queues: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "lane_queue", queues)


class PersonForm(SkillsForm):
    """What somebody takes and can, and when they work."""

    capacity = forms.IntegerField(label=_("Open conversations at a time"), min_value=0, max_value=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for weekday, name in enumerate(DAYS):
            self.fields[f"day_{weekday}"] = forms.CharField(
                label=name,
                required=False,
                max_length=80,
                widget=forms.TextInput(attrs={"placeholder": "09:00–17:00"}),
                help_text=_("Several are parted by commas. All days empty: whenever they say so.")
                if not weekday
                else "",
            )

    def clean(self) -> dict[str, Any]:
        for weekday in range(7):
            name = f"day_{weekday}"
            try:
                self.cleaned_data[name] = read_hours(self.cleaned_data.get(name, ""))
            except ValueError:
                self.add_error(name, _("Write hours as 09:00–12:00, 13:00–17:30."))
        return self.cleaned_data

    def periods(self) -> list[tuple[int, int, int]]:
        """(weekday, start, end) in minutes."""
        return [(day, *span) for day in range(7) for span in self.cleaned_data[f"day_{day}"]]


def read_hours(words: str) -> list[tuple[int, int]]:
    """Spans in minutes; an end before its start is on the next day. Raises: ValueError."""
    spans = []
    for part in filter(None, (one.strip() for one in words.replace("–", "-").split(","))):
        start, end = (_minutes(one) for one in part.split("-"))
        spans.append((start, end if end > start else end + 1440))
    return spans


def _minutes(words: str) -> int:
    hours, minutes = (int(one) for one in words.strip().split(":"))
    if not (0 <= hours <= 24 and 0 <= minutes < 60 and hours * 60 + minutes <= 1440):
        raise ValueError(words)
    return hours * 60 + minutes


def written_hours(spans: list[tuple[int, int]]) -> str:
    """The other way round."""
    return ", ".join(f"{_clock(start)}–{_clock(end)}" for start, end in spans)


def _clock(minutes: int) -> str:
    minutes = minutes - 1440 if minutes > 1440 else minutes
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


class SkillForm(forms.Form):
    """A new skill."""

    name = forms.CharField(label=_("Skill"), max_length=60)
    language = forms.CharField(
        label=_("Language code"), required=False, max_length=3, help_text=_("Such as de, where it is a language.")
    )
