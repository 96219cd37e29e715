from django.apps import AppConfig

from inbox import dispatch


class RoutingConfig(AppConfig):
    name = "routing"

    def ready(self) -> None:
        from accounts import hooks  # models exist from here on
        from accounts.models import Device
        from channels.services import rotation
        from routing import bulk, facets
        from routing.models.webhook import Webhook
        from routing.services import assignment, devices, hanging, pipeline, placement, sla, telling, webhooks
        from routing.triage import language

        dispatch.place_with(placement.place)
        dispatch.clocks_with(sla.refresh)
        dispatch.triage_with(pipeline.TASK)
        dispatch.languages_with(language.of)
        dispatch.hang("handoff", hanging.OpenHandoffs())
        dispatch.hang("content", hanging.OpenContentAsks())
        dispatch.hang("lane", hanging.Lanes())
        dispatch.subscribe("assignment", assignment.hint_drain, kinds=assignment.FREEING)
        dispatch.subscribe("notices", telling.tell, kinds=telling.KINDS)
        facets.register()
        rotation.register(rotation.Sealed(Webhook, "sealed_secret", webhooks.place))
        rotation.register(rotation.Sealed(Device, "sealed", devices.place))
        bulk.register()
        hooks.on_presence("assignment", assignment.freed)
