"""Errors as X words them.

Source: docs.x.com/x-api/fundamentals/response-codes-and-errors and openapi.json 2.167 (read 2026-11); recorded bodies
for 429, duplicate content and missing rights.
"""

from sandbox.http import Refusal

TYPES = "https://api.x.com/2/problems"


def plain(status: int, title: str, detail: str) -> Refusal:
    return Refusal(status, {"title": title, "type": "about:blank", "status": status, "detail": detail})


def unauthorized() -> Refusal:
    return plain(401, "Unauthorized", "Unauthorized")


def forbidden(detail: str) -> Refusal:
    return plain(403, "Forbidden", detail)


def too_many(headers: dict[str, str]) -> Refusal:
    refusal = plain(429, "Too Many Requests", "Too Many Requests")
    refusal.headers.update(headers)
    return refusal


def wrong_auth(used: str, supported: list[str]) -> Refusal:
    detail = (
        f"Authenticating with {used} is forbidden for this endpoint.  "
        f"Supported authentication types are [{', '.join(supported)}]."
    )
    body = {
        "title": "Unsupported Authentication",
        "detail": detail,
        "type": f"{TYPES}/unsupported-authentication",
    }
    return Refusal(403, {**body, "status": 403})


def invalid(parameter: str, value: str, message: str) -> Refusal:
    """400 for one wrong parameter."""
    error = {"parameters": {parameter: [value]}, "message": message}
    return invalid_request([error])


def invalid_body(message: str) -> Refusal:
    return invalid_request([{"parameters": {}, "message": message}])


def invalid_request(errors: list[dict]) -> Refusal:
    body = {
        "errors": errors,
        "title": "Invalid Request",
        "detail": "One or more parameters to your request was invalid.",
        "type": f"{TYPES}/invalid-request",
    }
    return Refusal(400, body)


def not_found(kind: str, parameter: str, value: str, *, naming: str | None = None) -> dict:
    """The error object for a thing that is not there (in a 200 beside the others, or alone)."""
    return {
        "value": value,
        "detail": f"Could not find {kind} with {naming or parameter}: [{value}].",
        "title": "Not Found Error",
        "resource_type": kind,
        "parameter": parameter,
        "resource_id": value,
        "type": f"{TYPES}/resource-not-found",
    }


def not_allowed(kind: str, parameter: str, value: str) -> dict:
    """The error object for a post of a protected account."""
    return {
        "resource_id": value,
        "parameter": parameter,
        "resource_type": kind,
        "section": "data",
        "title": "Authorization Error",
        "value": value,
        "detail": f"Sorry, you are not authorized to see the {kind.title()} with {parameter}: [{value}].",
        "type": f"{TYPES}/not-authorized-for-resource",
    }
