"""A pretend translation service, as LibreTranslate speaks: it says that it pretends, and gives the text back."""

from typing import Any

from starlette.routing import Route

from sandbox.control.routes import Order, control_route
from sandbox.http import Refusal
from sandbox.world import World

PATH = "/translate"


def routes(world: World) -> list[Route]:
    return [control_route(world, "POST", PATH, translate)]


def translate(order: Order) -> dict[str, Any]:
    """The text, marked as what it is."""
    text, target = order.given.get("q"), order.given.get("target")
    if not isinstance(text, str) or not isinstance(target, str):
        raise Refusal(400, {"error": "Invalid request: missing q or target parameter"})
    source = order.given.get("source", "auto")
    detected = {"detectedLanguage": {"language": "", "confidence": 0}} if source == "auto" else {}
    return {"translatedText": f"[pretend translation into {target}] {text}", **detected}
