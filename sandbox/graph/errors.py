"""Errors as the Graph API words them.

Source: developers.facebook.com/docs/graph-api/guides/error-handling (read 2026-11), recorded bodies of public issues.
"""

import secrets

from sandbox.http import Refusal

POLICY = "https://developers.facebook.com/docs/messenger-platform/policy-overview"


def graph_error(
    code: int, message: str, *, kind: str = "OAuthException", subcode: int | None = None, status: int = 400
) -> Refusal:
    error: dict = {"message": message, "type": kind, "code": code}
    if subcode is not None:
        error["error_subcode"] = subcode
    error["fbtrace_id"] = "A" + secrets.token_urlsafe(16)
    return Refusal(status, {"error": error}, {"www-authenticate": f'OAuth "Facebook Platform" "{kind}"'})


def no_token() -> Refusal:
    return graph_error(
        2500, "An active access token must be used to query information about the current user.", status=400
    )


def bad_token() -> Refusal:
    return graph_error(190, "Invalid OAuth access token - Cannot parse access token")


def expired() -> Refusal:
    return graph_error(190, "Error validating access token: Session has expired.", subcode=463)


def revoked() -> Refusal:
    message = (
        "Error validating access token: The session has been invalidated because the user changed their password "
        "or Facebook has changed the session for security reasons."
    )
    return graph_error(190, message, subcode=460)


def bad_proof() -> Refusal:
    return graph_error(100, "Invalid appsecret_proof provided in the API argument", kind="GraphMethodException")


def proof_required() -> Refusal:
    return graph_error(
        100, "API calls from the server require an appsecret_proof argument", kind="GraphMethodException"
    )


def missing(object_id: str, verb: str = "get") -> Refusal:
    message = (
        f"Unsupported {verb} request. Object with ID '{object_id}' does not exist, cannot be loaded due to missing "
        "permissions, or does not support this operation. Please read the Graph API documentation at "
        "https://developers.facebook.com/docs/graph-api"
    )
    return graph_error(100, message, kind="GraphMethodException", subcode=33)


def no_field(name: str, kind: str) -> Refusal:
    return graph_error(100, f"(#100) Tried accessing nonexisting field ({name}) on node type ({kind})")


def bad_parameter(message: str) -> Refusal:
    return graph_error(100, f"(#100) {message}")


def no_permission(message: str) -> Refusal:
    return graph_error(200, f"(#200) {message}", status=403)


def outside_window() -> Refusal:
    message = f"(#10) This message is sent outside of allowed window. Learn more about the new policy here: {POLICY}"
    return graph_error(10, message, subcode=2018278)


def already_replied() -> Refusal:
    return graph_error(10900, "(#10900) Activity already replied to")


def too_late_for_private_reply() -> Refusal:
    return graph_error(10903, "(#10903) This user can't reply to this activity")


def page_limit() -> Refusal:
    """Source: restfb issue 734; the spelling is Facebook's."""
    return graph_error(32, "(#32) Page request limited reached", status=403)
