"""How often a token may call. While Redis is away nobody is counted: answering matters more."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from accounts.models import ApiToken


class TokenThrottle(SimpleRateThrottle):
    """`API_RATE` calls per token."""

    scope = "token"

    def get_cache_key(self, request: Request, _view: Any) -> str | None:
        return f"api:{request.auth.pk}" if isinstance(request.auth, ApiToken) else None
