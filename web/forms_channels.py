"""Forms of connecting and setting channels. They know types and choices; the services decide."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from channels import registry
from channels import selectors as channels
from channels.contracts import StreamKind
from channels.services.connection import TERM_LENGTH, TERMS_MAX, Wishes

SECRET = {"autocomplete": "off", "spellcheck": "false"}


class StartForm(forms.Form):
    """Which network, for which brand."""

    kind = forms.ChoiceField(label=_("Network"))
    brand = forms.ModelChoiceField(queryset=channels.brands(), label=_("Brand"), empty_label=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.value, registry.capabilities(kind).label) for kind in registry.ADAPTERS]  # type: ignore[attr-defined]


class KeysForm(forms.Form):
    """The keys of one network. Secret ones are never filled in again."""

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key in registry.connecting(kind).key_fields:
            widget = forms.PasswordInput(SECRET) if key.secret else forms.TextInput(SECRET)
            self.fields[key.name] = forms.CharField(
                label=_(key.label), help_text=_(key.help), widget=widget, required=key.required, max_length=2000
            )


class SettingsForm(forms.Form):
    """What is set for a channel of one network."""

    terms = forms.CharField(
        label=_("Brand words without an @"),
        required=False,
        max_length=TERMS_MAX * (TERM_LENGTH + 2),
        widget=forms.Textarea({"rows": 3}),
        help_text=_("One word or phrase per line. Each found post costs like a mention."),
    )
    budget = forms.DecimalField(
        label=_("Budget for reading, US dollars a month"),
        required=False,
        min_value=Decimal(0),
        max_digits=10,
        decimal_places=2,
        help_text=_("Reading slows down at 70 and 90 percent and stops at 100. Empty: no end."),
    )

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        capabilities = registry.capabilities(kind)
        if StreamKind.SEARCH not in capabilities.streams:
            del self.fields["terms"]
        if not capabilities.prices:
            del self.fields["budget"]
        self.switches = registry.connecting(kind).switches
        for switch in self.switches:
            self.fields[switch.name] = forms.BooleanField(
                label=_(switch.label), help_text=_(switch.help), required=False
            )

    def wishes(self) -> Wishes:
        """What was typed, for the service."""
        return Wishes(
            terms=tuple(self.cleaned_data.get("terms", "").splitlines()),
            budget=self.cleaned_data.get("budget"),
            on=frozenset(switch.name for switch in self.switches if self.cleaned_data.get(switch.name)),
        )


class ConfirmForm(SettingsForm):
    """How far back the first reading goes, beside the settings."""

    days = forms.TypedChoiceField(label=_("Start"), coerce=int, initial=0, widget=forms.RadioSelect)
    field_order = ("days",)

    def __init__(self, *args: Any, choices: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["days"].choices = choices  # type: ignore[attr-defined]
