"""What all views share: reading input strictly, and the schema of errors."""

from __future__ import annotations

import uuid
from typing import Any

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from accounts.models import User
from api.serializers.inputs import Strict
from api.serializers.outputs import ErrorShape
from core.errors import Invalid

TOKEN_LIMIT = 100


class View(APIView):
    """One resource."""

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


def _checked(serializer: Serializer[Any]) -> dict[str, Any]:
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


def client_token(request: Request, given: str, *, needed: bool) -> str:
    """The key of this one act: the `Idempotency-Key` header before the field.

    Raises: Invalid where one is needed and none was given.
    """
    key = request.headers.get("Idempotency-Key", "").strip() or given.strip()
    if len(key) > TOKEN_LIMIT:
        raise Invalid("The key is too long.", fields={"client_token": f"At most {TOKEN_LIMIT} characters."})
    if not key and needed:
        sentence = "Give a client_token or an Idempotency-Key header, so that a repeat is not a second one."
        raise Invalid(sentence, fields={"client_token": sentence})
    return key or str(uuid.uuid4())


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
    415: _error("Not application/json."),
}


def reads(shape: Any, query: type[Strict] | None = None, **more: Any) -> Any:
    """Schema of a GET."""
    parameters = [query] if query else []
    return extend_schema(responses={200: shape, **READ_ERRORS}, parameters=parameters, **more)


def writes(body: type[Strict] | None, shape: Any, *, status: int = 200, **more: Any) -> Any:
    """Schema of a POST."""
    return extend_schema(request=body, responses={status: shape, **WRITE_ERRORS}, **more)
