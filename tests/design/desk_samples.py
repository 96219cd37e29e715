"""Sample contexts for the pages that decide whose work something is, with the very forms that the product shows."""

from __future__ import annotations

from types import SimpleNamespace as Of
from typing import Any

from django import forms

from inbox.models.queue import Queue
from inbox.policies import Access
from inbox.second_look import Finding
from tests.design.office_samples import Screen, ago
from web import forms_desks, forms_macros, forms_people, forms_replies, forms_targets, forms_triage, forms_voice
from web.triage_rows import VerdictRow

ONE_FORM = {"form_url": "/f", "back_url": "/b", "button": "Save", "danger": None, "text": "", "rail_active": "settings"}
RIGHTS = Access(1, True, *[frozenset[int]()] * 5)
CHOICES = {
    "sentiment": {"negative": "Negative", "neutral": "Neutral", "positive": "Positive"},
    "kind": {"complaint": "Complaint", "praise": "Praise"},
    "issue": {"late": "Late parcel"},
    "language": {"en": "English", "de": "German"},
    "urgency": {"none": "None", "soon": "Soon", "now": "Now"},
}
SAID = {"sentiment": "positive", "kind": "praise", "issue": "", "language": "en", "urgency": "none"}


def with_nothing_to_choose(form: forms.Form) -> forms.Form:
    """The form as it stands where nothing is set up: a sample asks no database."""
    for field in form.fields.values():
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = field.queryset.none()  # type: ignore[union-attr]
    return form


def refused(form: forms.Form) -> forms.Form:
    """The form after it was sent, with what is wrong."""
    form.is_valid()
    return form


def plain(title: str, form: forms.Form, **more: Any) -> Screen:
    return "accounts/form.html", {**ONE_FORM, "title": title, "form": with_nothing_to_choose(form), **more}


def message() -> Of:
    return Of(
        text="What a wonderful way to lose a bag",
        author="Hanne Vik",
        channel="@northwindair on X",
        posted_at=ago(9),
        conversation_id=12,
        queue="care",
    )


def triage() -> dict[str, Screen]:
    told = [
        VerdictRow("Mood", "Negative", "Corrected by a person", "100 %", corrected=True),
        VerdictRow("Urgency", "None", "Nothing says that it is urgent", "70 %", corrected=False),
    ]
    reason = {"kind": "verdict", "label": "urgency", "sentence": "Urgency: none", "corrected": "", "at": ago(8)}
    verdict = {**reason, "sure": 0.7, "percent": 70, "wrong_url": "/m", "right_url": "/c", "code": "urgency"}
    chain = [
        {
            "kind": "rule",
            "label": "Angry to PR",
            "sentence": "When …",
            "at": ago(8),
            "version": 4,
            "rule": 2,
            "rule_url": "/r",
        },
        {**verdict, "key": "1-urgency", "choices": [("soon", "Soon"), ("now", "Now")]},
        {**verdict, "corrected": "Now", "choices": [], "wrong_url": ""},
    ]
    here = {
        "back_url": "/t",
        "person": "Hanne Vik",
        "queue": "PR",
        "desk": "pr",
        "doubt_url": "/d",
        "rail_active": "inbox",
    }
    item = Of(pk=1, message_id=7, text=message().text, author="Hanne Vik", channel="X", posted_at=ago(9), said=SAID)
    right = forms_triage.RightForm(choices=CHOICES, said=SAID)
    sampled = forms_triage.RightForm(choices=CHOICES, said=SAID, labels=("sentiment", "kind", "issue", "language"))
    issues = [Of(pk=1, name="Late parcel", words=["late", "not arrived"]), Of(pk=2, name="Refund", words=[])]
    danger = {"url": "/d", "label": "Take it off the list", "text": "Messages that were judged by it keep it."}
    return {
        "reasons": ("rules/reasons.html", {**here, "reasons": chain}),
        "reasons-none": ("rules/reasons.html", {**here, "person": "", "reasons": []}),
        "verdicts": ("routing/message_triage.html", {"message": message(), "told": told, "form": right}),
        "verdicts-none": ("routing/message_triage.html", {"message": message(), "told": [], "form": right}),
        "sample": ("routing/sample.html", {"item": item, "form": sampled, "waiting": 3, "settings_active": "sample"}),
        "sample-none": ("routing/sample.html", {"item": None, "form": None, "waiting": 0}),
        "issues": ("routing/issues.html", {"issues": issues, "settings_active": "issues"}),
        "issue": plain("Late parcel", forms_triage.IssueForm({"name": "Late parcel", "words": "late"}), danger=danger),
    }


