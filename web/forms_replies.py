"""Forms of saved replies."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import selectors as accounts
from inbox.models.reply import SavedReply
from inbox.models.shared import Shared
from inbox.policies import Access
from inbox.reply_variables import VARIABLES
from inbox.services.saved_replies import AT_MOST, TEXT_LENGTH, Wording
from inbox.services.sharing import Sharing
from web.form_parts import offer, one_of
from web.forms_kept import KeptForm, PlacedForm, kept_initial, placed_initial

TOO_LONG_FOR_AN_ID = 18


class SharedForm(KeptForm):
    """With whom it is shared."""

    shared = forms.ChoiceField(
        label=_("Who uses it"), choices=Shared.With.choices, widget=forms.RadioSelect, initial=Shared.With.ME
    )
    team = one_of(_("Team"), required=False, empty_label=_("None"), help_text=_("Where one team uses it."))

    def __init__(self, *args: Any, rights: Access, **kwargs: Any) -> None:
        super().__init__(*args, rights=rights, **kwargs)
        offer(self, "team", accounts.teams(None if rights.is_administrator else rights.team_ids))
        choices = [one for one in Shared.With.choices if one[0] != Shared.With.EVERYBODY or _writes_for_all(rights)]
        self.fields["shared"].choices = choices  # type: ignore[attr-defined]

    def sharing(self) -> Sharing:
        """With whom."""
        team = self.cleaned_data["team"]
        return Sharing(self.cleaned_data["shared"], team.pk if team else None, self.brand_id())


def _writes_for_all(rights: Access) -> bool:
    return rights.keeps(Shared.With.EVERYBODY, team_id=None, owner_id=None)


class SavedReplyForm(PlacedForm, SharedForm):
    """A text with variables, and where it is offered."""

    text = forms.CharField(
        label=_("Text"),
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
        help_text=_("In braces what is filled in: %s.") % ", ".join(f"{{{name}}}" for name in VARIABLES),
    )
    field_order = (
        *("name", "text", "shared", "team", "brand"),
        *("queues", "networks", "language", "seen"),
    )

    def wording(self) -> Wording:
        """What it says and where."""
        return Wording(self.cleaned_data["name"], self.cleaned_data["text"], **self.placed())


def shared_initial(row: Shared) -> dict[str, Any]:
    """The fields of `SharedForm` as they stand."""
    return {**kept_initial(row), "shared": row.shared, "team": row.team_id}


def reply_initial(row: SavedReply) -> dict[str, Any]:
    """The fields of `SavedReplyForm` as they stand."""
    return {**shared_initial(row), **placed_initial(row), "text": row.text}


def ids_of(given: list[str]) -> list[int]:
    """The ids among what a form sent along; what is none is passed over."""
    return [int(one) for one in given[:AT_MOST] if one.isdecimal() and len(one) < TOO_LONG_FOR_AN_ID]
