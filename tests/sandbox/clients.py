"""The real clients, talking to a sandbox."""

from typing import Any

import facebook
import tweepy

from tests.sandbox.running import Redirected, Sandbox

X_HOSTS = ("https://api.twitter.com", "https://api.x.com", "https://upload.twitter.com")


def x_client(sandbox: Sandbox, credentials: dict[str, str], **more: Any) -> tweepy.Client:
    """tweepy with the keys of a brand: OAuth 1.0a for what it writes, its bearer token for the rest."""
    client = tweepy.Client(
        bearer_token=credentials["bearer_token"],
        consumer_key=credentials["consumer_key"],
        consumer_secret=credentials["consumer_secret"],
        access_token=credentials["access_token"],
        access_token_secret=credentials["access_token_secret"],
        **more,
    )
    for host in X_HOSTS:
        client.session.mount(host, Redirected(sandbox.base_url))
    return client


def x_api(sandbox: Sandbox, credentials: dict[str, str]) -> tweepy.API:
    """tweepy's v1.1 client, which alone uploads media."""
    auth = tweepy.OAuth1UserHandler(
        credentials["consumer_key"],
        credentials["consumer_secret"],
        credentials["access_token"],
        credentials["access_token_secret"],
    )
    api = tweepy.API(auth)
    for host in X_HOSTS:
        api.session.mount(host, Redirected(sandbox.base_url))
    return api


class PageGraph(facebook.GraphAPI):
    """facebook-sdk with a version of today."""

    def __init__(self, sandbox: Sandbox, access_token: str, version: str = "v26.0") -> None:
        super().__init__(access_token, timeout=10)
        self.version = version
        self.session.mount("https://graph.facebook.com", Redirected(sandbox.base_url, prefix="/graph"))
