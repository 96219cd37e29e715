"""The form of a macro: one line for each thing that it can do."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inbox.models.conversation import Conversation
from inbox.policies import Access
from inbox.selectors import desks, saved_replies
from routing import macro_steps
from routing.models.macro import Macro
from routing.services.handoff import LIMITS
from web.form_parts import offer, one_of
from web.forms_inbox import DISPOSITIONS
from web.forms_replies import SharedForm, shared_initial
from web.thread_rows import SNOOZES

LATER = [(str(int(after.total_seconds() // 60)), label) for _value, label, after in SNOOZES]
NOTHING = ("", _("Leave it as it is"))


class MacroForm(SharedForm):
    """Several acts with one name. What is left empty is not done."""

    claim = forms.BooleanField(label=_("Claim it for whoever runs it"), required=False)
    priority = forms.ChoiceField(
        label=_("Set the priority to"), required=False, choices=[NOTHING, *Conversation.Priority.choices]
    )
    tags = forms.CharField(
        label=_("Add these tags"), required=False, max_length=400, help_text=_("With commas between.")
    )
    insert = one_of(_("Put a saved reply into the answer"), required=False, empty_label=_("None"))
    hand_off = one_of(_("Then hand it off to"), required=False, empty_label=_("Nobody"))
    hand_off_reason = forms.CharField(label=_("Why it is handed off"), required=False, max_length=LIMITS["reason"])
    snooze = forms.ChoiceField(label=_("Or snooze it for"), required=False, choices=[NOTHING, *LATER])
    resolve = forms.ChoiceField(label=_("Or resolve it as"), required=False, choices=[NOTHING, *DISPOSITIONS])
    resolve_reason = forms.CharField(
        label=_("Why nobody answers"), required=False, max_length=500, help_text=_("Needed where nobody will respond.")
    )
    field_order = (
        "name", "claim", "priority", "tags", "insert", "hand_off", "hand_off_reason", "snooze", "resolve",
        "resolve_reason", "shared", "team", "brand", "seen",
    )  # fmt: skip

    def __init__(self, *args: Any, rights: Access, **kwargs: Any) -> None:
        super().__init__(*args, rights=rights, **kwargs)
        offer(self, "insert", saved_replies.usable(rights))
        offer(self, "hand_off", desks.queues())

    def steps(self) -> list[dict[str, Any]]:
        """What was chosen, as `macro_steps.parse` reads it."""
        given = self.cleaned_data
        tags = [tag.strip() for tag in given["tags"].split(",") if tag.strip()]
        reply, queue = given["insert"], given["hand_off"]
        wanted = [
            given["claim"] and {"do": macro_steps.CLAIM},
            given["priority"] and {"do": macro_steps.PRIORITY, "value": int(given["priority"])},
            tags and {"do": macro_steps.TAG, "tags": tags},
            reply and {"do": macro_steps.INSERT, "value": reply.pk},
            queue and {"do": macro_steps.HAND_OFF, "value": queue.pk, "reason": given["hand_off_reason"]},
            given["snooze"] and {"do": macro_steps.SNOOZE, "value": int(given["snooze"])},
            given["resolve"]
            and {"do": macro_steps.RESOLVE, "value": given["resolve"], "reason": given["resolve_reason"]},
        ]
        return [step for step in wanted if step]


def macro_initial(row: Macro) -> dict[str, Any]:
    """The fields of `MacroForm` as they stand."""
    steps = {step["do"]: step for step in row.steps}
    values = {do: step["value"] for do, step in steps.items() if do not in (macro_steps.CLAIM, macro_steps.TAG)}
    return {
        **shared_initial(row),
        **values,
        "claim": macro_steps.CLAIM in steps,
        "tags": ", ".join(steps.get(macro_steps.TAG, {}).get("tags", ())),
        "hand_off_reason": steps.get(macro_steps.HAND_OFF, {}).get("reason", ""),
        "resolve_reason": steps.get(macro_steps.RESOLVE, {}).get("reason", ""),
    }
