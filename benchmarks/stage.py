"""The environment of a benchmark: its own servers and sandbox, nothing of the developer's."""

import base64
import secrets
from pathlib import Path

from tests.sandbox.running import Sandbox


def environment(home: Path, sandbox: Sandbox | None, **more: str) -> dict[str, str]:
    """What the settings read, before anything of ours is imported."""
    networks = {}
    if sandbox is not None:
        networks = {
            "X_API_URL": sandbox.base_url,
            "X_AUTH_URL": sandbox.base_url,
            "FACEBOOK_GRAPH_URL": f"{sandbox.base_url}/graph",
            "FACEBOOK_DIALOG_URL": sandbox.base_url,
        }
    return {
        "DJANGO_SETTINGS_MODULE": "socialcare.settings",
        "SOCIALCARE_HOME": str(home),
        "SECRET_KEY": secrets.token_urlsafe(50),
        "CREDENTIAL_KEYS": f"run:{base64.b64encode(secrets.token_bytes(32)).decode()}",
        "PASSWORD_HASHER": "django.contrib.auth.hashers.MD5PasswordHasher",
        "STATICFILES_BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage",
        "STATIC_FROM_SOURCE": "1",
        "PUBLIC_URL": "http://127.0.0.1:8000",
        "LOG_LEVEL": "ERROR",
        "API_RATE": "1000000/min",
        **networks,
        **more,
    }
