"""Forms of setting up, people and one's own account. They know types and choices; the services decide."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts import selectors as accounts
from accounts.event_kinds import KINDS
from accounts.forms import PASSWORD_HELP
from accounts.models import Installation, Role, User
from channels import selectors as channels
from core import wordlists
from inbox.models.queue import Queue
from inbox.selectors import desks
from web.form_parts import offer, one_of, several_of, words_field

NO_TEAM = ("", _("Not in this team"))
TEAM_ROLES = [choice for choice in Role.choices if choice[0] != Role.ADMINISTRATOR]


def _password(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        strip=False,
        max_length=256,
        help_text=PASSWORD_HELP,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class SetupForm(forms.Form):
    """The first administrator."""

    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput({"autocomplete": "name"}))
    email = forms.EmailField(
        label=_("Work email"), max_length=254, widget=forms.EmailInput({"autocomplete": "username"})
    )
    password = _password(_("Password"))


class CompanyForm(forms.Form):
    """The company, and the first name under which it speaks."""

    company = forms.CharField(label=_("Company"), max_length=120)
    brand = forms.CharField(label=_("First brand"), max_length=80, help_text=_("The name under which you speak."))


class DesksForm(forms.Form):
    """What the first queue of each desk is called."""

    def __init__(self, *args: Any, queues: Iterable[Queue], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for queue in queues:
            self.fields[queue.desk.slug] = forms.CharField(
                label=_("Name of its first queue"), max_length=80, initial=queue.name
            )


class NameForm(forms.Form):
    """The name of a team or a brand."""

    name = forms.CharField(label=_("Name"), max_length=80)


class BrandForm(NameForm):
    """A brand's name, what people call it, and what sounds like it."""

    words = words_field(
        _("What people call it"),
        _("Words or phrases with commas between. Its name and the words that you search count."),
    )
    lookalikes = words_field(
        _("Sounds like it, and is something else"),
        _("Phrases with commas between, such as: delta state. Messages that say only these count as noise."),
    )

    def listed(self) -> dict[str, list[str]]:
        """Both lists, word by word."""
        return {name: wordlists.split(self.cleaned_data[name]) for name in ("words", "lookalikes")}


class QueueForm(NameForm):
    """A queue's name and team."""

    team = one_of(_("Team that staffs it"), empty_label=_("Choose a team"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "team", accounts.teams())


class NewQueueForm(QueueForm):
    """A queue to be."""

    desk = one_of(_("Desk"), empty_label=_("Choose a desk"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "desk", desks.desks_alone())


class JoinForm(forms.Form):
    """Accepting an invitation."""

    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput({"autocomplete": "name"}))
    password = _password(_("Choose a password"))


class InviteForm(forms.Form):
    """Somebody new."""

    email = forms.EmailField(label=_("Work email"), max_length=254)
    name = forms.CharField(label=_("Name"), max_length=120, required=False)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.AGENT)
    teams = several_of(_("Teams"))
    brands = several_of(_("Brands"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "teams", accounts.teams())
        offer(self, "brands", channels.brands())


class RightsForm(forms.Form):
    """Role in the installation, role in each team, brands."""

    role = forms.ChoiceField(
        label=_("Role in the installation"),
        choices=[(Role.AGENT, _("Agent: what the teams allow")), (Role.ADMINISTRATOR, Role.ADMINISTRATOR.label)],
        widget=forms.RadioSelect,
    )
    brands = several_of(_("Brands"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "brands", channels.brands())
        for team in accounts.teams():
            self.fields[f"team_{team.pk}"] = forms.ChoiceField(
                label=_("Team %(name)s") % {"name": team.name}, choices=[NO_TEAM, *TEAM_ROLES], required=False
            )

    def roles(self) -> dict[int, str]:
        """Team id → role, of the teams that the person is to be in."""
        teams = {name: role for name, role in self.cleaned_data.items() if name.startswith("team_") and role}
        return {int(name.removeprefix("team_")): role for name, role in teams.items()}


class PolicyForm(forms.Form):
    """Who must have a second factor."""

    mfa_policy = forms.ChoiceField(label=_("Second factor"), choices=Installation.MfaPolicy.choices)


class ProfileForm(forms.Form):
    """One's own profile."""

    name = forms.CharField(label=_("Name"), max_length=120)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=lambda: [(z, z) for z in sorted(available_timezones())])
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("As the browser")), *settings.LANGUAGES]
    )
    theme = forms.ChoiceField(label=_("Theme"), choices=User.Theme.choices)
    single_keys = forms.BooleanField(
        label=_("Single-key shortcuts, such as R to reply"), required=False, widget=forms.CheckboxInput
    )


class TokenForm(forms.Form):
    """What a new API token is for."""

    name = forms.CharField(label=_("What is it for?"), max_length=80)


class AuditFilterForm(forms.Form):
    """What of the audit list to show."""

    person = one_of(_("Person"), required=False, empty_label=_("Everybody"))
    kind = forms.ChoiceField(
        label=_("What"),
        required=False,
        choices=[("", _("Everything")), *((kind.code, kind.code) for kind in KINDS)],
    )
    before = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "person", accounts.everybody())
