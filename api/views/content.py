"""Escalations, answers to hand-overs, and asking for content."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from api.serializers import desks as shapes
from api.serializers import inputs, outputs
from api.views.base import View, reads, writes
from inbox.selectors import conversations, items
from routing.selectors import content
from routing.services import asks, escalation, handoff


class Escalations(View):
    """Asking another queue urgently."""

    @writes(shapes.EscalationInput, outputs.HandoffShape, status=201, operation_id="conversations_escalate")
    def post(self, _request: Request, pk: int) -> Response:
        """Somebody there is to acknowledge it in time, else it climbs; queue and owner stay until it is accepted."""
        given = self.body(shapes.EscalationInput)
        queue, urgency = items.queue_named(given.pop("queue")), shapes.URGENCY[given.pop("urgency")]
        made = escalation.escalate(pk, to=queue, actor=self.person, urgency=urgency, **given)
        return Response(outputs.handoff(made), status=201)


class Acknowledgement(View):
    """On it."""

    @writes(inputs.Nothing, outputs.HandoffShape, operation_id="handoffs_acknowledge")
    def post(self, _request: Request, pk: int) -> Response:
        """Acknowledge an escalation: nobody is chased any more."""
        self.body(inputs.Nothing)
        return Response(outputs.handoff(escalation.acknowledge(pk, actor=self.person)))


class HandoffAnswer(View):
    """Answering instead of taking."""

    @writes(shapes.AnswerInput, outputs.HandoffShape, operation_id="handoffs_answer")
    def post(self, _request: Request, pk: int) -> Response:
        """Answer what was asked and return it; queue and owner stay."""
        return Response(outputs.handoff(handoff.answer(pk, actor=self.person, **self.body(shapes.AnswerInput))))


class ConversationContent(View):
    """Asks for content of one conversation."""

    @reads(shapes.ContentAsksShape, operation_id="conversations_content_asks")
    def get(self, _request: Request, pk: int) -> Response:
        """All of them with what came back, newest first."""
        found = conversations.get_visible_conversation(self.person, pk)
        return Response({"results": [shapes.content_ask(row) for row in content.of_conversation(found)]})

    @writes(shapes.ContentInput, shapes.ContentAskShape, status=201, operation_id="conversations_ask_for_content")
    def post(self, _request: Request, pk: int) -> Response:
        """Ask another queue; the conversation stays yours."""
        given = self.body(shapes.ContentInput)
        row = asks.ask(pk, to=items.queue_named(given["queue"]), actor=self.person, ask=given["ask"])
        return Response(shapes.content_ask(row), status=201)


class ContentAsks(View):
    """What is asked of your queues."""

    @reads(shapes.ContentAsksShape, operation_id="content_asks_list")
    def get(self, _request: Request) -> Response:
        """Open ones, the oldest first."""
        return Response({"results": [shapes.content_ask(row) for row in content.asked(self.access)]})


class ContentAnswer(View):
    """Here it is."""

    @writes(shapes.AnswerInput, shapes.ContentAskShape, operation_id="content_asks_answer")
    def post(self, _request: Request, pk: int) -> Response:
        """It lies beside the composer of who answers the contact."""
        return Response(shapes.content_ask(asks.answer(pk, actor=self.person, **self.body(shapes.AnswerInput))))


class ContentDecline(View):
    """No."""

    @writes(inputs.ReasonInput, shapes.ContentAskShape, operation_id="content_asks_decline")
    def post(self, _request: Request, pk: int) -> Response:
        """Decline with a reason."""
        return Response(shapes.content_ask(asks.decline(pk, actor=self.person, **self.body(inputs.ReasonInput))))


class ContentWithdraw(View):
    """Never mind."""

    @writes(inputs.Nothing, shapes.ContentAskShape, operation_id="content_asks_withdraw")
    def post(self, _request: Request, pk: int) -> Response:
        """It is not needed any more."""
        self.body(inputs.Nothing)
        return Response(shapes.content_ask(asks.withdraw(pk, actor=self.person)))


class Summary(View):
    """The story so far."""

    @reads(shapes.SummaryShape, operation_id="conversations_summary")
    def get(self, _request: Request, pk: int) -> Response:
        """The thread in a few lines, to begin a hand-over with."""
        found = conversations.get_visible_conversation(self.person, pk)
        return Response({"summary": content.summary_of(found)})
