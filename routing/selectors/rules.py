"""The rules as people see them: versions, drafts, how often each fitted, and back-tests. A fixed number of queries."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db import connection

from core.errors import NotFound
from inbox.models.conversation import Conversation
from inbox.models.message import Message
from inbox.policies import Access
from routing.models.author_list import AuthorList, ListedAuthor
from routing.models.decision import Backtest, BacktestOpinion
from routing.models.rule import RuleDraft, RuleSet
from routing.models.webhook import Webhook
from routing.rules import actions, conditions
from routing.rules.checks import Finding, check
from routing.rules.contracts import Names
from routing.rules.wording import Wording, compiled
from routing.services import rules, versions

VERSIONS = 20
LISTED = 500


@dataclass(frozen=True, slots=True)
class Shown:
    """One rule as it is shown: its draft where there is one, else its wording in force.

    Args:
        a_week: messages that it fitted in the last seven days.
        position: 1 = first; None = it is new and stands nowhere yet.
    """

    wording: Wording
    draft: RuleDraft | None
    position: int | None
    a_week: int


@dataclass(frozen=True, slots=True)
class Overview:
    """The version in force with all its rules and drafts, in order, and the versions before."""

    version: RuleSet
    rules: list[Shown]
    versions: list[RuleSet]

    def one(self, number: int) -> Shown:
        """Raises: NotFound."""
        for shown in self.rules:
            if shown.wording.number == number:
                return shown
        raise NotFound("There is no such rule.")


def overview() -> Overview:
    """Everything that the page of rules shows, new drafts above “Everything else”."""
    newest = rules.newest_id()
    sets = list(RuleSet.objects.select_related("made_by").order_by("-number")[:VERSIONS])
    drafts = {draft.number: draft for draft in RuleDraft.objects.select_related("saved_by").order_by("number")}
    counts = _week()
    in_force = rules.wordings(newest)
    shown = [
        Shown(one, drafts.pop(one.number, None), place, counts.get(one.number, 0))
        for place, one in enumerate(in_force, 1)
    ]
    fresh = [Shown(_drafted(draft), draft, None, 0) for draft in drafts.values()]
    rest = [one for one in shown if one.wording.rest]
    listed = [*(one for one in shown if not one.wording.rest), *fresh, *rest]
    return Overview(sets[0], listed, sets)


def drafted(shown: Shown) -> Wording:
    """The wording that is being written, or the one in force."""
    if shown.draft is None:
        return shown.wording
    one = _drafted(shown.draft)
    return Wording(one.number, one.name, one.when, one.do, is_on=shown.wording.is_on, rest=shown.wording.rest)


def findings(overview: Overview, names: Names) -> dict[int, list[Finding]]:
    """What is wrong with each rule beside the others, as `checks` finds it: those that are on as they are, a draft as
    if it were turned on. No query.
    """
    in_force = [shown.wording for shown in overview.rules if shown.position is not None]
    base = compiled(in_force, names, mode=overview.version.mode)
    found = {}
    for shown in overview.rules:
        rules_then = base
        if shown.draft is not None:
            rules_then = compiled(versions.with_draft(shown.draft, in_force), names, mode=overview.version.mode)
        elif not shown.wording.is_on:
            continue
        found[shown.wording.number] = check(rules_then, shown.wording.number, names)
    return {number: each for number, each in found.items() if each}


def latest_backtest(number: int) -> Backtest | None:
    """The newest back-test of a rule that was not cancelled."""
    rows = Backtest.objects.filter(number=number).exclude(state=Backtest.State.CANCELLED)
    return rows.order_by("-pk").first()


def backtest(pk: int) -> Backtest:
    """Raises: NotFound."""
    found = Backtest.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such back-test.")
    return found


def examples(ids: Collection[int], access: Access) -> list[Message]:
    """The messages among these that somebody may read, with their authors."""
    readable = Conversation.objects.visible_to(access)
    rows = Message.objects.filter(pk__in=list(ids), conversation__in=readable)
    return list(rows.select_related("profile", "conversation__queue").order_by("-posted_at"))


def opinions(backtest_id: int) -> list[BacktestOpinion]:
    """What was said of its examples."""
    rows = BacktestOpinion.objects.filter(backtest=backtest_id).select_related("given_by")
    return list(rows.order_by("message_id"))


def author_lists() -> list[AuthorList]:
    """All lists by name."""
    return list(AuthorList.objects.order_by("name"))


def listed(pk: int) -> list[ListedAuthor]:
    """Who stands on a list, the newest first; at most 500."""
    rows = ListedAuthor.objects.filter(author_list=pk).select_related("profile", "added_by")
    return list(rows.order_by("-pk")[:LISTED])


def webhooks() -> list[Webhook]:
    """All webhooks by name."""
    return list(Webhook.objects.order_by("name"))


_WEEK = """
SELECT n, sum(c)::int FROM (
  SELECT jsonb_array_elements_text(rules)::int AS n, count(*) AS c FROM routing_decision
  WHERE decided_at > now() - interval '7 days' GROUP BY 1
  UNION ALL
  SELECT number, count(*) FROM routing_ruleepisode WHERE fired_at > now() - interval '7 days' GROUP BY 1) counted
GROUP BY 1
"""


def _week() -> dict[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(_WEEK)
        return dict(cursor.fetchall())


def _drafted(draft: RuleDraft) -> Wording:
    return Wording(draft.number, draft.name, conditions.parse(draft.when), actions.parse(draft.do))
