"""Print the link with which a new installation is set up."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.services import setup
from core.errors import Conflict


class Command(BaseCommand):
    help = "Print a one-time link for setting up a new installation; an older link stops working."

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            self.stdout.write(setup.make_link())
        except Conflict as error:
            raise CommandError(error.message) from error
