"""Print a new key for PUSH_KEY."""

from typing import Any

from django.core.management.base import BaseCommand

from channels import webpush


class Command(BaseCommand):
    help = "Print a new key for PUSH_KEY; with another key people have to ask for notices on their devices again."
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.stdout.write(webpush.new_key())
