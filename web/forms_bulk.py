"""Forms of acts on many conversations: what each act needs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inbox.models.conversation import Conversation
from inbox.selectors import desks
from routing.services.handoff import LIMITS
from web.forms_inbox import DISPOSITIONS


class ActForm(forms.Form):
    """What an act needs; the keys go into its first field at once."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for field in list(self.fields.values())[:1]:
            field.widget.attrs["autofocus"] = True


class AssignForm(forms.Form):
    """To whom; drawn as one button for each."""

    agent = forms.IntegerField()


class TagsForm(ActForm):
    """Which words come and go."""

    add = forms.CharField(
        label=_("Add"), required=False, max_length=200, help_text=_("Several with commas between: refund, baggage")
    )
    remove = forms.CharField(label=_("Remove"), required=False, max_length=200)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        return {side: [word for word in given.get(side, "").split(",") if word.strip()] for side in ("add", "remove")}


class PriorityForm(ActForm):
    """How urgent."""

    priority = forms.TypedChoiceField(label=_("Priority"), choices=Conversation.Priority.choices, coerce=int)


class LaterForm(ActForm):
    """Until when."""

    until = forms.DateTimeField(
        label=_("Until"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )


class EndForm(ActForm):
    """How it ended."""

    disposition = forms.ChoiceField(label=_("How it ended"), choices=[*DISPOSITIONS, ("spam", _("Spam"))])
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=500, help_text=_("Needed where nobody was answered.")
    )


class MoveForm(ActForm):
    """Where to."""

    queue = forms.TypedChoiceField(label=_("To"), coerce=int)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        lanes = [(one.pk, f"{one.desk.name}: {one.name}") for one in desks.queues()]
        self.fields["queue"].choices = lanes  # type: ignore[attr-defined]


class HandOffForm(MoveForm):
    """Where to, and why."""

    reason = forms.CharField(label=_("Why"), max_length=LIMITS["reason"])
    ask = forms.CharField(label=_("What they should do"), required=False, max_length=LIMITS["ask"])


FORMS: dict[str, type[forms.Form]] = {
    "claim": forms.Form,
    "assign": AssignForm,
    "release": forms.Form,
    "tag": TagsForm,
    "priority": PriorityForm,
    "snooze": LaterForm,
    "resolve": EndForm,
    "hand_off": HandOffForm,
    "move": MoveForm,
}
