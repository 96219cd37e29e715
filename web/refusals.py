"""The domain's refusals in forms: which field, which sentence, which status."""

from __future__ import annotations

from collections.abc import Mapping

from django.forms import BaseForm

from core.errors import SocialCareError
from core.wording import said


def refuse(form: BaseForm, error: SocialCareError, *, renamed: Mapping[str, str] | None = None) -> int:
    """Write the refusal into a bound form, to be shown again; returns the HTTP status of the answer.

    Args:
        renamed: the service's name of a field → the form's, where they differ.
    """
    named = {(renamed or {}).get(name, name): words for name, words in error.fields.items()}
    known = {name: said(words) for name, words in named.items() if name in form.fields}
    for name, words in known.items():
        form.add_error(name, words)
    if not known:
        form.add_error(None, said(error.message))
    return error.http_status
