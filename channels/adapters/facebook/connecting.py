"""How a Facebook page is connected: by its token and the app's keys, or by asking at Facebook."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings

from channels.adapters.facebook import oauth
from channels.contracts import Found, Identity, KeyField, Switch, type_json


class FacebookConnecting:
    """See `contracts.Connecting`."""

    key_fields: tuple[KeyField, ...] = (
        KeyField("app_id", "App ID", "Of your app at developers.facebook.com.", secret=False),
        KeyField("app_secret", "App secret"),
        KeyField("page_access_token", "Page access token", "A long-lived one, made for the page itself."),
    )
    switches: tuple[Switch, ...] = ()

    def from_keys(self, values: dict[str, str]) -> type_json:
        return {field.name: values[field.name].strip() for field in self.key_fields}

    def by_asking(self) -> bool:
        return bool(settings.FACEBOOK_APP_ID and settings.FACEBOOK_APP_SECRET)

    def authorize_url(self, *, redirect_uri: str, state: str, verifier: str) -> str:  # noqa: ARG002 - no PKCE here
        return oauth.authorize_url(app_id=settings.FACEBOOK_APP_ID, redirect_uri=redirect_uri, state=state)

    def exchange(self, *, code: str, redirect_uri: str, verifier: str) -> type_json:  # noqa: ARG002 - no PKCE here
        return oauth.exchange(
            app_id=settings.FACEBOOK_APP_ID,
            app_secret=settings.FACEBOOK_APP_SECRET,
            code=code,
            redirect_uri=redirect_uri,
        )

    def accounts(self, credentials: type_json, identify: Callable[[type_json], Identity]) -> tuple[Found, ...]:
        """The pages of the person who was asked, or the one page whose token was typed."""
        if "user_access_token" in credentials:
            return oauth.pages(credentials)
        return (Found(identify(credentials), credentials),)
