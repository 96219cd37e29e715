"""Refusals and failures that an armed fault puts in the place of an answer, in the words of each network."""

import time

import orjson
from starlette.types import Send

from sandbox.calls import Call
from sandbox.faults import SERVER_ERRORS, Fault

GRAPH_LIMIT_CODES = (4, 17, 32, 613)


async def refuse(fault: Fault, call: Call, send: Send) -> None:
    """Answer with a network's own refusal or failure."""
    status, headers, body = refusal_of(fault, call.network)
    call.status = status
    content = orjson.dumps(body) if body is not None else b""
    head = {"content-type": "application/json; charset=utf-8", "content-length": str(len(content)), **headers}
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [(name.encode(), value.encode()) for name, value in head.items()],
        }
    )
    await send({"type": "http.response.body", "body": content})


def refusal_of(fault: Fault, network: str) -> tuple[int, dict[str, str], object]:
    if fault.kind == "429":
        return graph_limit(fault) if network == "facebook" else x_limit(fault)
    status = fault.status or fault.chance.choice(SERVER_ERRORS)
    if network == "facebook":
        error = {"message": "An unknown error has occurred.", "type": "OAuthException", "code": 1}
        return status, {}, {"error": {**error, "is_transient": True, "fbtrace_id": "ASandboxFault"}}
    body = {"title": "Service Unavailable", "detail": "Service Unavailable", "type": "about:blank"}
    return status, {}, {**body, "status": status}


def x_limit(fault: Fault) -> tuple[int, dict[str, str], object]:
    reset_at = int(time.time()) + fault.retry_after
    headers = {
        "x-rate-limit-limit": "300",
        "x-rate-limit-remaining": "0",
        "x-rate-limit-reset": str(reset_at),
    }
    body = {"title": "Too Many Requests", "detail": "Too Many Requests", "type": "about:blank", "status": 429}
    return 429, headers, body


def graph_limit(fault: Fault) -> tuple[int, dict[str, str], object]:
    """Code 4 with status 403. Source: facebook-nodejs-business-sdk issue 97, facebook-android-sdk issue 582."""
    code = fault.status if fault.status in GRAPH_LIMIT_CODES else 4
    usage = orjson.dumps({"call_count": 100, "total_cputime": 25, "total_time": 25}).decode()
    error = {
        "message": f"(#{code}) Application request limit reached",
        "type": "OAuthException",
        "is_transient": True,
        "code": code,
        "fbtrace_id": "ASandboxFault",
    }
    return 403, {"x-app-usage": usage}, {"error": error}
