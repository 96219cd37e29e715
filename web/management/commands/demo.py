"""`manage.py demo`: lay down the demo and say how to sign in."""

from typing import Any

from django.core.management import BaseCommand, CommandError

from core.errors import SocialCareError
from web import demo


class Command(BaseCommand):
    """Idempotent; refuses to run anywhere but on this machine with a sandbox."""

    help = "Lay down the demo: two brands on the sandbox, three desks, six people."

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            lines = demo.lay_down()
        except SocialCareError as error:
            raise CommandError(error.message) from error
        self.stdout.write("Sign in as:")
        for line in lines:
            self.stdout.write(f"  {line}")
