"""Forms of saved replies."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import selectors as accounts
from channels import registry
from channels import selectors as channels
from inbox.models.reply import SavedReply
from inbox.models.shared import Shared
from inbox.policies import Access
from inbox.reply_variables import VARIABLES
from inbox.selectors import desks
from inbox.services.saved_replies import AT_MOST, TEXT_LENGTH, Wording
from inbox.services.sharing import NAME_LENGTH, Sharing
from routing.triage.language import NAMES
from web.form_parts import offer, one_of, several_of

TOO_LONG_FOR_AN_ID = 18


class SharedForm(forms.Form):
    """A name, with whom it is shared, and under which brand."""

    name = forms.CharField(label=_("Name"), max_length=NAME_LENGTH)
    shared = forms.ChoiceField(
        label=_("Who uses it"), choices=Shared.With.choices, widget=forms.RadioSelect, initial=Shared.With.ME
    )
    team = one_of(_("Team"), required=False, empty_label=_("None"), help_text=_("Where one team uses it."))
    brand = one_of(_("Brand"), required=False, empty_label=_("All brands"))
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, rights: Access, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "team", accounts.teams(None if rights.is_administrator else rights.team_ids))
        offer(self, "brand", channels.brands(rights.brand_ids))
        choices = [one for one in Shared.With.choices if one[0] != Shared.With.EVERYBODY or _writes_for_all(rights)]
        self.fields["shared"].choices = choices  # type: ignore[attr-defined]

    def sharing(self) -> Sharing:
        """With whom."""
        team, brand = self.cleaned_data["team"], self.cleaned_data["brand"]
        return Sharing(self.cleaned_data["shared"], team.pk if team else None, brand.pk if brand else None)

    def shown_again(self, revision: int) -> None:
        """The next save is meant to replace this revision, which the person has been told of."""
        self.data = {**self.data.dict(), **_lists(self), "seen": str(revision)}  # type: ignore[attr-defined]


def _lists(form: forms.Form) -> dict[str, list[str]]:
    several = [name for name, field in form.fields.items() if isinstance(field.widget, forms.CheckboxSelectMultiple)]
    return {name: form.data.getlist(name) for name in several}  # type: ignore[attr-defined]


def _writes_for_all(rights: Access) -> bool:
    return rights.keeps(Shared.With.EVERYBODY, team_id=None, owner_id=None)


class SavedReplyForm(SharedForm):
    """A text with variables, and where it is offered."""

    text = forms.CharField(
        label=_("Text"),
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
        help_text=_("In braces what is filled in: %s.") % ", ".join(f"{{{name}}}" for name in VARIABLES),
    )
    queues = several_of(_("Only in these queues"))
    networks = forms.MultipleChoiceField(
        label=_("Only on these networks"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(kind.value, network.capabilities.label) for kind, network in registry.ADAPTERS.items()],
    )
    language = forms.ChoiceField(
        label=_("Only for this language"), required=False, choices=[("", _("Any language")), *NAMES.items()]
    )
    field_order = ("name", "text", "shared", "team", "brand", "queues", "networks", "language", "seen")

    def __init__(self, *args: Any, rights: Access, **kwargs: Any) -> None:
        super().__init__(*args, rights=rights, **kwargs)
        offer(self, "queues", desks.queues())

    def wording(self) -> Wording:
        """What it says and where."""
        given = self.cleaned_data
        queues = [queue.pk for queue in given["queues"]]
        return Wording(given["name"], given["text"], queues, given["networks"], given["language"])


def shared_initial(row: Shared) -> dict[str, Any]:
    """The fields of `SharedForm` as they stand."""
    return {"name": row.name, "shared": row.shared, "team": row.team_id, "brand": row.brand_id, "seen": row.revision}


def reply_initial(row: SavedReply) -> dict[str, Any]:
    """The fields of `SavedReplyForm` as they stand."""
    queues = [queue.pk for queue in row.queues.all()]
    more = {"text": row.text, "queues": queues, "networks": row.networks, "language": row.language}
    return {**shared_initial(row), **more}


def ids_of(given: list[str]) -> list[int]:
    """The ids among what a form sent along; what is none is passed over."""
    return [int(one) for one in given[:AT_MOST] if one.isdecimal() and len(one) < TOO_LONG_FOR_AN_ID]
