"""Forms of promises and hours. They read what people write; the services decide."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import selectors as accounts
from channels import selectors as channels
from inbox.models.conversation import Conversation
from inbox.selectors import desks
from routing import hours_text
from routing.calendar import Period
from routing.models.sla import ClockKind, SlaVersion
from routing.selectors import targets as policies
from routing.services.hours import Holiday, Week
from routing.services.targets import LONGEST_REASON, Scope, Terms
from web.form_parts import offer, one_of, several_of
from web.lengths import read_minutes, write_minutes

PRIORITIES = [(None, gettext_lazy("Every priority")), *Conversation.Priority.choices]


def target_name(kind: str, priority: int | None) -> str:
    """The form's name for one promise: `first`, `first_1`."""
    return kind if priority is None else f"{kind}_{priority}"


class LengthField(forms.CharField):
    """A length of time in words; empty = none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=30, **kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        minutes = read_minutes(text)
        if minutes is None:
            raise forms.ValidationError(_("“%s” is no length of time. Write it as 15 min, 1 h or 2 d.") % text)
        return minutes


class TermsForm(forms.Form):
    """What a policy says. The grid of promises is `grid`."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    hours = one_of(gettext_lazy("Counted in"), required=False, empty_label=gettext_lazy("Calendar time, day and night"))
    pause_pending = forms.BooleanField(
        label=gettext_lazy("Stands still while it waits for the contact"), required=False
    )
    pause_snoozed = forms.BooleanField(label=gettext_lazy("Stands still while it is snoozed"), required=False)
    warn_percent = forms.IntegerField(
        label=gettext_lazy("At risk when this share of the time is left, in percent"), min_value=1, max_value=90
    )
    tell_owner = forms.BooleanField(label=gettext_lazy("Tell its owner"), required=False)
    told = several_of(gettext_lazy("Also tell"))
    on_breach = forms.ChoiceField(
        label=gettext_lazy("When it is late"), choices=SlaVersion.OnBreach.choices, widget=forms.RadioSelect
    )
    move_to = one_of(gettext_lazy("Where it moves"), required=False, empty_label="–")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "hours", policies.hours_by_name())
        offer(self, "move_to", desks.queues())
        offer(self, "told", accounts.colleagues())
        for kind, label in ClockKind.choices:
            for priority, words in PRIORITIES:
                self.fields[target_name(kind, priority)] = LengthField(label=f"{label}: {words}")

    @property
    def grid(self) -> list[dict[str, Any]]:
        """A line per promise: its label, and a field per priority."""
        return [
            {"label": label, "fields": [self[target_name(kind, priority)] for priority, _words in PRIORITIES]}
            for kind, label in ClockKind.choices
        ]

    @property
    def columns(self) -> list[str]:
        return [str(words) for _value, words in PRIORITIES]

    def terms(self) -> Terms:
        """What was written; valid forms only."""
        data = self.cleaned_data
        minutes = {
            (kind, priority): data[target_name(kind, priority)]
            for kind, _label in ClockKind.choices
            for priority, _words in PRIORITIES
        }
        moves = data["on_breach"] == SlaVersion.OnBreach.MOVE
        return Terms(
            targets={key: value for key, value in minutes.items() if value is not None},
            hours_id=data["hours"].pk if data["hours"] else None,
            pause_pending=data["pause_pending"],
            pause_snoozed=data["pause_snoozed"],
            warn_percent=data["warn_percent"],
            on_breach=data["on_breach"],
            move_to_id=data["move_to"].pk if moves and data["move_to"] else None,
            tell_owner=data["tell_owner"],
            told_ids=frozenset(person.pk for person in data["told"]),
        )


class NewTargetsForm(TermsForm):
    """A policy to be, with whom it is for."""

    queue = one_of(gettext_lazy("Queue"), required=False, empty_label=gettext_lazy("Every queue"))
    channel = one_of(gettext_lazy("Channel"), required=False, empty_label=gettext_lazy("Every channel"))
    by_rule = forms.BooleanField(label=gettext_lazy("Only where a rule chooses it"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "queue", desks.queues())
        offer(self, "channel", channels.by_name())

    def scope(self) -> Scope:
        """Whom it is for."""
        data = self.cleaned_data
        queue, channel = data["queue"], data["channel"]
        return Scope(queue.pk if queue else None, channel.pk if channel else None, data["by_rule"])


class ChangeTargetsForm(TermsForm):
    """A policy as it is to be from now on."""

    lengthen_because = forms.CharField(
        label=gettext_lazy("Why what runs already may get more time"),
        max_length=LONGEST_REASON,
        required=False,
        help_text=gettext_lazy("Stricter counts at once. Looser counts for what comes, unless you give a reason here."),
    )


def initial(terms: Terms, name: str) -> dict[str, Any]:
    """A policy's values for its form."""
    lengths = {target_name(*key): write_minutes(minutes) for key, minutes in terms.targets.items()}
    return {
        "name": name,
        "hours": terms.hours_id,
        "pause_pending": terms.pause_pending,
        "pause_snoozed": terms.pause_snoozed,
        "warn_percent": terms.warn_percent,
        "on_breach": terms.on_breach,
        "move_to": terms.move_to_id,
        "tell_owner": terms.tell_owner,
        "told": list(terms.told_ids),
        **lengths,
    }


class HoursForm(forms.Form):
    """Hours as people write them: a line per weekday."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    zone = forms.ChoiceField(label=gettext_lazy("Time zone"))
    holidays = forms.CharField(
        label=gettext_lazy("Holidays"),
        required=False,
        max_length=40_000,
        widget=forms.Textarea({"rows": 6}),
        help_text=gettext_lazy("One a line, as 2026-12-25 Christmas Day."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["zone"].choices = [(zone, zone) for zone in sorted(available_timezones())]  # type: ignore[attr-defined]
        for number, label in WEEKDAYS.items():
            self.fields[f"day_{number}"] = forms.CharField(label=label, required=False, max_length=200)

    @property
    def days(self) -> list[Any]:
        return [self[f"day_{number}"] for number in WEEKDAYS]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        periods: list[Period] = []
        for number in WEEKDAYS:
            try:
                periods += hours_text.read_day(data.get(f"day_{number}", ""), number)
            except hours_text.Unreadable as error:
                self.add_error(f"day_{number}", str(error))
        try:
            holidays = hours_text.read_holidays(data.get("holidays", ""))
        except hours_text.Unreadable as error:
            self.add_error("holidays", str(error))
            holidays = []
        return {**data, "week": Week(data.get("zone", ""), tuple(periods), tuple(Holiday(*one) for one in holidays))}


def initial_hours(week: Week, name: str) -> dict[str, Any]:
    """Hours for their form."""
    by_day = {
        f"day_{number}": hours_text.write_day(one for one in week.periods if one.weekday == number)
        for number in WEEKDAYS
    }
    holidays = hours_text.write_holidays((one.on, one.name) for one in week.holidays)
    return {"name": name, "zone": week.zone, "holidays": holidays, **by_day}
