"""Print a new key for CREDENTIAL_KEYS."""

import base64
import secrets
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from channels.vault import KEY_BYTES


class Command(BaseCommand):
    help = "Print a new key for stored credentials; put it in front of the others in CREDENTIAL_KEYS."
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        name = f"k{timezone.now():%Y%m%d}{secrets.token_hex(2)}"
        self.stdout.write(f"{name}:{base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()}")
