"""What must fit together before anything starts."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register


@register(Tags.security)
def somebody_ends_tls(**_kwargs: Any) -> list[CheckMessage]:
    """Behind a proxy that nobody was told of, every page would redirect to itself."""
    if not settings.SECURE or settings.ALLAUTH_TRUSTED_PROXY_COUNT:
        return []
    message = "PUBLIC_URL is https, and no proxy is trusted to say that a request came by it."
    hint = "Set TRUSTED_PROXIES to the number of proxies in front, or ignore this where uvicorn has the certificate."
    return [Warning(message, hint=hint, id="core.W001")]
