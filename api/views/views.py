"""Saved views: the same services as in the browser."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from api.serializers import views as shapes
from api.serializers.inputs import Nothing
from api.views.base import View, reads, writes
from inbox.selectors import views as selectors
from inbox.services import views


class SavedViews(View):
    """Searches under a name."""

    @reads(shapes.ViewsShape, operation_id="views_list")
    def get(self, _request: Request) -> Response:
        """Yours, your teams' and everybody's."""
        return Response({"results": [shapes.view(row) for row in selectors.views_of(self.access)]})

    @writes(shapes.ViewInput, shapes.ViewShape, status=201, operation_id="views_create")
    def post(self, _request: Request) -> Response:
        """Keep a search."""
        return Response(shapes.view(views.create(actor=self.person, **_given(self))), status=201)


def _given(view: View) -> dict[str, Any]:
    given = view.body(shapes.ViewInput)
    return {"text": given.pop("query"), **given}


class SavedViewDetail(View):
    """One view."""

    @reads(shapes.CountedViewShape, operation_id="views_read")
    def get(self, _request: Request, pk: int) -> Response:
        """With how many conversations it holds for you."""
        access = self.access
        row = selectors.get_view(access, pk)
        count, more = selectors.count_of(access, row)
        return Response({**shapes.view(row), "count": count, "more": more})

    @writes(shapes.ViewInput, shapes.ViewShape, operation_id="views_change")
    def post(self, _request: Request, pk: int) -> Response:
        """Rename it, share it, change what it shows; for the person whose it is."""
        return Response(shapes.view(views.change(pk, actor=self.person, **_given(self))))


class SavedViewDeletion(View):
    """Gone, and back."""

    @writes(Nothing, shapes.ViewShape, operation_id="views_delete")
    def post(self, _request: Request, pk: int) -> Response:
        """Take it out of everybody's lists."""
        self.body(Nothing)
        return Response(shapes.view(views.delete(pk, actor=self.person)))

    @writes(None, shapes.ViewShape, operation_id="views_restore")
    def delete(self, _request: Request, pk: int) -> Response:
        """Bring it back."""
        return Response(shapes.view(views.restore(pk, actor=self.person)))
