"""Parts of forms that several pages have."""

from __future__ import annotations

from typing import Any

from django import forms

LONGEST_LIST = 4000
"""Characters of a list of words as it is typed."""


def words_field(label: Any, help_text: Any) -> forms.CharField:
    """A list of words or phrases with commas between."""
    area = forms.Textarea(attrs={"rows": 4})
    return forms.CharField(label=label, required=False, max_length=LONGEST_LIST, widget=area, help_text=help_text)
