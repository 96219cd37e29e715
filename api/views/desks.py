"""Queues and their people: settings, presence, what is next, and what nobody can take."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from accounts import selectors as accounts
from accounts.models import Presence
from accounts.services import presence
from api.serializers import desks as shapes
from api.serializers import inputs, outputs
from api.views.base import View, reads, writes
from api.views.conversations import detail
from core.errors import Conflict
from routing.selectors import staffing as selectors
from routing.services import lane, staffing
from routing.services import next as upcoming

AT_MOST = 500


class Staffing(View):
    """How a queue finds its people."""

    @reads(shapes.StaffingShape, operation_id="queues_staffing")
    def get(self, _request: Request, pk: int) -> Response:
        """With warnings of what will leave work lying."""
        queue = staffing.readable(self.access, pk)
        return Response(shapes.staffing(queue, *selectors.settings_of(queue)))

    @writes(shapes.StaffingInput, shapes.StaffingShape, operation_id="queues_staff")
    def post(self, _request: Request, pk: int) -> Response:
        """Replace the settings; for the desk's supervisors and administrators."""
        given = self.body(shapes.StaffingInput)
        skills = {one["skill"]: one["level"] for one in given.pop("skills")}
        wanted = staffing.Settings(skills=skills, lane_queue_id=given.pop("lane_queue"), **given)
        staffing.set_queue(pk, wanted, actor=self.person)
        queue = staffing.readable(self.access, pk)
        return Response(shapes.staffing(queue, *selectors.settings_of(queue)))


class Agents(View):
    """People with what they take and can."""

    @reads(shapes.AgentsShape, operation_id="agents_list")
    def get(self, _request: Request) -> Response:
        """Those whose teams you supervise; everybody for administrators."""
        rows = accounts.workers_for(self.person)
        return Response({"results": [shapes.agent(one) for one in selectors.people(list(rows[:AT_MOST]))]})


class AgentDetail(View):
    """One person."""

    @writes(shapes.AgentInput, shapes.AgentShape, operation_id="agents_staff")
    def post(self, _request: Request, pk: int) -> Response:
        """Change capacity, skills and working hours."""
        given = self.body(shapes.AgentInput)
        skills, periods = given["skills"], given["periods"]
        changed = staffing.set_person(
            pk,
            actor=self.person,
            capacity=given["capacity"],
            skills=None if skills is None else {one["skill"]: one["level"] for one in skills},
            periods=None if periods is None else [(one["weekday"], one["start"], one["end"]) for one in periods],
        )
        return Response(shapes.agent(selectors.people([accounts.detailed(changed.pk)])[0]))


class Skills(View):
    """Skills and languages."""

    @reads(shapes.SkillsShape, operation_id="skills_list")
    def get(self, _request: Request) -> Response:
        """All, by name."""
        return Response({"results": [shapes.skill(row) for row, _ in selectors.skills()]})

    @writes(shapes.SkillInput, shapes.SkillShape, status=201, operation_id="skills_create")
    def post(self, _request: Request) -> Response:
        """Add one; for administrators."""
        row = staffing.create_skill(**self.body(shapes.SkillInput), actor=self.person)
        return Response(shapes.skill(row), status=201)


class SkillDetail(View):
    """One skill."""

    @writes(None, None, status=204, operation_id="skills_remove")
    def delete(self, _request: Request, pk: int) -> Response:
        """Remove it, where nothing asks for it; for administrators."""
        staffing.remove_skill(pk, actor=self.person)
        return Response(status=204)


class OwnPresence(View):
    """Whether you take work."""

    @reads(shapes.PresenceShape, operation_id="presence_read")
    def get(self, _request: Request) -> Response:
        """What you have said."""
        row = accounts.presence_of(self.person)
        return Response(_presence(row))

    @writes(shapes.PresenceInput, shapes.PresenceShape, operation_id="presence_say")
    def post(self, _request: Request) -> Response:
        """Say it; pushed work comes to who is available."""
        given = self.body(shapes.PresenceInput)
        row = presence.set_status(self.person, given["presence"], capacity=given["capacity"], reason=given["reason"])
        return Response(_presence(row))


def _presence(row: Presence) -> dict[str, Any]:
    return {"presence": row.status, "reason": row.reason, "capacity": row.capacity}


class Next(View):
    """What to do next."""

    @writes(inputs.Nothing, shapes.NextShape, operation_id="next")
    def post(self, _request: Request) -> Response:
        """Claim the best conversation that waits for you."""
        self.body(inputs.Nothing)
        try:
            row = upcoming.next_for(self.person)
        except Conflict as error:
            if error.code != "nothing_waits":
                raise
            return Response({"conversation": None, "why": error.message})
        return Response({"conversation": detail(self, row.pk), "why": ""})


class Skip(View):
    """Leaving what one was given."""

    @writes(shapes.SkipInput, outputs.ConversationDetailShape, operation_id="conversations_skip")
    def post(self, _request: Request, pk: int) -> Response:
        """Back to its queue with a reason; it is not given to you again until the contact writes."""
        upcoming.skip(pk, actor=self.person, **self.body(shapes.SkipInput))
        return Response(detail(self, pk))


class LaneReturn(View):
    """The first refusal of what spreads."""

    @writes(inputs.Nothing, shapes.SummaryShape, operation_id="conversations_return_from_lane")
    def post(self, _request: Request, pk: int) -> Response:
        """Hand it back before the time is over."""
        self.body(inputs.Nothing)
        row = lane.give_back(pk, actor=self.person)
        return Response({"summary": f"It is back in {row.home_queue.name}."})


class Stuck(View):
    """What nobody can take."""

    @reads(shapes.StuckListShape, operation_id="stuck_list")
    def get(self, _request: Request) -> Response:
        """In the queues that you run, with the reason; what lasts first."""
        return Response({"results": [shapes.stuck(one) for one in selectors.stuck(self.access)]})
