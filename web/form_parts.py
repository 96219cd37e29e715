"""Parts of forms that several pages have."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

LONGEST_LIST = 4000
"""Characters of a list of words as it is typed."""


def one_of(label: Any, **kwargs: Any) -> forms.ModelChoiceField[Any]:
    """A field that names one row of those that the form offers."""
    return forms.ModelChoiceField(None, label=label, **kwargs)


def several_of(label: Any, **kwargs: Any) -> forms.ModelMultipleChoiceField[Any]:
    """A box to tick for each row that the form offers; none is fine."""
    boxes = forms.CheckboxSelectMultiple
    return forms.ModelMultipleChoiceField(None, label=label, required=False, widget=boxes, **kwargs)


def offer(form: forms.Form, name: str, rows: QuerySet[Any]) -> None:
    """What can be chosen in a field that names a row; a field without this offers nothing."""
    form.fields[name].queryset = rows  # type: ignore[attr-defined]


def words_field(label: Any, help_text: Any) -> forms.CharField:
    """A list of words or phrases with commas between."""
    area = forms.Textarea(attrs={"rows": 4})
    return forms.CharField(label=label, required=False, max_length=LONGEST_LIST, widget=area, help_text=help_text)
