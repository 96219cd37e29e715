"""One call of the Graph API, read and with its caller known."""

from dataclasses import dataclass, field

import orjson
from starlette.datastructures import UploadFile
from starlette.requests import Request

from sandbox.graph import errors
from sandbox.graph.auth import Caller
from sandbox.graph.fields import Field, parse_fields
from sandbox.graph.kinds import MAKERS
from sandbox.graph.render import Renderer
from sandbox.world import World

NOT_ARGUMENTS = ("access_token", "appsecret_proof", "method", "format", "pretty", "suppress_http_code")


@dataclass(slots=True)
class Ask:
    """Caller and arguments; `root` is the address of the API with its version, for paging links."""

    world: World
    caller: Caller
    base: str
    root: str
    arguments: dict[str, str]
    files: dict[str, bytes] = field(default_factory=dict)

    @property
    def fields(self) -> list[Field]:
        text = self.arguments.get("fields", "")
        return parse_fields(text) if text else []

    @property
    def renderer(self) -> Renderer:
        return Renderer(self.world, self.caller, self.base, self.root, MAKERS)


async def read_arguments(request: Request) -> tuple[dict[str, str], dict[str, bytes]]:
    """Query and body in one, as Graph takes them; values that are objects stay JSON texts.

    Raises: code 100 when a JSON body cannot be read.
    """
    arguments, files = dict(request.query_params), {}
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/json"):
        arguments.update(_from_json(await request.body()))
    elif kind:
        async with request.form() as form:
            for name, value in form.multi_items():
                if isinstance(value, UploadFile):
                    files[name] = await value.read()
                else:
                    arguments[name] = value
    return arguments, files


def _from_json(raw: bytes) -> dict[str, str]:
    try:
        content = orjson.loads(raw or b"{}")
    except orjson.JSONDecodeError as error:
        raise errors.bad_parameter("The body is not valid JSON") from error
    if not isinstance(content, dict):
        raise errors.bad_parameter("The body must be a JSON object")
    return {name: _as_text(value) for name, value in content.items()}


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else orjson.dumps(value).decode()
