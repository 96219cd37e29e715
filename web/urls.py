"""Staff pages, one module of addresses per area."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("web.urls_health")),
    path("", include("web.urls_people")),
    path("", include("web.urls_channels")),
    path("", include("web.urls_desks")),
    path("", include("web.urls_rules")),
    path("", include("web.urls_triage")),
    path("", include("web.urls_inbox")),
    path("", include("web.urls_replies")),
    path("", include("web.urls_views")),
    path("", include("web.urls_targets")),
    path("", include("web.urls_notices")),
    path("media/", include("web.urls_media")),
]
