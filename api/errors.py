"""Every error in one form: `{code, message, fields}`, and `current` where something else is true by now."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from core.errors import SocialCareError, TransientChannelError

CODES = {
    exceptions.NotAuthenticated: "not_authenticated",
    exceptions.AuthenticationFailed: "not_authenticated",
    exceptions.PermissionDenied: "forbidden",
    exceptions.MethodNotAllowed: "method_not_allowed",
    exceptions.UnsupportedMediaType: "unsupported_media_type",
    exceptions.NotAcceptable: "not_acceptable",
    exceptions.ParseError: "not_json",
    exceptions.Throttled: "throttled",
}


def body(code: str, message: str, fields: dict[str, str] | None = None, **more: Any) -> dict[str, Any]:
    """The one form of an error."""
    return {"code": code, "message": message, "fields": fields or {}, **more}


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """`EXCEPTION_HANDLER` of the API."""
    if isinstance(error, SocialCareError):
        return _ours(error)
    if isinstance(error, exceptions.ValidationError):
        fields = dict(_flat(error.detail))
        return Response(body("invalid", "Some fields are wrong.", fields), status=422)
    if isinstance(error, Http404 | exceptions.NotFound):
        return Response(body("not_found", "There is nothing here."), status=404)
    response = exception_handler(error, context)
    if response is not None and isinstance(error, exceptions.APIException):
        response.data = body(CODES.get(type(error), "error"), str(error.detail))
    return response


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
            yield from _flat(inner, f"{path}.{name}" if path else str(name))
    elif isinstance(detail, list) and detail and not isinstance(detail[0], str):
        for index, inner in enumerate(detail):
            yield from _flat(inner, f"{path}[{index}]")
    else:
        sentences = detail if isinstance(detail, list) else [detail]
        yield path or "body", " ".join(map(str, sentences))
