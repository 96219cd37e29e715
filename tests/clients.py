"""Browsers without a screen."""

from django.test import Client

from accounts.models import User


def signed_in(person: User) -> Client:
    """A browser in which somebody is signed in."""
    client = Client()
    client.force_login(person)
    return client
