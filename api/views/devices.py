"""The devices on which the caller is told."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import ApiToken
from accounts.services.devices import SignIn
from api.serializers import devices as shapes
from api.serializers.inputs import Nothing
from api.views.base import View, reads, writes
from channels.webpush import Subscription
from routing.selectors.devices import devices_of, public_key
from routing.services import devices


class DevicesView(View):
    """Where the operator set no PUSH_KEY there is no key, and every act is a conflict (`push_off`)."""

    def listed(self) -> Response:
        """All of the caller's."""
        results = [shapes.device(one) for one in devices_of(self.person)]
        return Response({"key": public_key(), "results": results})


class Devices(DevicesView):
    """Your devices."""

    @reads(shapes.DevicesShape, operation_id="devices_list")
    def get(self, _request: Request) -> Response:
        """Newest first, without where they are reached."""
        return self.listed()

    @writes(shapes.DeviceInput, shapes.DevicesShape, operation_id="devices_add")
    def post(self, request: Request) -> Response:
        """Be told there, as long as the token that says so works; at most 10. The same browser twice is one device."""
        body = self.body(shapes.DeviceInput)
        token = request.auth
        assert isinstance(token, ApiToken)  # IsAuthenticated has checked it
        sign_in = SignIn(token_id=token.pk, agent=body.pop("agent"))
        devices.add(Subscription(**body), sign_in, actor=self.person)
        return self.listed()


class DeviceRemoval(DevicesView):
    """One of your devices."""

    @writes(Nothing, shapes.DevicesShape, operation_id="devices_remove")
    def post(self, _request: Request, pk: int) -> Response:
        """Be told there no more."""
        self.body(Nothing)
        devices.remove(pk, actor=self.person)
        return self.listed()


class DeviceTrial(DevicesView):
    """Trying a device."""

    @writes(Nothing, shapes.DevicesShape, operation_id="devices_try")
    def post(self, _request: Request, pk: int) -> Response:
        """Push a notice that says that it works, whatever the hour; one at a time."""
        self.body(Nothing)
        devices.try_out(pk, actor=self.person)
        return self.listed()
