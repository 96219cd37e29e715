"""All addresses: staff pages, the API for machines, sign-in."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from api.errors import server_error as told_to_machines
from web.views.errors import server_error as shown_to_people

API = "api/v1/"

urlpatterns = [
    path("account/", include("web.urls_signin")),
    path(API, include("api.urls")),
    path("", include("web.urls")),
]

handler400 = "web.views.errors.bad_request"
handler403 = "web.views.errors.forbidden"
handler404 = "web.views.errors.not_found"


def handler500(request: HttpRequest) -> HttpResponse:
    """Each in its own form."""
    return (told_to_machines if request.path.startswith(f"/{API}") else shown_to_people)(request)
