"""Forms of the thread."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inbox.models.conversation import Case
from web.form_parts import offer, one_of

DISPOSITIONS = [choice for choice in Case.Disposition.choices if choice[0] != Case.Disposition.SPAM]


class ResolveForm(forms.Form):
    """Done, and how."""

    kept_by = ()
    disposition = forms.ChoiceField(
        label=_("How it ended"), choices=DISPOSITIONS, widget=forms.RadioSelect, initial=Case.Disposition.ANSWERED
    )
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=500, help_text=_("Needed where nobody was answered.")
    )


class ToQueueForm(forms.Form):
    """What goes to another queue. `queues`: where it may go."""

    queue = one_of(_("To"), empty_label=_("Choose a queue"))

    def __init__(self, *args: Any, queues: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "queue", queues)
        self.queues = queues  # one set for the forms of a page: it is asked for once

    @property
    def kept_by(self) -> tuple[tuple[int, str], ...]:
        """The queues in the list, which is all that differs."""
        return tuple((queue.pk, queue.name) for queue in self.queues)


class HandoffForm(ToQueueForm):
    """Asking another queue."""

    reason = forms.CharField(label=_("Why"), max_length=300)
    summary = forms.CharField(label=_("So far"), required=False, max_length=2000, widget=forms.Textarea)
    ask = forms.CharField(label=_("What they should do"), required=False, max_length=500)


class RecordForm(forms.Form):
    """An answer that was given on the network itself."""

    kept_by = ()
    note = forms.CharField(label=_("Where, and what was said"), required=False, max_length=300)


class SnoozeForm(forms.Form):
    """Until when: one of the choices, or a time of one's own."""

    choice = forms.CharField(required=False, max_length=10)
    until = forms.DateTimeField(required=False, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"])


class TagForm(forms.Form):
    """Words that come and go."""

    add = forms.CharField(required=False, max_length=200)
    remove = forms.CharField(required=False, max_length=40)


def an_answer() -> forms.CharField:
    """The words of an answer, with their spaces."""
    too_long = _("That is longer than any answer may be: at most 20,000 characters. Shorten it.")
    return forms.CharField(required=False, max_length=20_000, strip=False, error_messages={"max_length": too_long})


class ReplyForm(forms.Form):
    """An answer.

    `second`: the visibilities for which the page said that it would be one more; `accepted`: what it asked about;
    `parts`: the posts of the thread that was shown and chosen.
    """

    text = an_answer()
    visibility = forms.ChoiceField(choices=[("public", ""), ("private", "")], required=False)
    client_token = forms.CharField(max_length=100)
    seen = forms.IntegerField(required=False)
    seen_event = forms.IntegerField(required=False, min_value=0, max_value=2**63 - 1)
    account = forms.CharField(required=False, max_length=64)
    in_reply_to = forms.IntegerField(required=False)
    take_over = forms.BooleanField(required=False)
    second = forms.CharField(required=False, max_length=20)
    accepted = forms.CharField(required=False, max_length=4_000)
    parts = forms.IntegerField(required=False, min_value=1, max_value=100)
    resolve = forms.BooleanField(required=False)


class CheckForm(forms.Form):
    """A text that is being written."""

    text = an_answer()
    visibility = forms.ChoiceField(choices=[("public", ""), ("private", "")])
    parts = forms.IntegerField(required=False, min_value=1, max_value=100)


class TranslateForm(CheckForm):
    """A text that is being written, the language to put it into, and one's own words from before."""

    to = forms.CharField(required=False, max_length=3)
    original = forms.CharField(required=False, max_length=20_000, strip=False)


class NoteForm(forms.Form):
    """A word among colleagues."""

    text = forms.CharField(max_length=10_000, strip=False)
    client_token = forms.CharField(max_length=100)


class DraftForm(forms.Form):
    """What is being written."""

    text = forms.CharField(required=False, max_length=20_000, strip=False)
    visibility = forms.CharField(required=False, max_length=10)
    seen = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1)
