"""What triage said, and what people say to it."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from api.serializers import triage as shapes
from api.serializers.inputs import Nothing
from api.views.base import View, hide_from, reads, writes
from channels import directory
from channels.services import brands
from core.errors import NotFound
from inbox.services import issues
from routing.selectors import triage
from routing.services import corrections, learnt, samples


class MessageTriage(View):
    """The verdicts on one message."""

    @reads(shapes.TriageShape, operation_id="messages_triage")
    def get(self, _request: Request, pk: int) -> Response:
        """Value, confidence and reason of each label; what a person corrected stands as corrected."""
        told = [shapes.told(one) for one in triage.told_of(pk, self.access)]
        return Response({"message": pk, "verdicts": told})


class Corrections(View):
    """What is right."""

    @writes(shapes.CorrectionInput, shapes.CorrectionShape, operation_id="messages_correct")
    def post(self, _request: Request, pk: int) -> Response:
        """Put one label right; triage learns from it."""
        given = self.body(shapes.CorrectionInput)
        return Response(shapes.correction(corrections.correct(pk, actor=self.person, **given)))


class Sample(View):
    """The daily sample."""

    @reads(shapes.SamplesShape, operation_id="sample_list")
    def get(self, _request: Request) -> Response:
        """At most 50 messages that chance chose and nobody has looked at, the oldest first."""
        return Response({"results": [shapes.sample(one) for one in triage.open_sample(self.access)]})


class SampleDecision(View):
    """A person's look."""

    @writes(shapes.SampleInput, shapes.DecidedShape, operation_id="sample_decide")
    def post(self, _request: Request, pk: int) -> Response:
        """Confirm what triage said, but for what is given."""
        row = samples.decide(pk, changed=self.body(shapes.SampleInput), actor=self.person)
        return Response({"id": row.pk, "state": row.state})


class SampleSkip(View):
    """No look."""

    @writes(Nothing, shapes.DecidedShape, operation_id="sample_skip")
    def post(self, _request: Request, pk: int) -> Response:
        """Leave out what nobody can judge."""
        self.body(Nothing)
        row = samples.skip(pk, actor=self.person)
        return Response({"id": row.pk, "state": row.state})


class Issues(View):
    """The organisation's list of problems."""

    @reads(shapes.IssuesShape, operation_id="issues_list")
    def get(self, _request: Request) -> Response:
        """What is on the list, in its order."""
        return Response({"results": [shapes.issue(one) for one in triage.issues()]})

    @writes(shapes.IssueInput, shapes.IssueShape, status=201, operation_id="issues_create")
    def post(self, _request: Request) -> Response:
        """One more; for administrators."""
        given = self.body(shapes.IssueInput)
        return Response(shapes.issue(issues.create(given["name"], words=given["words"], actor=self.person)), status=201)


class Issue(View):
    """One kind of problem."""

    @writes(shapes.IssueInput, shapes.IssueShape, operation_id="issues_change")
    def post(self, _request: Request, pk: int) -> Response:
        """Another name or other words; for administrators."""
        given = self.body(shapes.IssueInput)
        return Response(shapes.issue(issues.change(pk, actor=self.person, **given)))


class IssueRetirement(View):
    """The end of an issue."""

    @writes(Nothing, shapes.IssueShape, operation_id="issues_retire")
    def post(self, _request: Request, pk: int) -> Response:
        """Take it off the list; what was judged by it keeps it. For administrators."""
        self.body(Nothing)
        return Response(shapes.issue(issues.retire(pk, actor=self.person)))


class BrandWords(View):
    """What a brand is called, and what sounds like it."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        hide_from(self, request, hidden=not self.access.is_administrator)

    @reads(shapes.BrandWordsShape, operation_id="brands_words")
    def get(self, _request: Request, pk: int) -> Response:
        """Its words beside its name, and the phrases in which such a word means something else."""
        return Response(shapes.brand_words(directory.brand(pk)))

    @writes(shapes.BrandWordsInput, shapes.BrandWordsShape, operation_id="brands_set_words")
    def post(self, _request: Request, pk: int) -> Response:
        """Set both lists; messages that are judged from now on are judged by them."""
        given = self.body(shapes.BrandWordsInput)
        return Response(shapes.brand_words(brands.set_words(pk, actor=self.person, **given)))


class Models(View):
    """What was learnt from corrections."""

    @reads(shapes.ModelsShape, operation_id="triage_models_list")
    def get(self, _request: Request) -> Response:
        """The newest 40; for administrators."""
        if not self.access.is_administrator:
            raise NotFound("There is no such address.")
        return Response({"results": [shapes.model(one) for one in triage.models()]})


class ModelWithdrawal(View):
    """Going back."""

    @writes(Nothing, shapes.ModelShape, operation_id="triage_models_withdraw")
    def post(self, _request: Request, pk: int) -> Response:
        """Take a model out of force; the one before it judges again, or words and rules. For administrators."""
        self.body(Nothing)
        return Response(shapes.model(learnt.go_back(pk, actor=self.person)))
