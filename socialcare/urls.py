"""All addresses: staff pages, the API for machines, sign-in."""

from django.urls import include, path

urlpatterns = [
    path("account/", include("web.urls_signin")),
    path("api/v1/", include("api.urls")),
    path("", include("web.urls")),
]

handler400 = "web.views.errors.bad_request"
handler403 = "web.views.errors.forbidden"
handler404 = "web.views.errors.not_found"
handler500 = "web.views.errors.server_error"
