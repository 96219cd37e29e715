from django.apps import AppConfig

from inbox import dispatch


class RoutingConfig(AppConfig):
    name = "routing"

    def ready(self) -> None:
        from accounts import hooks  # models exist from here on
        from routing import facets
        from routing.services import assignment, hanging, pipeline, placement, sla

        dispatch.place_with(placement.place)
        dispatch.clocks_with(sla.refresh)
        dispatch.triage_with(pipeline.TASK)
        dispatch.hang("handoff", hanging.OpenHandoffs())
        dispatch.hang("content", hanging.OpenContentAsks())
        dispatch.hang("lane", hanging.Lanes())
        dispatch.subscribe("assignment", assignment.hint_drain, kinds=assignment.FREEING)
        facets.register()
        hooks.on_presence("assignment", assignment.freed)
