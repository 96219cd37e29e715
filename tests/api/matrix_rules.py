"""Who may do what to rules over the API: administrators change, supervisors read, to others nothing is there."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from routing.models.author_list import AuthorList
from routing.models.decision import Backtest
from routing.models.rule import RuleDraft, RuleSet
from routing.models.webhook import Webhook
from routing.services import author_lists, backtest, drafts, rules, versions, webhooks
from tests.api import matrix
from tests.api.matrix import MANAGES, SEES, Cell, Stage, always, who
from tests.domain.routing.rules.kit import ask, route

CHANGES = who("ada", "ada", "ada")
READS = who("omar ada", "omar ada", "omar ada")


def _as(pk: int) -> Any:
    return SimpleNamespace(pk=pk)


def _draft(stage: Stage) -> RuleDraft:
    return drafts.start(actor=stage.world.ada, name="Rule")


def draft(stage: Stage, place: str) -> Any:
    """A draft that may be turned on: each about a word of its own."""
    row = _draft(stage)
    when = {"all": [{"field": "words", "op": "any", "value": [f"word{row.number}"]}]}
    act = [{"do": "queue", "value": stage.world.queues.pr.pk}]
    drafts.save(row.number, actor=stage.world.ada, when=when, do=act)
    return _as(row.number)


def rule(stage: Stage, place: str) -> Any:
    one = draft(stage, place)
    versions.turn_on(one.pk, actor=stage.world.ada)
    return one


def first_version(stage: Stage, place: str) -> Any:
    rules.newest_id()
    return _as(RuleSet.objects.order_by("number")[0].number)


def anything(stage: Stage, place: str) -> Any:
    return _as(1)


def job(stage: Stage, place: str) -> Backtest:
    return backtest.ask(rule(stage, place).pk, days=1, actor=stage.world.ada)


def tested(stage: Stage, place: str) -> Backtest:
    """A back-test that is done and has an example."""
    route(stage.conversation(place))
    row = _draft(stage)
    drafts.save(row.number, actor=stage.world.ada, when=ask("new", value=True), do=[{"do": "priority", "value": 1}])
    asked = backtest.ask(row.number, days=1, actor=stage.world.ada)
    backtest.run_due()
    return Backtest.objects.get(pk=asked.pk)


def author_list(stage: Stage, place: str) -> Any:
    return author_lists.create(f"List {AuthorList.objects.count()}", actor=stage.world.ada)


def webhook(stage: Stage, place: str) -> Any:
    url, name = f"https://{HOST}/", f"Hook {Webhook.objects.count()}"
    return webhooks.create(name=name, url=url, actor=stage.world.ada)[0]


HOST = "hooks.example.com"


def _written(stage: Stage, place: str) -> dict[str, Any]:
    conversation = stage.conversation(place)
    return {"network": "x", "handle": conversation.profile.handle}


def _example(stage: Stage, place: str) -> dict[str, Any]:
    return {"message": Backtest.objects.latest("pk").result["examples"][0], "right": True}


def change(make: Callable[[Stage, str], Any], ok: int = 200, **body: Any) -> list[Cell]:
    return [Cell(make, CHANGES, always(**body), ok, sees=READS)]


def read(make: Callable[[Stage, str], Any]) -> list[Cell]:
    return [Cell(make, READS, sees=who("", "", ""))]


ONE = "rules/{pk}"
RULE_CELLS: dict[tuple[str, str], list[Cell]] = {
    ("GET", "rules"): read(anything),
    ("POST", "rules"): change(anything, 201, name="New"),
    ("POST", "rules/mode"): change(anything, mode="first"),
    ("POST", "rules/versions/{pk}/restoration"): change(first_version),
    ("GET", ONE): read(rule),
    ("POST", f"{ONE}/draft"): change(rule, name="Other"),
    ("POST", f"{ONE}/publication"): change(draft),
    ("POST", f"{ONE}/discard"): change(draft),
    ("POST", f"{ONE}/switch"): change(rule, on=False),
    ("POST", f"{ONE}/place"): change(rule, position=1),
    ("POST", f"{ONE}/removal"): change(rule),
    ("POST", f"{ONE}/backtests"): change(rule, 201, days=7),
    ("GET", "backtests/{pk}"): read(job),
    ("POST", "backtests/{pk}/end"): change(job),
    ("POST", "backtests/{pk}/opinions"): [Cell(tested, CHANGES, _example, sees=READS)],
    ("GET", "author-lists"): read(anything),
    ("POST", "author-lists"): [Cell(anything, CHANGES, lambda s, p: {"name": f"Own {p}"}, 201, sees=READS)],
    ("GET", "author-lists/{pk}"): change(author_list),
    ("POST", "author-lists/{pk}/authors"): [Cell(author_list, CHANGES, _written, sees=READS)],
    ("POST", "author-lists/{pk}/removal"): change(author_list, profile=1),
    ("GET", "webhooks"): change(anything),
    ("POST", "webhooks"): [
        Cell(anything, CHANGES, lambda s, p: {"name": f"Hook of {p}", "url": f"https://{HOST}/"}, 201, sees=READS)
    ],
    ("POST", "webhooks/{pk}/switch"): change(webhook, on=False),
    ("GET", "conversations/{pk}/reasons"): [Cell(Stage.conversation, SEES)],
    # No rule has done anything there: what those get who might.
    ("POST", "conversations/{pk}/doubts"): [Cell(Stage.conversation, MANAGES, always(rule=1, reason="Not ours"), 422)],
}

CELLS = matrix.CELLS | RULE_CELLS
