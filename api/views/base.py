"""What all views share: reading input strictly, and the schema of errors."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from accounts.models import User
from accounts.selectors import supervises
from api.serializers.inputs import Strict
from api.serializers.outputs import ErrorShape
from core.errors import Invalid, NotFound
from inbox.policies import Access, access_of
from inbox.services.reply_request import LONGEST_TOKEN


class View(APIView):
    """One resource. Ids in its address arrive as numbers."""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        return super().dispatch(request, *args, **{name: int(value) for name, value in kwargs.items()})

    @property
    def access(self) -> Access:
        """What the caller may see, as it is now; one query."""
        return access_of(self.person)

    @property
    def person(self) -> User:
        """Who calls; the token's user."""
        user = self.request.user
        assert isinstance(user, User)  # IsAuthenticated has checked it
        return user

    def body(self, shape: type[Strict]) -> dict[str, Any]:
        """The checked body. Raises: ValidationError (422 with the fields)."""
        return _checked(shape(data=self.request.data))

    def query(self, shape: type[Strict]) -> dict[str, Any]:
        """The checked query string."""
        return _checked(shape(data=self.request.query_params.dict()))


@extend_schema(exclude=True)
class Nowhere(View):
    """Whatever has no address here, told in the form of the API."""

    def initial(self, *_args: Any, **_kwargs: Any) -> None:
        raise NotFound("There is no such address.")


def hide_from(view: APIView, request: Request, *, hidden: bool) -> None:
    """Raises: NotFound for what is not there for this caller; a method that is there for nobody stays a 405."""
    if hidden and request.method in view.allowed_methods:
        raise NotFound("There is no such address.")


class SettingsView(View):
    """What only supervisors and administrators know of; to others it is not there."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        hide_from(self, request, hidden=not supervises(self.person))


def _checked(serializer: Serializer[Any]) -> dict[str, Any]:
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


@contextmanager
def fields_named(**names: str) -> Iterator[None]:
    """Name fields as the caller knows them, where a service calls them otherwise: `fields_named(to="agent")`."""
    try:
        yield
    except Invalid as error:
        error.fields = {names.get(name, name): sentence for name, sentence in error.fields.items()}
        raise


def client_token(request: Request, given: str, *, needed: bool) -> str:
    """The key of this one act: the `Idempotency-Key` header before the field.

    Raises: Invalid where one is needed and none was given, and for one that is too long or not readable.
    """
    key = request.headers.get("Idempotency-Key", "").strip() or given.strip()
    if not key and needed:
        raise _wrong_key("Give a client_token or an Idempotency-Key header, so that a repeat is not a second one.")
    if len(key) > LONGEST_TOKEN or not key.isprintable():
        raise _wrong_key(f"Give a key of at most {LONGEST_TOKEN} printable characters.")
    return key or str(uuid.uuid4())


def _wrong_key(sentence: str) -> Invalid:
    return Invalid(sentence, fields={"client_token": sentence})


def _error(words: str) -> OpenApiResponse:
    return OpenApiResponse(ErrorShape, words)


READ_ERRORS = {
    401: _error("No valid token."),
    404: _error("Not there, or not yours."),
    422: _error("Wrong parameters, by field."),
    429: _error("Too many calls."),
}
WRITE_ERRORS = {
    **READ_ERRORS,
    400: _error("Not JSON."),
    403: _error("Visible, but not yours to do."),
    409: _error("Something else is true by now; `current` says what."),
    413: _error("Too large."),
    415: _error("Not application/json."),
}
NETWORK_ERRORS = {502: _error("The network refused or did not answer; `Retry-After` says when to try again.")}


IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, description="Beats `client_token`; a repeat with it is harmless."
)


def reads(shape: Any, query: type[Strict] | None = None, **more: Any) -> Any:
    """Schema of a GET."""
    parameters = [query] if query else []
    return extend_schema(responses={200: shape, **READ_ERRORS}, parameters=parameters, **more)


def writes(
    body: type[Strict] | None,
    shape: Any,
    *,
    status: int = 200,
    at_network: bool = False,
    keyed: bool = False,
    **more: Any,
) -> Any:
    """Schema of a POST.

    Args:
        at_network: the network is asked before it answers.
        keyed: it takes an `Idempotency-Key`.
    """
    errors = {**WRITE_ERRORS, **(NETWORK_ERRORS if at_network else {})}
    parameters = [IDEMPOTENCY_KEY] if keyed else []
    return extend_schema(request=body, responses={status: shape, **errors}, parameters=parameters, **more)
