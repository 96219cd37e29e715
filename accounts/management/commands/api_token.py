"""Print a new API token."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from accounts.services import people, tokens
from core.errors import SocialCareError


class Command(BaseCommand):
    help = "Print a new API token that acts with the rights of EMAIL; it is shown once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="command line", help="what the token is for")
        parser.add_argument(
            "--integration",
            metavar="NAME",
            help="create EMAIL as a machine with this name, where it is not there yet",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            person = self._person(options["email"], options["integration"])
            _, token = tokens.create(person.pk, name=options["name"], actor=None)
        except SocialCareError as error:
            raise CommandError(error.message) from error
        self.stdout.write(token)

    def _person(self, email: str, integration: str | None) -> User:
        person = User.objects.filter(email__iexact=email).first()
        if person is not None:
            return person
        if integration:
            return people.create_integration(email, name=integration)
        raise CommandError(f"There is nobody with the address {email}.")
