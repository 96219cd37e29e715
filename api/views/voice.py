"""The rules of the brand's voice: the list of them, and what they say of a text."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from api.serializers import voice as shapes
from api.serializers.inputs import Nothing
from api.serializers.replies import SharedQuery
from api.views.base import View, reads, writes
from inbox.selectors import voice_rules as selector
from inbox.services import checking, voice_rules


class VoiceRuleView(View):
    """One rule, told as it is now."""

    def told(self, pk: int, *, status: int = 200) -> Response:
        return Response(shapes.voice_rule(selector.one(self.access, pk)), status=status)


class VoiceRules(VoiceRuleView):
    """By what answers are checked before they leave."""

    @reads(shapes.VoiceRulesShape, SharedQuery, operation_id="brand_voice_list")
    def get(self, _request: Request) -> Response:
        """Those of your brands, at most 200."""
        rows = selector.listed(self.access, **self.query(SharedQuery))
        return Response({"results": [shapes.voice_rule(row) for row in rows]})

    @writes(shapes.VoiceRuleInput, shapes.VoiceRuleShape, status=201, operation_id="brand_voice_create")
    def post(self, _request: Request) -> Response:
        """One more; written by supervisors and administrators."""
        row = voice_rules.create(shapes.wanted_of(self.body(shapes.VoiceRuleInput)), actor=self.person)
        return self.told(row.pk, status=201)


class VoiceRule(VoiceRuleView):
    """One of them."""

    @reads(shapes.VoiceRuleShape, operation_id="brand_voice_read")
    def get(self, _request: Request, pk: int) -> Response:
        """What it asks for, where it holds, and what it cites."""
        return self.told(pk)

    @writes(shapes.VoiceRuleInput, shapes.VoiceRuleShape, operation_id="brand_voice_change")
    def post(self, _request: Request, pk: int) -> Response:
        """Let it say something else; with `seen` it is refused where somebody was first."""
        given = self.body(shapes.VoiceRuleInput)
        voice_rules.change(pk, shapes.wanted_of(given), actor=self.person, seen=given["seen"])
        return self.told(pk)


class VoiceRuleArchive(VoiceRuleView):
    """Out of use."""

    @writes(Nothing, shapes.VoiceRuleShape, operation_id="brand_voice_archive")
    def post(self, _request: Request, pk: int) -> Response:
        """Nothing is checked by it any more."""
        self.body(Nothing)
        voice_rules.archive(pk, actor=self.person)
        return self.told(pk)


class VoiceRuleRestoration(VoiceRuleView):
    """In use again."""

    @writes(Nothing, shapes.VoiceRuleShape, operation_id="brand_voice_restore")
    def post(self, _request: Request, pk: int) -> Response:
        """Out of the archive."""
        self.body(Nothing)
        voice_rules.restore(pk, actor=self.person)
        return self.told(pk)


class VoiceChecks(View):
    """Trying the rules on a text."""

    @writes(shapes.VoiceCheckInput, shapes.VoiceFindingsShape, operation_id="brand_voice_check")
    def post(self, _request: Request) -> Response:
        """What the rules would say of it there; nothing is kept."""
        given = self.body(shapes.VoiceCheckInput)
        found = checking.try_on(given.pop("text"), actor=self.person, **given)
        return Response({"findings": [one.as_json() for one in found]})
