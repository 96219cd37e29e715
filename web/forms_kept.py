"""What the forms of saved replies, macros and rules of the brand's voice have in common."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from channels import registry
from channels import selectors as channels
from inbox.policies import Access
from inbox.selectors import desks
from inbox.services.sharing import NAME_LENGTH
from routing.selectors import languages
from web.form_parts import offer, one_of, several_of


class KeptForm(forms.Form):
    """A name, and under which brand."""

    name = forms.CharField(label=_("Name"), max_length=NAME_LENGTH)
    brand = one_of(_("Brand"), required=False, empty_label=_("All brands"))
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, rights: Access, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "brand", channels.brands(rights.brand_ids))

    def shown_again(self, revision: int) -> None:
        """The next save is meant to replace this revision, which the person has been told of."""
        self.data = {**self.data.dict(), **_lists(self), "seen": str(revision)}  # type: ignore[attr-defined]

    def brand_id(self) -> int | None:
        """None = all brands."""
        brand = self.cleaned_data["brand"]
        return brand.pk if brand else None


def _lists(form: forms.Form) -> dict[str, list[str]]:
    several = [name for name, field in form.fields.items() if isinstance(field.widget, forms.CheckboxSelectMultiple)]
    return {name: form.data.getlist(name) for name in several}  # type: ignore[attr-defined]


def _languages() -> list[tuple[str, str]]:
    """None in particular, then as the reader calls them, in the order of their names."""
    return [("", str(_("Any language"))), *sorted(languages.names().items(), key=lambda one: one[1])]


class PlacedForm(KeptForm):
    """Where alone it is offered or holds."""

    queues = several_of(_("Only in these queues"))
    networks = forms.MultipleChoiceField(
        label=_("Only on these networks"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(kind.value, network.capabilities.label) for kind, network in registry.ADAPTERS.items()],
    )
    language = forms.ChoiceField(label=_("Only for this language"), required=False, choices=_languages)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "queues", desks.queues())

    def placed(self) -> dict[str, Any]:
        """As the services call it."""
        given = self.cleaned_data
        queues = [queue.pk for queue in given["queues"]]
        return {"queue_ids": queues, "networks": given["networks"], "language": given["language"]}


def kept_initial(row: Any) -> dict[str, Any]:
    """The fields of `KeptForm` as they stand."""
    return {"name": row.name, "brand": row.brand_id, "seen": row.revision}


def placed_initial(row: Any) -> dict[str, Any]:
    """The fields of `PlacedForm` as they stand."""
    queues = [queue.pk for queue in row.queues.all()]
    return {**kept_initial(row), "queues": queues, "networks": row.networks, "language": row.language}
