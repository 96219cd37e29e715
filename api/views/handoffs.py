"""Hand-overs: what is asked of whom, and what they say to it."""

from __future__ import annotations

from dataclasses import asdict

from rest_framework.request import Request
from rest_framework.response import Response

from api.serializers import inputs, outputs
from api.views.base import View, reads, writes
from inbox.selectors import items
from routing.selectors import handoffs, hops
from routing.services import handoff

AT_MOST = 200


class Asks(View):
    """Open hand-overs."""

    @reads(outputs.HandoffsShape, inputs.HandoffQuery, operation_id="handoffs_list")
    def get(self, _request: Request) -> Response:
        """At most 200: those that you may accept or decline, overdue escalations first; or those that you asked for."""
        find = handoffs.asks_for if self.query(inputs.HandoffQuery)["side"] == "received" else handoffs.asked_by
        return Response({"results": [outputs.handoff(one) for one in find(self.access, limit=AT_MOST)]})


class Hops(View):
    """How quickly queues answer each other."""

    @reads(outputs.HopsShape, inputs.HopsQuery, operation_id="handoffs_times")
    def get(self, _request: Request) -> Response:
        """By pair of queues and kind, where you read one of the two; content asked for as well."""
        days = self.query(inputs.HopsQuery)["days"]
        return Response({"days": days, "results": [asdict(one) for one in hops.hops(self.access, days=days)]})


class Handoffs(View):
    """Asking another queue."""

    @writes(inputs.HandoffInput, outputs.HandoffShape, status=201, operation_id="conversations_hand_off")
    def post(self, _request: Request, pk: int) -> Response:
        """Queue and owner stay until it is accepted."""
        given = self.body(inputs.HandoffInput)
        queue = items.queue_named(given.pop("queue"))
        made = handoff.ask(pk, to=queue, actor=self.person, **given)
        return Response(outputs.handoff(made), status=201)


class HandoffDecision(View):
    """What the receivers, or the asker, say to a hand-over."""

    @writes(inputs.Nothing, outputs.HandoffShape, operation_id="handoffs_accept")
    def post(self, _request: Request, pk: int) -> Response:
        """Accept: queue and owner move."""
        self.body(inputs.Nothing)
        return Response(outputs.handoff(handoff.accept(pk, actor=self.person)))


class HandoffDecline(View):
    """No."""

    @writes(inputs.ReasonInput, outputs.HandoffShape, operation_id="handoffs_decline")
    def post(self, _request: Request, pk: int) -> Response:
        """Decline with a reason; nothing moves."""
        reason = self.body(inputs.ReasonInput)["reason"]
        return Response(outputs.handoff(handoff.decline(pk, actor=self.person, reason=reason)))


class HandoffWithdraw(View):
    """Never mind."""

    @writes(inputs.Nothing, outputs.HandoffShape, operation_id="handoffs_withdraw")
    def post(self, _request: Request, pk: int) -> Response:
        """Take the question back."""
        self.body(inputs.Nothing)
        return Response(outputs.handoff(handoff.withdraw(pk, actor=self.person)))
