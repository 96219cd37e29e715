"""Every error in one form: `{code, message, fields}`, and `current` where something else is true by now."""

from __future__ import annotations

from typing import Any

import structlog
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, JsonResponse
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import exception_handler

from api.parsers import TooLarge
from core.errors import NotFound, SocialCareError, TransientChannelError
from core.wording import said

log = structlog.get_logger(__name__)

AGAIN_S = "5"
LONGEST_SENTENCE = 500
WHOLE = api_settings.NON_FIELD_ERRORS_KEY

CODES = {
    exceptions.NotAuthenticated: "not_authenticated",
    exceptions.AuthenticationFailed: "not_authenticated",
    exceptions.PermissionDenied: "forbidden",
    exceptions.MethodNotAllowed: "method_not_allowed",
    exceptions.UnsupportedMediaType: "unsupported_media_type",
    exceptions.NotAcceptable: "not_acceptable",
    exceptions.ParseError: "not_json",
    exceptions.Throttled: "throttled",
    TooLarge: "too_large",
}


def body(code: str, message: str, fields: dict[str, str] | None = None, **more: Any) -> dict[str, Any]:
    """The one form of an error. What it repeats of the input can be written down, and is short."""
    named = {_writable(name): _writable(said(sentence)) for name, sentence in (fields or {}).items()}
    return {"code": code, "message": _writable(said(message)), "fields": named, **more}


def _writable(text: str) -> str:
    """Half a surrogate pair, which JSON can bring, cannot leave as UTF-8."""
    return text[:LONGEST_SENTENCE].encode("utf-8", "backslashreplace").decode()


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """`EXCEPTION_HANDLER` of the API."""
    if isinstance(error, Http404 | exceptions.NotFound | NotFound):
        # One sentence for all: another one would tell what is absent from what is not yours.
        return Response(body("not_found", "There is nothing here, or it is not yours."), status=404)
    if isinstance(error, SocialCareError):
        return _ours(error)
    if isinstance(error, OperationalError | InterfaceError):
        log.warning("api.unavailable")
        unavailable = body("unavailable", "The database is away, or was too slow. Try again soon.")
        return Response(unavailable, status=503, headers={"Retry-After": AGAIN_S})
    if isinstance(error, exceptions.ValidationError):
        fields = dict(_flat(error.detail))
        return Response(body("invalid", "Some fields are wrong.", fields), status=422)
    response = exception_handler(error, context)
    if response is not None and isinstance(error, exceptions.APIException):
        response.data = body(CODES.get(type(error), "error"), str(error.detail))
    return response


def server_error(_request: HttpRequest) -> JsonResponse:
    """What went wrong is in the log, under the request's id."""
    return JsonResponse(body("server_error", "Something went wrong on our side."), status=500)


def _ours(error: SocialCareError) -> Response:
    more = {"current": error.current} if error.current or error.http_status == 409 else {}
    response = Response(body(error.code, error.message, error.fields, **more), status=error.http_status)
    if isinstance(error, TransientChannelError) and error.retry_after:
        response["Retry-After"] = error.retry_after.strftime("%a, %d %b %Y %H:%M:%S GMT")
    return response


def _flat(detail: Any, path: str = "") -> Any:
    """Nested messages of serializers as (field, sentence)."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            own = path if name == WHOLE else f"{path}.{name}" if path else str(name)
            yield from _flat(inner, own)
    elif isinstance(detail, list) and detail and not isinstance(detail[0], str):
        for index, inner in enumerate(detail):
            yield from _flat(inner, f"{path}[{index}]")
    else:
        sentences = detail if isinstance(detail, list) else [detail]
        yield path or "body", " ".join(map(str, sentences))