def assignment() -> dict[str, Screen]:
    care = {"slug": "care", "name": "Care"}
    stuck = {"queue": "First line", "desk": care, "brand": "Northwind Air", "since": ago(40), "url": "/i"}
    rows = [
        {
            **stuck,
            "skills": "German 3",
            "count": 12,
            "why": "Nobody who staffs this queue has the skill at this level.",
            "lasting": True,
            "settings_url": "/s",
        },
        {
            **stuck,
            "skills": "",
            "count": 1,
            "why": "Ana Sandoval has the other half and is busy, away or offline.",
            "lasting": False,
        },
    ]
    queue = {"name": "First line", "desk": care, "mode": "Pull", "pushes": False, "skills": "", "people": 0, "free": 0}
    warned = {**queue, "warnings": ["Nobody staffs this queue."], "url": "/q"}
    person = {
        "name": "Ana Sandoval", "presence": "on", "presence_label": "Available", "open": 9, "capacity": 9, "full": True,
        "skills": "German 3", "hours": "Mo–Fr 09:00–17:00", "on_duty": False, "skipped": 2, "url": "/p",
    }  # fmt: skip
    skills = [Of(pk=1, name="German", language="de", people=0)]
    page = {"stuck": rows, "queues": [warned], "people": [person], "skills": skills, "settings_active": "assignment"}
    none = {"stuck": [], "queues": [], "people": [], "skills": [], "form": None}
    staffing = forms_desks.StaffingForm({"mode": ""}, skills=[], levels={}, queues=Queue.objects.none())
    days = {"capacity": "-1", "day_0": "nine to five"}
    return {
        "assignment": ("routing/assignment.html", {**page, "form": forms_desks.SkillForm()}),
        "assignment-none": ("routing/assignment.html", none),
        "queue-staffing": plain("How First line finds its people", staffing, text="Nobody staffs this queue."),
        "person-staffing": plain("Ana Sandoval", refused(forms_desks.PersonForm(days, skills=[], levels={}))),
    }


def targets() -> dict[str, Screen]:
    job = {"reason": "Office: version 2 of the hours", "by": "Ada", "at": ago(1), "changed": 118, "done": False}
    jobs = [{**job, "seen": 12_000, "total": 100_000}, {**job, "seen": 0, "total": None}]
    wrong = forms_targets.HoursForm({"name": "Office", "zone": "Europe/Vienna", "day_0": "9 to 5", "holidays": "never"})
    return {
        "targets": ("routing/targets.html", {"policies": [], "jobs": jobs, "new_url": "/n"}),
        "hours-wrong": ("routing/hours_form.html", {**ONE_FORM, "title": "Office", "form": refused(wrong)}),
    }


def office() -> dict[str, Screen]:
    words = {"name": "Northwind Air", "words": "northwind, NWA", "lookalikes": "north wind, x" * 60}
    brand = refused(forms_people.BrandForm(words))
    saved = forms_replies.SavedReplyForm({"name": ""}, rights=RIGHTS)
    macro = forms_macros.MacroForm(rights=RIGHTS)
    voice = forms_voice.VoiceRuleForm({"name": ""}, rights=RIGHTS, kind="words")
    trial = forms_voice.TrialForm(rights=RIGHTS)
    line = {
        "name": "How we write", "kind": "Words to avoid", "says": "guys → everybody", "guideline": "Warm. " * 60,
        "cites": "https://brand.example/voice", "asks": True, "only": ["Northwind Air"], "url": "/v", "restore_url": "",
    }  # fmt: skip
    said = Finding("voice-1", "guys", "A better word is at hand.", True, "everybody", "", None)
    voices = {"rules": [line, {**line, "asks": False, "url": ""}], "may_write": True, "findings": [said]}
    lists = [Of(pk=1, name="VIP"), Of(pk=2, name="Press")]
    hook = Of(pk=1, name="Pager", url="https://hooks.example.com/socialcare", is_on=False)
    hooks = {"webhooks": [hook], "hosts": [], "secret": "c2VjcmV0", "error": "", "given": {}}
    return {
        "brand-words": plain("Northwind Air", forms_people.BrandForm(initial={**words, "lookalikes": "north wind"})),
        "brand-words-wrong": plain("Northwind Air", brand),
        "saved-reply": plain("New saved reply", saved),
        "voice-rule": plain("Words to avoid", refused(voice)),
        "voice-rules": ("voice/list.html", {**voices, "form": with_nothing_to_choose(trial)}),
        "macro": plain("New macro", macro),
        "rule-lists": (
            "rules/lists.html",
            {"lists": lists, "first": ["VIP"], "error": "There is a list of this name."},
        ),
        "rule-webhooks": ("rules/webhooks.html", hooks),
    }


def screens() -> dict[str, Screen]:
    return {**triage(), **assignment(), **targets(), **office()}
