"""Forms of saved views."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.selectors import teams_of
from inbox.models.view import SavedView
from inbox.services.views import NAME_LENGTH, QUERY_LENGTH
from web.access import access, person
from web.search_rows import ORDERS

Audience = SavedView.Audience


def audiences(request: HttpRequest) -> list[tuple[str, str]]:
    """With whom this person may share; the value of a team carries its id."""
    rights = access(request)
    teams = [(f"{Audience.TEAM.value}:{team.pk}", team.name) for team in teams_of(person(request))]
    leads = rights.is_administrator or rights.supervised_queue_ids
    return [(Audience.PRIVATE.value, _("Only me")), *teams, *([(Audience.ALL.value, _("Everybody"))] if leads else [])]


class ViewForm(forms.Form):
    """A search under a name."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=NAME_LENGTH)
    query = forms.CharField(
        label=gettext_lazy("What it shows"),
        required=False,
        max_length=QUERY_LENGTH,
        help_text=gettext_lazy("As in the search box: is:open queue:care mood:negative"),
    )
    sort = forms.ChoiceField(
        label=gettext_lazy("Order"),
        required=False,
        choices=[("", gettext_lazy("As usual")), *((order.value, label) for order, label in ORDERS)],
    )
    audience = forms.ChoiceField(label=gettext_lazy("Who sees it"))

    def __init__(self, *args: Any, audiences: Sequence[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["audience"].choices = audiences  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """As the service takes them."""
        audience, _colon, team = self.cleaned_data["audience"].partition(":")
        given = {name: self.cleaned_data[name] for name in ("name", "sort")}
        return {**given, "text": self.cleaned_data["query"], "audience": audience, "team": int(team) if team else None}
