"""Macros: the list of them, what one would do, doing it and taking it back."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from api.serializers import macros as shapes
from api.serializers.inputs import Nothing
from api.serializers.replies import SharedQuery, sharing_of
from api.views.base import View, client_token, reads, writes
from inbox.selectors import conversations
from routing.selectors import macros as selector
from routing.services import macro_runs, macros


class Macros(View):
    """Several acts with one name."""

    @reads(shapes.MacrosShape, SharedQuery, operation_id="macros_list")
    def get(self, _request: Request) -> Response:
        """Yours, your teams' and everybody's, by name, at most 200."""
        rows = selector.listed(self.access, **self.query(SharedQuery))
        return Response({"results": [shapes.macro(row) for row in rows]})

    @writes(shapes.MacroInput, shapes.MacroShape, status=201, operation_id="macros_create")
    def post(self, _request: Request) -> Response:
        """One more. What everybody uses is written by supervisors."""
        given = self.body(shapes.MacroInput)
        steps = shapes.steps_of(given["steps"])
        row = macros.create(given["name"], steps, sharing_of(given), actor=self.person)
        return Response(shapes.macro(selector.one(self.access, row.pk)), status=201)


class Macro(View):
    """One of them."""

    @reads(shapes.MacroShape, operation_id="macros_read")
    def get(self, _request: Request, pk: int) -> Response:
        """What it does."""
        return Response(shapes.macro(selector.one(self.access, pk)))

    @writes(shapes.MacroInput, shapes.MacroShape, operation_id="macros_change")
    def post(self, _request: Request, pk: int) -> Response:
        """Let it do something else; with `seen` it is refused where somebody was first."""
        given = self.body(shapes.MacroInput)
        steps, seen = shapes.steps_of(given["steps"]), given["seen"]
        macros.change(pk, given["name"], steps, sharing_of(given), actor=self.person, seen=seen)
        return Response(shapes.macro(selector.one(self.access, pk)))


class MacroArchive(View):
    """Out of use."""

    @writes(Nothing, shapes.MacroShape, operation_id="macros_archive")
    def post(self, _request: Request, pk: int) -> Response:
        """It is offered to nobody any more."""
        self.body(Nothing)
        macros.archive(pk, actor=self.person)
        return Response(shapes.macro(selector.one(self.access, pk)))


class MacroRestoration(View):
    """In use again."""

    @writes(Nothing, shapes.MacroShape, operation_id="macros_restore")
    def post(self, _request: Request, pk: int) -> Response:
        """Out of the archive."""
        self.body(Nothing)
        macros.restore(pk, actor=self.person)
        return Response(shapes.macro(selector.one(self.access, pk)))


class MacroPreview(View):
    """What would happen."""

    @writes(shapes.MacroChoice, shapes.PreviewShape, operation_id="conversations_macro_preview")
    def post(self, _request: Request, pk: int) -> Response:
        """Each step as it would go here, and why one cannot be done; nothing is done."""
        conversations.require_visible(self.access, pk)
        return Response(
            shapes.preview(macro_runs.preview(pk, self.body(shapes.MacroChoice)["macro"], actor=self.person))
        )


class MacroRuns(View):
    """Doing it."""

    @writes(shapes.RunInput, shapes.RunShape, status=201, keyed=True, operation_id="conversations_run_macro")
    def post(self, request: Request, pk: int) -> Response:
        """All of it, or nothing; the same key again gives the same run."""
        given = self.body(shapes.RunInput)
        given["client_token"] = client_token(request, given["client_token"], needed=True)
        conversations.require_visible(self.access, pk)
        made = macro_runs.run(pk, given.pop("macro"), actor=self.person, **given)
        return Response(shapes.run(made), status=201)


class MacroUndo(View):
    """Taking it back."""

    @writes(Nothing, shapes.RunShape, operation_id="macro_runs_undo")
    def post(self, _request: Request, pk: int) -> Response:
        """For ten minutes, by whoever ran it, while nothing else has changed."""
        self.body(Nothing)
        return Response(shapes.run(macro_runs.undo(pk, actor=self.person)))
