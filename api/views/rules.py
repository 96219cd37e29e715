"""Rules: supervisors and administrators read them, administrators change them."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.policies import require_administrator
from api.serializers import inputs
from api.serializers import rules as shapes
from api.views.base import SettingsView, View, reads, writes
from core.errors import NotFound
from inbox.selectors import conversations
from routing.models.author_list import AuthorList
from routing.selectors import rules as selectors
from routing.selectors import why
from routing.services import author_lists, backtest, doubts, drafts, opinions, versions, webhooks
from routing.services.naming import names_for_reading


def _all() -> Response:
    return Response(shapes.rules(selectors.overview(), names_for_reading()))


class Rules(SettingsView):
    """All rules in order."""

    @reads(shapes.RulesShape, operation_id="rules_list")
    def get(self, _request: Request) -> Response:
        """The version in force, drafts, and the versions before."""
        return _all()

    @writes(shapes.NewRuleInput, shapes.DraftShape, status=201, operation_id="rules_start")
    def post(self, _request: Request) -> Response:
        """A new rule to write; it does nothing until it is published."""
        given = self.body(shapes.NewRuleInput)
        row = drafts.start(actor=self.person, name=given["name"], like=given["like"])
        if given["when"] is not None or given["do"] is not None:
            row = drafts.save(row.number, actor=self.person, when=given["when"], do=given["do"])
        return Response(shapes.draft(row), status=201)


class Rule(SettingsView):
    """One rule."""

    @reads(shapes.RuleShape, operation_id="rules_read")
    def get(self, _request: Request, pk: int) -> Response:
        """Its wording in force, and its draft."""
        overview, known = selectors.overview(), names_for_reading()
        found = selectors.findings(overview, known)
        return Response(shapes.rule(overview.one(pk), known, found.get(pk, ())))


class RuleDrafts(SettingsView):
    """Writing on a rule."""

    @writes(shapes.DraftInput, shapes.DraftShape, operation_id="rules_draft")
    def post(self, _request: Request, pk: int) -> Response:
        """What is given replaces what was there; the rest stays."""
        return Response(shapes.draft(drafts.save(pk, actor=self.person, **self.body(shapes.DraftInput))))


class RulePublication(SettingsView):
    """Turning a draft on."""

    @writes(shapes.SeenInput, shapes.RulesShape, operation_id="rules_publish")
    def post(self, _request: Request, pk: int) -> Response:
        """Refused with the sentence at fault where it never fits, always fits, loops or names what is gone."""
        versions.turn_on(pk, actor=self.person, **self.body(shapes.SeenInput))
        return _all()


class RuleDiscard(SettingsView):
    """Throwing a draft away."""

    @writes(inputs.Nothing, shapes.RulesShape, operation_id="rules_discard")
    def post(self, _request: Request, pk: int) -> Response:
        """The wording in force stays."""
        self.body(inputs.Nothing)
        require_administrator(self.person)
        selectors.overview().one(pk)
        drafts.discard(pk, actor=self.person)
        return _all()


class RuleSwitch(SettingsView):
    """On and off."""

    @writes(shapes.SwitchInput, shapes.RulesShape, operation_id="rules_switch")
    def post(self, _request: Request, pk: int) -> Response:
        """Makes a new version."""
        given = self.body(shapes.SwitchInput)
        versions.switch(pk, is_on=given["on"], seen=given["seen"], actor=self.person)
        return _all()


class RulePlace(SettingsView):
    """The order."""

    @writes(shapes.PlaceInput, shapes.RulesShape, operation_id="rules_place")
    def post(self, _request: Request, pk: int) -> Response:
        """Makes a new version; “Everything else” stays last."""
        given = self.body(shapes.PlaceInput)
        versions.move(pk, to=given["position"], seen=given["seen"], actor=self.person)
        return _all()


class RuleRemoval(SettingsView):
    """Taking a rule out."""

    @writes(shapes.SeenInput, shapes.RulesShape, operation_id="rules_remove")
    def post(self, _request: Request, pk: int) -> Response:
        """Earlier versions keep it."""
        versions.remove(pk, actor=self.person, **self.body(shapes.SeenInput))
        return _all()


class RuleMode(SettingsView):
    """How rules are read."""

    @writes(shapes.ModeInput, shapes.RulesShape, operation_id="rules_mode")
    def post(self, _request: Request) -> Response:
        """The first that fits, or every one."""
        given = self.body(shapes.ModeInput)
        versions.set_mode(given["mode"], seen=given["seen"], actor=self.person)
        return _all()


class RuleRestoration(SettingsView):
    """Going back to a version."""

    @writes(shapes.SeenInput, shapes.RulesShape, operation_id="rules_restore")
    def post(self, _request: Request, pk: int) -> Response:
        """As a new version."""
        versions.restore(pk, actor=self.person, **self.body(shapes.SeenInput))
        return _all()


class RuleBacktests(SettingsView):
    """What a rule would have done."""

    @writes(shapes.BacktestInput, shapes.BacktestShape, status=201, operation_id="rules_backtest")
    def post(self, _request: Request, pk: int) -> Response:
        """A job; ask for it until it is done."""
        job = backtest.ask(pk, days=self.body(shapes.BacktestInput)["days"], actor=self.person)
        return Response(shapes.backtest(job), status=201)


class BacktestDetail(SettingsView):
    """One back-test."""

    @reads(shapes.BacktestShape, operation_id="backtests_read")
    def get(self, _request: Request, pk: int) -> Response:
        """Its progress, and its result when it is done."""
        return Response(shapes.backtest(selectors.backtest(pk), selectors.opinions(pk)))


class BacktestOpinions(SettingsView):
    """What people think of the examples of a back-test."""

    @writes(shapes.OpinionInput, shapes.BacktestShape, operation_id="backtests_judge")
    def post(self, _request: Request, pk: int) -> Response:
        """An example looks right, or wrong."""
        given = self.body(shapes.OpinionInput)
        opinions.give(pk, given["message"], right=given["right"], actor=self.person)
        return Response(shapes.backtest(selectors.backtest(pk), selectors.opinions(pk)))


class BacktestEnd(SettingsView):
    """Ending a back-test."""

    @writes(inputs.Nothing, shapes.BacktestShape, operation_id="backtests_end")
    def post(self, _request: Request, pk: int) -> Response:
        """What it has found is dropped."""
        self.body(inputs.Nothing)
        return Response(shapes.backtest(backtest.cancel(pk, actor=self.person), selectors.opinions(pk)))


class AuthorLists(SettingsView):
    """Lists of people outside."""

    @reads(shapes.ListsShape, operation_id="author_lists_list")
    def get(self, _request: Request) -> Response:
        """All lists."""
        return Response({"results": [shapes.author_list(row) for row in selectors.author_lists()]})

    @writes(shapes.ListInput, shapes.ListShape, status=201, operation_id="author_lists_create")
    def post(self, _request: Request) -> Response:
        """A new one."""
        made = author_lists.create(self.body(shapes.ListInput)["name"], actor=self.person)
        return Response(shapes.author_list(made), status=201)


def _list(pk: int) -> AuthorList:
    found = next((row for row in selectors.author_lists() if row.pk == pk), None)
    if found is None:
        raise NotFound("There is no such list.")
    return found


class AuthorListDetail(SettingsView):
    """One list."""

    @reads(shapes.AuthorsShape, operation_id="author_lists_read")
    def get(self, _request: Request, pk: int) -> Response:
        """Who stands on it, for administrators; at most 500."""
        row = _list(pk)
        require_administrator(self.person)
        return Response(shapes.authors(row, selectors.listed(pk)))


class AuthorListAuthors(SettingsView):
    """Putting somebody on a list."""

    @writes(shapes.AuthorInput, shapes.AuthorsShape, operation_id="author_lists_add")
    def post(self, _request: Request, pk: int) -> Response:
        """By handle, among those who have written."""
        author_lists.put(pk, actor=self.person, **self.body(shapes.AuthorInput))
        return Response(shapes.authors(_list(pk), selectors.listed(pk)))


class AuthorListRemoval(SettingsView):
    """Taking somebody off a list."""

    @writes(shapes.TakeOffInput, shapes.AuthorsShape, operation_id="author_lists_take_off")
    def post(self, _request: Request, pk: int) -> Response:
        """By the id of the profile."""
        author_lists.take_off(pk, self.body(shapes.TakeOffInput)["profile"], actor=self.person)
        return Response(shapes.authors(_list(pk), selectors.listed(pk)))


class Webhooks(SettingsView):
    """Addresses that rules may call."""

    @reads(shapes.WebhooksShape, operation_id="webhooks_list")
    def get(self, _request: Request) -> Response:
        """All of them, for administrators."""
        require_administrator(self.person)
        return Response({"results": [shapes.webhook(row) for row in selectors.webhooks()]})

    @writes(shapes.WebhookInput, shapes.WebhookShape, status=201, operation_id="webhooks_create")
    def post(self, _request: Request) -> Response:
        """A new one; its secret is in this answer only."""
        given = self.body(shapes.WebhookInput)
        made, secret = webhooks.create(actor=self.person, **given)
        return Response(shapes.webhook(made, secret=secret), status=201)


class WebhookSwitch(SettingsView):
    """On and off."""

    @writes(shapes.OnInput, shapes.WebhookShape, operation_id="webhooks_switch")
    def post(self, _request: Request, pk: int) -> Response:
        """One that is off is not called."""
        made = webhooks.switch(pk, is_on=self.body(shapes.OnInput)["on"], actor=self.person)
        return Response(shapes.webhook(made))


class Doubts(View):
    """A rule that is wrong about a conversation."""

    @writes(shapes.DoubtInput, shapes.DoubtShape, operation_id="conversations_doubt")
    def post(self, _request: Request, pk: int) -> Response:
        """Say so; who may change the rules is told, nothing moves by it."""
        given = self.body(shapes.DoubtInput)
        name = doubts.doubt(pk, actor=self.person, **given)
        return Response({"rule": given["rule"], "name": name, "reason": given["reason"]})


class Reasons(View):
    """Why a conversation is where it is."""

    @reads(shapes.ReasonsShape, operation_id="conversations_reasons")
    def get(self, _request: Request, pk: int) -> Response:
        """What triage said and which rules fitted, the newest message first."""
        conversation = conversations.get_visible_conversation(self.person, pk, access=self.access)
        return Response({"results": [shapes.reason(one) for one in why.reasons(conversation.pk)]})
