"""The form of notices and quiet hours."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from routing.models.attention import Attention
from routing.notice_kinds import Cause
from routing.selectors.attention import Shown
from routing.services.attention import Wishes

WAYS = ("told", "mailed", "pushed")
HOURS = [(hour, f"{hour:02}:00") for hour in range(24)]


def _causes(label: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=Cause.choices, required=False, widget=forms.CheckboxSelectMultiple
    )


def _clock(label: Any, help_text: Any = "") -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, required=False, widget=widget, help_text=help_text)


class AttentionForm(forms.Form):
    """What one is told, by which way, and when not."""

    told = _causes(_("Here"))
    sound = forms.BooleanField(label=_("Play a short tone when something new comes"), required=False)
    quiet_from = _clock(
        _("Quiet from"), _("Nothing sounds, counts in the window’s title, is mailed or rings on a device until then.")
    )
    quiet_until = _clock(_("Quiet until"))
    digest = forms.ChoiceField(label=_("Letter with what I have not read"), choices=Attention.Digest.choices)
    digest_hour = forms.TypedChoiceField(label=_("Once a day at"), choices=HOURS, coerce=int, initial=8)
    mailed = _causes(_("In the letter"))
    pushed = _causes(_("On my devices"))

    def __init__(self, *args: Any, pushes: bool, **kwargs: Any) -> None:
        """`pushes`: whether there is anything to choose of devices."""
        super().__init__(*args, **kwargs)
        if not pushes:
            del self.fields["pushed"]

    @property
    def ways(self) -> list[forms.BoundField]:
        """The ways to be told, each a column of the grid."""
        return [self[name] for name in WAYS if name in self.fields]

    @property
    def grid(self) -> list[dict[str, Any]]:
        """A line per cause: its words, and a box for each way to be told."""
        ways = self.ways
        return [
            {
                "label": line[0].choice_label,
                "boxes": [{"box": box.data, "way": way.label} for box, way in zip(line, ways, strict=True)],
            }
            for line in zip(*ways, strict=True)
        ]

    @property
    def others(self) -> list[forms.BoundField]:
        """All fields but those of the grid."""
        return [field for field in self if field.name not in WAYS]

    def wishes(self) -> Wishes:
        """As the service wants them; valid forms only."""
        return Wishes(**self.cleaned_data)


def initial(shown: Shown) -> dict[str, Any]:
    """What is in force."""
    quiet_from, quiet_until = shown.habits.quiet or (None, None)
    return {
        "told": sorted(shown.told),
        "mailed": sorted(shown.mailed),
        "pushed": sorted(shown.pushed),
        "sound": shown.habits.sound,
        "quiet_from": quiet_from,
        "quiet_until": quiet_until,
        "digest": shown.habits.digest,
        "digest_hour": shown.habits.digest_hour,
    }
