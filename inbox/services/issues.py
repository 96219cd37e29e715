"""The organisation's list of issues: added to, renamed, taken off; by administrators."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Now

from accounts.models import User
from accounts.policies import require_administrator
from accounts.services import audit
from core import wordlists
from core.errors import Invalid, NotFound
from core.slugs import free_slug
from inbox.models.issue import Issue

AT_MOST = 60
NAME_LENGTH = 80


def create(name: str, *, actor: User, words: Iterable[str] = ()) -> Issue:
    """Put an issue on the list. Records: issue.created. Raises: Forbidden, Invalid."""
    name, clean = _name(name), wordlists.cleaned(words)
    with transaction.atomic(durable=True):
        require_administrator(actor)
        _require_free(name)
        if Issue.objects.filter(retired_at=None).count() >= AT_MOST:
            raise Invalid(f"The list has {AT_MOST} issues; take one off first.", fields={"name": "The list is full."})
        last = Issue.objects.aggregate(last=Max("position"))["last"] or 0
        slug = free_slug(Issue, name, otherwise="issue")
        issue = Issue.objects.create(slug=slug, name=name, words=clean, position=last + 1)
        audit.record("issue.created", actor=actor, data={"issue": name})
    return issue


def change(pk: int, *, name: str, words: Iterable[str], actor: User) -> Issue:
    """Rename an issue and set its words; its slug stays.

    Records: issue.changed. Raises: Forbidden, NotFound, Invalid. Idempotent: what is so already is not written.
    """
    name, clean = _name(name), wordlists.cleaned(words)
    with transaction.atomic(durable=True):
        require_administrator(actor)
        issue = _locked(pk)
        if (issue.name, issue.words) != (name, clean):
            _require_free(name, but=pk)
            old, issue.name, issue.words = issue.name, name, clean
            issue.save(update_fields=["name", "words"])
            audit.record("issue.changed", actor=actor, data={"issue": name, "old": old})
    return issue


def retire(pk: int, *, actor: User) -> Issue:
    """Take an issue off the list; what was judged by it keeps it.

    Records: issue.retired. Raises: Forbidden, NotFound. Idempotent: by the issue.
    """
    with transaction.atomic(durable=True):
        require_administrator(actor)
        issue = _locked(pk)
        if issue.retired_at is None:
            Issue.objects.filter(pk=pk).update(retired_at=Now())
            issue.refresh_from_db(fields=["retired_at"])
            audit.record("issue.retired", actor=actor, data={"issue": issue.name})
    return issue


def _locked(pk: int) -> Issue:
    issue = Issue.objects.select_for_update(no_key=True).filter(pk=pk).first()
    if issue is None:
        raise NotFound("There is no such issue.")
    return issue


def _require_free(name: str, but: int = 0) -> None:
    if Issue.objects.filter(retired_at=None, name__iexact=name).exclude(pk=but).exists():
        raise Invalid("There is an issue of that name.", fields={"name": "There is an issue of that name."})


def _name(name: str) -> str:
    clean = " ".join(name.split())
    if not clean or len(clean) > NAME_LENGTH:
        says = f"A name has 1 to {NAME_LENGTH} characters."
        raise Invalid(says, fields={"name": says})
    return clean
