"""The devices on which one is told: what is handed in, and what is shown, which is less."""

from __future__ import annotations

from rest_framework import serializers

from api.serializers.inputs import Strict
from api.serializers.outputs import Json, Shape
from routing.selectors.devices import Shown


class DeviceInput(Strict):
    """A push subscription as browsers give it (`PushSubscription.toJSON()`), without its time."""

    endpoint = serializers.CharField(max_length=2000, help_text="https, a host with a name, port 443.")
    p256dh = serializers.CharField(max_length=100, help_text="base64url of 65 bytes.")
    auth = serializers.CharField(max_length=40, help_text="base64url of 16 bytes.")
    agent = serializers.CharField(
        max_length=200, required=False, default="", allow_blank=True, help_text="What it calls itself, for the list."
    )


class DeviceShape(Shape):
    id = serializers.IntegerField()
    agent = serializers.CharField()
    made_at = serializers.DateTimeField()
    pushed_at = serializers.DateTimeField(allow_null=True, help_text="When a notice got to its push service last.")
    failure = serializers.CharField(help_text="Why the last one did not, in a sentence; or empty.")
    awake = serializers.BooleanField(help_text="Somebody is signed in there; else it gets nothing until they are.")


class DevicesShape(Shape):
    key = serializers.CharField(
        help_text="The `applicationServerKey` of subscriptions; empty = nothing is pushed here."
    )
    results = DeviceShape(many=True)


def device(one: Shown) -> Json:
    return {
        "id": one.pk,
        "agent": one.agent,
        "made_at": one.made_at,
        "pushed_at": one.pushed_at,
        "failure": one.failure,
        "awake": one.awake,
    }
