"""Promises, hours and the clocks of a conversation. Supervisors read policies and hours, administrators change them."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from api.serializers import targets as shapes
from api.serializers.inputs import Nothing
from api.views.base import SettingsView, View, reads, writes
from inbox.selectors import conversations
from routing.selectors import clocks, targets
from routing.services import forecast
from routing.services import hours as hours_services
from routing.services import targets as services


class Targets(SettingsView):
    """All policies in force."""

    @reads(shapes.PoliciesShape, operation_id="targets_list")
    def get(self, _request: Request) -> Response:
        """With what will not work about them."""
        return Response({"results": [shapes.policy(one) for one in targets.policies()]})

    @writes(shapes.PolicyInput, shapes.PolicyShape, status=201, operation_id="targets_create")
    def post(self, _request: Request) -> Response:
        """A new policy; who waits already is reckoned in."""
        given = self.body(shapes.PolicyInput)
        row = services.create(given["name"], shapes.scope(given), shapes.terms(given), actor=self.person)
        return Response(shapes.policy(targets.policy(row.pk)), status=201)


class Target(SettingsView):
    """One policy."""

    @reads(shapes.PolicyShape, operation_id="targets_read")
    def get(self, _request: Request, pk: int) -> Response:
        """As it is in force."""
        return Response(shapes.policy(targets.policy(pk)))

    @writes(shapes.ChangeInput, shapes.PolicyShape, operation_id="targets_change")
    def post(self, _request: Request, pk: int) -> Response:
        """A new version; running clocks get shorter by it, and longer only with a reason."""
        given = self.body(shapes.ChangeInput)
        services.change(
            pk,
            name=given["name"],
            terms=shapes.terms(given),
            actor=self.person,
            lengthen_because=given["lengthen_because"],
        )
        return Response(shapes.policy(targets.policy(pk)))


class TargetsForecast(SettingsView):
    """A policy before it is made."""

    @writes(shapes.PolicyInput, shapes.ForecastShape, operation_id="targets_forecast")
    def post(self, _request: Request) -> Response:
        """What it would do to the clocks that run now; nothing is written."""
        given = self.body(shapes.PolicyInput)
        found = forecast.of_new(shapes.scope(given), shapes.terms(given), actor=self.person)
        return Response(shapes.forecast(found))


class TargetForecast(SettingsView):
    """A policy before it is changed."""

    @writes(shapes.ChangeInput, shapes.ForecastShape, operation_id="targets_change_forecast")
    def post(self, _request: Request, pk: int) -> Response:
        """What other terms would do to the clocks that run now; nothing is written."""
        given = self.body(shapes.ChangeInput)
        lengthens = bool(given["lengthen_because"].strip())
        return Response(
            shapes.forecast(forecast.of_change(pk, shapes.terms(given), actor=self.person, lengthens=lengthens))
        )


class TargetEnd(SettingsView):
    """The end of a policy."""

    @writes(Nothing, None, status=204, operation_id="targets_end")
    def post(self, _request: Request, pk: int) -> Response:
        """It promises nothing new; what runs by it runs on."""
        self.body(Nothing)
        services.archive(pk, actor=self.person)
        return Response(status=204)


class Jobs(SettingsView):
    """Clocks reckoned anew."""

    @reads(shapes.JobsShape, operation_id="target_jobs_list")
    def get(self, _request: Request) -> Response:
        """The last 20 jobs, newest first."""
        return Response({"results": [shapes.job(one) for one in targets.jobs()]})


class AllHours(SettingsView):
    """Business hours."""

    @reads(shapes.AllHoursShape, operation_id="hours_list")
    def get(self, _request: Request) -> Response:
        """By name, with the queues that keep them."""
        return Response({"results": [shapes.hours(one) for one in targets.all_hours()]})

    @writes(shapes.HoursInput, shapes.HoursShape, status=201, operation_id="hours_create")
    def post(self, _request: Request) -> Response:
        """New hours."""
        given = self.body(shapes.HoursInput)
        row = hours_services.create(given["name"], shapes.week(given), actor=self.person)
        return Response(shapes.hours(targets.hours(row.pk)), status=201)


class Hours(SettingsView):
    """One set of hours."""

    @reads(shapes.HoursShape, operation_id="hours_read")
    def get(self, _request: Request, pk: int) -> Response:
        """As they are in force."""
        return Response(shapes.hours(targets.hours(pk)))

    @writes(shapes.HoursInput, shapes.HoursShape, operation_id="hours_change")
    def post(self, _request: Request, pk: int) -> Response:
        """A new version; running clocks by these hours are reckoned anew."""
        given = self.body(shapes.HoursInput)
        hours_services.change(pk, name=given["name"], week=shapes.week(given), actor=self.person)
        return Response(shapes.hours(targets.hours(pk)))


class QueueHours(SettingsView):
    """Which hours a queue keeps."""

    @writes(shapes.QueueHoursInput, None, status=204, operation_id="queues_hours")
    def post(self, _request: Request, pk: int) -> Response:
        """null = always open."""
        hours_services.set_queue_hours(pk, hours_id=self.body(shapes.QueueHoursInput)["hours"], actor=self.person)
        return Response(status=204)


class Clocks(View):
    """What was promised in a conversation."""

    @reads(shapes.ClocksShape, operation_id="conversations_clocks")
    def get(self, _request: Request, pk: int) -> Response:
        """All clocks, the newest case and turn first; at most 200."""
        conversations.require_visible(self.access, pk)
        return Response({"results": [shapes.clock(one) for one in clocks.clocks_of(pk)]})
