from django.apps import AppConfig

from inbox import dispatch


class RoutingConfig(AppConfig):
    name = "routing"

    def ready(self) -> None:
        from routing.services import hanging, placement  # models exist from here on

        dispatch.place_with(placement.place)
        dispatch.hang("handoff", hanging.OpenHandoffs())
