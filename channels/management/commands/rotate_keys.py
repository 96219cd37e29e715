"""Seal all stored credentials again with the first key of CREDENTIAL_KEYS."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from channels.services import rotation


class Command(BaseCommand):
    help = "Seal all stored credentials with the first key of CREDENTIAL_KEYS; then older keys may go."

    def handle(self, *_args: Any, **_options: Any) -> None:
        done = rotation.rotate()
        self.stdout.write(f"Sealed again: {done.rewrapped}. Had the newest key: {done.current}.")
        if done.unreadable:
            raise CommandError(f"Could not be opened and were left as they are: {done.unreadable}.")
