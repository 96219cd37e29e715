"""The rule builder: every change of a word is saved in the draft at once; turning it on is a step of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.selectors import supervises
from core.errors import Invalid, NotFound, SocialCareError
from core.wording import said
from inbox.selectors import desks as desk_selectors
from routing.rules import actions, conditions, editing
from routing.rules.conditions import All, Either, Node
from routing.rules.contracts import Names
from routing.selectors import rules as selectors
from routing.selectors.rules import Overview, Shown
from routing.services import backtest as backtests
from routing.services import drafts, opinions, versions
from routing.services.naming import names_for_reading as all_names
from web import forms_rules, rule_rows
from web.access import access, person

PLACE = {"rail_active": "rules"}


def reader(request: HttpRequest) -> bool:
    """Whether the viewer may change rules; supervisors read them. Raises: NotFound for everybody else."""
    if not supervises(person(request)):
        raise NotFound("There is no such page.")
    return person(request).is_administrator


@require_safe
def everything(request: HttpRequest) -> HttpResponse:
    """All rules in order; on a wide screen with the first one open."""
    may_change, overview = reader(request), selectors.overview()
    number = overview.rules[0].wording.number
    return _page(request, overview, number, show="list", may_change=may_change)


@require_safe
def one(request: HttpRequest, number: int) -> HttpResponse:
    """One rule in the builder; `?panel` asks for the back-test alone, while it runs."""
    may_change, overview = reader(request), selectors.overview()
    overview.one(number)
    return _page(request, overview, number, show="detail", may_change=may_change)


def _page(
    request: HttpRequest,
    overview: Overview,
    number: int,
    *,
    show: str,
    may_change: bool,
    status: int = 200,
    error: str = "",
) -> HttpResponse:
    names, desks = all_names(), desk_selectors.desk_by_queue()
    shown, found = overview.one(number), selectors.findings(overview, names)
    job = selectors.latest_backtest(number)
    examples = selectors.examples(job.result.get("examples", []) if job else [], access(request))
    funnel, total = rule_rows.funnel_of(job, selectors.drafted(shown))
    context: dict[str, Any] = {
        "show": show,
        "error": error,
        "may_change": may_change,
        "head": rule_rows.title_of(overview),
        "rows": [
            rule_rows.list_row(each, names, desks, number, found.get(each.wording.number, ()))
            for each in overview.rules
        ],
        "findings": [{"sentence": said(one.sentence)} for one in found.get(number, ())],
        "rule": rule_rows.detail(shown, names, funnel, total),
        "versions": [rule_rows.version_row(row, overview.version.number) for row in overview.versions],
        "backtest": rule_rows.backtest_panel(job, examples, selectors.opinions(job.pk) if job else [], names, desks),
        **PLACE,
    }
    template = "rules/_backtest.html" if request.GET.get("panel") else "rules/page.html"
    return render(request, template, context, status=status)


def _act(request: HttpRequest, number: int, act: Callable[[Shown, Names], object], done: str = "") -> HttpResponse:
    """Do it and show the rule again; a refusal stands above it, with what was there before."""
    if not reader(request):
        raise NotFound("There is no such page.")
    overview = selectors.overview()
    try:
        act(overview.one(number), all_names())
    except NotFound:
        raise
    except SocialCareError as error:
        fresh = selectors.overview()
        return _page(
            request, fresh, number, show="detail", may_change=True, status=error.http_status, error=said(error.message)
        )
    if done:
        messages.success(request, done)
    return redirect("rule", number=number)


def _save(request: HttpRequest, shown: Shown, *, when: All | None = None, do: Any = None) -> None:
    """The draft with other conditions or actions."""
    written = conditions.dump(when) if when is not None else None
    drafts.save(shown.wording.number, actor=person(request), when=written, do=do)


@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """A new rule to write."""
    if not reader(request):
        raise NotFound("There is no such page.")
    draft = drafts.start(actor=person(request), name=_("New rule"))
    return redirect("rule", number=draft.number)


@require_POST
def copy(request: HttpRequest, number: int) -> HttpResponse:
    """A new rule that begins as this one."""
    if not reader(request):
        raise NotFound("There is no such page.")
    name = _("Copy of %(name)s") % {"name": selectors.overview().one(number).wording.name[:60]}
    draft = drafts.start(actor=person(request), name=name, like=number)
    return redirect("rule", number=draft.number)


@require_POST
def rename(request: HttpRequest, number: int) -> HttpResponse:
    """Its name."""
    given = request.POST.get("name", "")
    return _act(request, number, lambda _shown, _names: drafts.save(number, actor=person(request), name=given))


@require_POST
def add_condition(request: HttpRequest, number: int) -> HttpResponse:
    """One more condition at the end, or (with `at`) one that stands with what is there by "and" or "or"."""

    def act(shown: Shown, names: Names) -> None:
        when = selectors.drafted(shown).when
        fresh = _read(forms_rules.fresh_condition(request.POST.get("field", ""), names))
        group = All if request.POST.get("how") == "and" else Either
        if at := request.POST.get("at", ""):
            when = editing.changed(when, _path(at), lambda node: editing.joined(node, fresh, group))
        else:
            when = All((*when.parts, fresh))
        _save(request, shown, when=when)

    return _act(request, number, act)


@require_POST
def change_condition(request: HttpRequest, number: int, at: str) -> HttpResponse:
    """Another value; with `act`: remove it, or turn "and" into "but not" and back."""
    changes: dict[str, editing.Change] = {"deny": editing.denied, "remove": lambda _node: None}
    reword: editing.Change = lambda node: editing.reworded(  # noqa: E731
        node, lambda test: _read(forms_rules.condition(test.field, request.POST))
    )
    change = changes.get(request.POST.get("act", ""), reword)

    def act(shown: Shown, _names: Names) -> None:
        _save(request, shown, when=editing.changed(selectors.drafted(shown).when, _path(at), change))

    return _act(request, number, act)


def _read(data: dict[str, Any]) -> Node:
    """Raises: Invalid with the sentence, whatever the place is called inside."""
    return conditions.parse(data).parts[0]


def _path(at: str) -> editing.Path:
    """A place such as 2.0.1. Raises: NotFound."""
    steps = at.split(".")
    if len(steps) > conditions.TESTS or not all(one.isascii() and one.isdigit() and len(one) < 4 for one in steps):
        raise NotFound("There is no such condition.")
    return tuple(map(int, steps))


@require_POST
def add_action(request: HttpRequest, number: int) -> HttpResponse:
    """One more thing to do."""

    def act(shown: Shown, names: Names) -> None:
        do = actions.dump(selectors.drafted(shown).do)
        _save(request, shown, do=[*do, forms_rules.fresh_action(request.POST.get("do", ""), names)])

    return _act(request, number, act)


@require_POST
def change_action(request: HttpRequest, number: int, at: int) -> HttpResponse:
    """Do it otherwise, or no more."""

    def act(shown: Shown, _names: Names) -> None:
        do = actions.dump(selectors.drafted(shown).do)
        if at >= len(do):
            raise NotFound("There is no such action.")
        remove = request.POST.get("act") == "remove"
        do[at : at + 1] = [] if remove else [forms_rules.action(do[at]["do"], request.POST)]
        _save(request, shown, do=do)

    return _act(request, number, act)


@require_POST
def publish(request: HttpRequest, number: int) -> HttpResponse:
    """Turn the draft on."""
    seen = _seen(request)
    act: Callable[[Shown, Names], object] = lambda _shown, _names: versions.turn_on(  # noqa: E731
        number, actor=person(request), seen=seen
    )
    return _act(request, number, act, _("The rule is on."))


@require_POST
def switch(request: HttpRequest, number: int) -> HttpResponse:
    """On or off."""
    on = request.POST.get("on") == "1"
    act: Callable[[Shown, Names], object] = lambda _shown, _names: versions.switch(  # noqa: E731
        number, is_on=on, actor=person(request), seen=_seen(request)
    )
    return _act(request, number, act, _("The rule is on.") if on else _("The rule is off."))


@require_POST
def place(request: HttpRequest, number: int) -> HttpResponse:
    """One place up or down."""
    step = {"up": -1, "down": 1}.get(request.POST.get("to", ""), 0)

    def act(shown: Shown, _names: Names) -> None:
        if shown.position is None:
            raise Invalid("Turn it on first: a draft stands nowhere yet.")
        versions.move(number, to=shown.position + step, actor=person(request), seen=_seen(request))

    return _act(request, number, act)


@require_POST
def discard(request: HttpRequest, number: int) -> HttpResponse:
    """Throw the draft away."""
    if not reader(request):
        raise NotFound("There is no such page.")
    is_new = selectors.overview().one(number).position is None
    drafts.discard(number, actor=person(request))
    messages.success(request, _("Discarded."))
    return redirect("rules") if is_new else redirect("rule", number=number)


@require_POST
def remove(request: HttpRequest, number: int) -> HttpResponse:
    """Take the rule out; earlier versions keep it."""
    if not reader(request):
        raise NotFound("There is no such page.")
    answer = _act(
        request, number, lambda _shown, _names: versions.remove(number, actor=person(request), seen=_seen(request))
    )
    return redirect("rules") if answer.status_code == 302 else answer


@require_POST
def mode(request: HttpRequest) -> HttpResponse:
    """The first that fits, or every one."""
    return _to_all(request, lambda: versions.set_mode(request.POST.get("mode", ""), actor=person(request)))


@require_POST
def restore(request: HttpRequest, version: int) -> HttpResponse:
    """Back to an earlier version, as a new one."""
    return _to_all(request, lambda: versions.restore(version, actor=person(request), seen=_seen(request)))


def _to_all(request: HttpRequest, act: Callable[[], object]) -> HttpResponse:
    """Do something to all rules and show the list."""
    if not reader(request):
        raise NotFound("There is no such page.")
    first = selectors.overview().rules[0].wording.number
    answer = _act(request, first, lambda _shown, _names: act())
    return redirect("rules") if answer.status_code == 302 else answer


@require_http_methods(["POST"])
def backtest(request: HttpRequest, number: int) -> HttpResponse:
    """Ask what it would have done."""
    days = request.POST.get("days", "")
    span = int(days) if days.isascii() and days.isdigit() and len(days) < 4 else 0
    answer = _act(request, number, lambda _shown, _names: backtests.ask(number, days=span, actor=person(request)))
    return redirect(reverse("rule", args=[number]) + "#test") if answer.status_code == 302 else answer


@require_POST
def end_backtest(request: HttpRequest, pk: int) -> HttpResponse:
    """End a back-test that runs."""
    if not reader(request):
        raise NotFound("There is no such page.")
    job = backtests.cancel(selectors.backtest(pk).pk, actor=person(request))
    return redirect("rule", number=job.number)


@require_POST
def judge_example(request: HttpRequest, pk: int) -> HttpResponse:
    """An example looks right (1) or wrong (0); anything else takes back what was said."""
    if not reader(request):
        raise NotFound("There is no such page.")
    job, message = selectors.backtest(pk), request.POST.get("message", "")
    if not (message.isascii() and message.isdigit() and len(message) < 19):
        raise NotFound("There is no such example.")
    right = {"1": True, "0": False}.get(request.POST.get("right", ""))
    opinions.give(job.pk, int(message), right=right, actor=person(request))
    return redirect(reverse("rule", args=[job.number]) + "#test")


def _seen(request: HttpRequest) -> int | None:
    given = request.POST.get("seen", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None
