"""Who calls: a bearer token per integration; it acts with the rights of its user."""

from __future__ import annotations

from typing import Any

from django.utils import translation
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.models import ApiToken, User
from accounts.services import tokens


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer sc_…`. A browser's session does not count: machines and people stay apart."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _, token = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != "bearer":
            return None
        found = tokens.find(token.strip())
        if found is None:
            raise AuthenticationFailed("The token is not valid, was revoked, or its user is disabled.")
        if found.user.language:  # else what Accept-Language asked for stands
            translation.activate(found.user.language)
        return found.user, found

    def authenticate_header(self, _request: Request) -> str:
        return "Bearer"


class TokenScheme(OpenApiAuthenticationExtension):
    """How the schema names it."""

    target_class = "api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, _auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}
