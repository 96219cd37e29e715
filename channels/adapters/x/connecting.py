"""How an X account is connected: by the four keys of an app, or by asking at X."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings

from channels.adapters.x import oauth
from channels.contracts import Found, Identity, KeyField, Switch, type_json


class XConnecting:
    """See `contracts.Connecting`."""

    key_fields: tuple[KeyField, ...] = (
        KeyField("consumer_key", "API key", "Of your app in the X developer portal, under Keys and tokens."),
        KeyField("consumer_secret", "API key secret"),
        KeyField("access_token", "Access token", "Made for the account itself, with read, write and direct messages."),
        KeyField("access_token_secret", "Access token secret"),
    )
    switches: tuple[Switch, ...] = (
        Switch("own_app", "The X app belongs to this account", "Then X charges a fifth for its mentions."),
        Switch("enterprise", "Enterprise contract", "X then lets us answer authors who did not mention us."),
    )

    def from_keys(self, values: dict[str, str]) -> type_json:
        return {field.name: values[field.name].strip() for field in self.key_fields}

    def by_asking(self) -> bool:
        return bool(settings.X_CLIENT_ID)

    def authorize_url(self, *, redirect_uri: str, state: str, verifier: str) -> str:
        return oauth.authorize_url(
            client_id=settings.X_CLIENT_ID, redirect_uri=redirect_uri, state=state, verifier=verifier
        )

    def exchange(self, *, code: str, redirect_uri: str, verifier: str) -> type_json:
        return oauth.exchange(
            client_id=settings.X_CLIENT_ID,
            client_secret=settings.X_CLIENT_SECRET,
            code=code,
            redirect_uri=redirect_uri,
            verifier=verifier,
        )

    def accounts(self, credentials: type_json, identify: Callable[[type_json], Identity]) -> tuple[Found, ...]:
        return (Found(identify(credentials), credentials),)
