"""Forms of triage: what is right about a message, and the organisation's list of issues."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core import wordlists
from inbox.services.issues import NAME_LENGTH
from inbox.services.ownership import REASON_LIMIT
from routing.triage.contracts import CORRECTABLE
from web.form_parts import words_field
from web.triage_rows import TITLES

NOT_ASSESSED = _("Not assessed")


class RightForm(forms.Form):
    """One choice per label, set to what triage said.

    Args:
        labels: those that are asked for.
    """

    def __init__(
        self,
        *args: Any,
        choices: Mapping[str, Mapping[str, str]],
        said: Mapping[str, str],
        labels: Iterable[str] = CORRECTABLE,
        **more: Any,
    ):
        super().__init__(*args, **more)
        self.said = said
        for label in labels:
            known, now = choices[label], said.get(label, "")
            if known:
                blank = [] if now in known else [("", NOT_ASSESSED)]
                self.fields[label] = forms.ChoiceField(
                    label=TITLES[label], choices=[*blank, *known.items()], initial=now, required=now in known
                )

    def changed(self) -> dict[str, str]:
        """The labels that are not as triage said."""
        return {label: value for label, value in self.cleaned_data.items() if value and value != self.said.get(label)}


class CorrectionForm(forms.Form):
    """What is right about one label, chosen with one click."""

    label = forms.ChoiceField(choices=[(one, TITLES[one]) for one in CORRECTABLE])
    value = forms.CharField()


class DoubtForm(forms.Form):
    """Why a rule is wrong about a conversation."""

    rule = forms.IntegerField(min_value=1, max_value=10**9)
    reason = forms.CharField(max_length=REASON_LIMIT)


class IssueForm(forms.Form):
    """One kind of problem."""

    name = forms.CharField(label=_("Name"), max_length=NAME_LENGTH)
    words = words_field(
        _("Words that people write"),
        _("Words or phrases with commas between, such as: late, not arrived, where is my parcel"),
    )

    def listed(self) -> list[str]:
        """The words one by one."""
        return wordlists.split(self.cleaned_data["words"])
