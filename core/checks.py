"""What must fit together before anything starts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register

from core.wording import SOURCE


@register(Tags.translation)
def catalogues_are_compiled(**_kwargs: Any) -> list[CheckMessage]:
    """A language without its compiled catalogue is English in silence."""
    ready = {path.parts[-3] for path in Path(settings.LOCALE_PATHS[0]).glob("*/LC_MESSAGES/django.mo")}
    lacking = [name for code, name in settings.LANGUAGES if code not in ready and code != SOURCE]
    hint = "Run: python -m socialcare.languages compile"
    return [Warning(f"The catalogue of {name} is not compiled.", hint=hint, id="core.W002") for name in lacking]


@register(Tags.security)
def somebody_ends_tls(**_kwargs: Any) -> list[CheckMessage]:
    """Behind a proxy that nobody was told of, every page would redirect to itself."""
    if not settings.SECURE or settings.ALLAUTH_TRUSTED_PROXY_COUNT:
        return []
    message = "PUBLIC_URL is https, and no proxy is trusted to say that a request came by it."
    hint = "Set TRUSTED_PROXIES to the number of proxies in front, or ignore this where uvicorn has the certificate."
    return [Warning(message, hint=hint, id="core.W001")]
