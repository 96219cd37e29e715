"""Seal all stored credentials and secrets of webhooks again with the first key of CREDENTIAL_KEYS."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from channels.services import rotation


class Command(BaseCommand):
    help = "Seal all stored credentials and secrets of webhooks with the first key; then older ones may go."

    def handle(self, *_args: Any, **_options: Any) -> None:
        done = rotation.rotate()
        self.stdout.write(f"Sealed again: {done.rewrapped}. Had the newest key: {done.current}.")
        if done.unreadable:
            raise CommandError(f"Could not be opened and were left as they are: {done.unreadable}.")
