"""Forms of the brand's voice: a rule of one kind, and trying the rules on a text."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from channels import registry
from channels import selectors as channels
from inbox.models.message import Message
from inbox.models.voice import VoiceRule
from inbox.policies import Access
from inbox.selectors import desks
from inbox.services.voice_rules import LONGEST_GUIDELINE, LONGEST_URL, Wanted
from inbox.voice import rules
from inbox.voice.rules import LARGEST, SIGNED_WITH, Terms
from web.form_parts import LONGEST_LIST, offer, one_of
from web.forms_kept import PlacedForm, placed_initial

MARK = "="
LONGEST_TRIAL = 5_000
_AVOID = {
    "label": _("Words to avoid"),
    "help_text": _("One a line; after “=” what to say instead: guys = everybody"),
}
_MAY = {"label": _("Words that may"), "help_text": _("One a line, such as names of flights."), "required": False}
_PATTERN = {
    "label": _("Pattern"),
    "help_text": _("A regular expression as RE2 knows them; capitals do not count."),
}
_SIGNS = {
    "label": _("Signature"),
    "help_text": _("In braces what is filled in: %s.") % ", ".join(f"{{{name}}}" for name in SIGNED_WITH),
}
# What a kind asks for, in words of its own.
ASKED: dict[str, dict[str, dict[str, Any]]] = {
    rules.WORDS: {"words": _AVOID},
    rules.PATTERN: {"form": _PATTERN},
    rules.CAPITALS: {"most": {"label": _("Letters that a word in capitals may have")}, "words": _MAY},
    rules.SENTENCE: {"most": {"label": _("Words that a sentence may have")}},
    rules.EXCLAMATIONS: {"most": {"label": _("Exclamation marks that an answer may have")}},
    rules.HASHTAGS: {"most": {"label": _("Hashtags that an answer may have")}},
    rules.EMOJI: {"most": {"label": _("Emoji that an answer may have")}},
    rules.SIGNATURE: {"form": _SIGNS},
    rules.NO_SIGNATURE: {"form": _SIGNS},
}


class VoiceRuleForm(PlacedForm):
    """One rule: its terms, the guideline, and where it holds. `kind` decides which terms there are."""

    words = forms.CharField(max_length=LONGEST_LIST * 4, widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}))
    most = forms.IntegerField(min_value=0, max_value=max(LARGEST.values()))
    form = forms.CharField(max_length=200, widget=forms.TextInput(attrs={"dir": "auto"}))
    guideline = forms.CharField(
        label=_("Guideline"),
        max_length=LONGEST_GUIDELINE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("Whoever breaks the rule reads this."),
    )
    url = forms.CharField(
        label=_("Where it stands"), max_length=LONGEST_URL, required=False, help_text=_("An address, https://…")
    )
    asks = forms.ChoiceField(
        label=_("Before sending"),
        choices=[("", _("Only say it")), ("1", _("Ask once whether it shall go out so"))],
        widget=forms.RadioSelect,
        required=False,
    )
    visibility = forms.ChoiceField(
        label=_("In public or in private"), required=False, choices=[("", _("Both")), *Message.Visibility.choices]
    )
    field_order = (
        *("name", "words", "most", "form", "guideline", "url", "asks"),
        *("brand", "queues", "networks", "language", "visibility", "seen"),
    )

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        asked = ASKED.get(kind, {})
        for name in ("words", "most", "form"):
            if name not in asked:
                del self.fields[name]
        for name, words in asked.items():
            for attribute, value in words.items():
                setattr(self.fields[name], attribute, value)

    def wanted(self) -> Wanted:
        """The rule as it was written."""
        given = self.cleaned_data
        terms = Terms(tuple(_pairs(given.get("words", ""))), given.get("most"), given.get("form", ""))
        names = ("name", "guideline", "url", "visibility")
        said = {name: given[name] for name in names}
        return Wanted(
            kind=self.kind, terms=terms, asks=bool(given["asks"]), brand_id=self.brand_id(), **said, **self.placed()
        )


def _pairs(text: str) -> list[tuple[str, str]]:
    lines = [line.partition(MARK) for line in text.splitlines() if line.strip()]
    return [(avoid.strip(), instead.strip()) for avoid, _mark, instead in lines]


def rule_initial(row: VoiceRule) -> dict[str, Any]:
    """The fields of `VoiceRuleForm` as they stand."""
    words = "\n".join(f"{avoid} {MARK} {instead}" if instead else avoid for avoid, instead in row.words)
    names = ("most", "form", "guideline", "url", "visibility")
    said = {name: getattr(row, name) for name in names}
    return {**placed_initial(row), **said, "words": words, "asks": "1" if row.asks else ""}


class TrialForm(forms.Form):
    """A text to try the rules on, and where it would be written."""

    brand = one_of(_("Brand"), empty_label=None)
    network = forms.ChoiceField(
        label=_("Network"),
        choices=[(kind.value, network.capabilities.label) for kind, network in registry.ADAPTERS.items()],
    )
    queue = one_of(_("Queue"), required=False, empty_label=_("None in particular"))
    visibility = forms.ChoiceField(label=_("Who sees it"), choices=Message.Visibility.choices)
    text = forms.CharField(
        label=_("Text"),
        max_length=LONGEST_TRIAL,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )

    def __init__(self, *args: Any, rights: Access, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "brand", channels.brands(rights.brand_ids))
        offer(self, "queue", desks.queues())

    def place(self) -> dict[str, Any]:
        """As `checking.try_on` calls it."""
        given = self.cleaned_data
        queue = given["queue"].pk if given["queue"] else None
        return {
            "brand": given["brand"].pk,
            "network": given["network"],
            "queue": queue,
            "visibility": given["visibility"],
        }
