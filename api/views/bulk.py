"""Acts on many conversations: the same services as in the browser."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from api.serializers import bulk as shapes
from api.serializers.inputs import Nothing
from api.views.base import View, reads, writes
from core.errors import Invalid
from inbox.models.bulk import Bulk as Made
from inbox.selectors import bulk as selectors
from inbox.selectors import finding, items
from inbox.selectors.conversations import ANY, Wanted
from inbox.services import bulk


class Bulks(View):
    """Acts on many conversations."""

    @writes(shapes.BulkInput, shapes.BulkShape, status=201, operation_id="bulks_prepare")
    def post(self, _request: Request) -> Response:
        """Write down which conversations and what is to be done; the answer says what will be refused."""
        given = self.body(shapes.BulkInput)
        act, ids, text = given.pop("act"), given.pop("conversations"), given.pop("q").strip()
        access = self.access
        if text:
            ids = finding.everything(access, text, Wanted(status=ANY), bulk.MOST + 1, strict=True)
        if given["queue"]:
            given["queue"] = items.queue_named(given["queue"]).pk
        made = bulk.prepare(act, actor=self.person, conversation_ids=ids, values=given)
        return Response(_shown(self, made), status=201)


def _shown(view: View, made: Made) -> dict[str, Any]:
    foretold = selectors.foretold(made, view.access) if made.state == Made.State.PREPARED else None
    return shapes.shown(selectors.progress(made), foretold)


class Bulk(View):
    """One act on many."""

    @reads(shapes.BulkShape, operation_id="bulks_read")
    def get(self, _request: Request, pk: int) -> Response:
        """How far it is; your own only."""
        return Response(_shown(self, selectors.get_bulk(self.person, pk)))


class BulkRows(View):
    """What became of each."""

    @reads(shapes.BulkRowsShape, shapes.BulkRowsQuery, operation_id="bulks_rows")
    def get(self, _request: Request, pk: int) -> Response:
        """In the order in which they are done."""
        asked = self.query(shapes.BulkRowsQuery)
        made = selectors.get_bulk(self.person, pk)
        rows = selectors.results(made, after=_after(asked["cursor"]), limit=asked["limit"] + 1)
        page = rows[: asked["limit"]]
        following = str(page[-1].pk) if len(rows) > len(page) else None
        return Response({"results": [shapes.row(one) for one in page], "next": following})


def _after(cursor: str) -> int:
    if cursor and not (cursor.isdecimal() and len(cursor) < 18):
        raise Invalid("This page does not belong here.", fields={"cursor": "Begin anew."})
    return int(cursor or 0)


class BulkStart(View):
    """Begin."""

    @writes(Nothing, shapes.BulkShape, status=202, operation_id="bulks_start")
    def post(self, _request: Request, pk: int) -> Response:
        """Let workers do it."""
        self.body(Nothing)
        return Response(_shown(self, bulk.start(pk, actor=self.person)), status=202)


class BulkStop(View):
    """Stop."""

    @writes(Nothing, shapes.BulkShape, operation_id="bulks_stop")
    def post(self, _request: Request, pk: int) -> Response:
        """Leave what is not done yet."""
        self.body(Nothing)
        return Response(_shown(self, bulk.stop(pk, actor=self.person)))


class BulkUndo(View):
    """Take it back."""

    @writes(Nothing, shapes.BulkShape, status=202, operation_id="bulks_undo")
    def post(self, _request: Request, pk: int) -> Response:
        """For ten minutes after its end, wherever nothing has changed since."""
        self.body(Nothing)
        return Response(_shown(self, bulk.undo(pk, actor=self.person)), status=202)
