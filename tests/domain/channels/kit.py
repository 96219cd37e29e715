"""Making connected accounts: working keys of the sandbox, streams to poll."""

from datetime import timedelta

from django.utils import timezone

from channels import registry, vault
from channels.models import Channel, Stream


def oauth1(given: dict[str, str]) -> dict[str, str]:
    return keys_of("x", given)


def keys_of(kind: str, given: dict[str, str]) -> dict[str, str]:
    """What is typed into the form of this network."""
    return {field.name: given[field.name] for field in registry.connecting(kind).key_fields}


def oauth2(given: dict[str, str], lives: timedelta = timedelta(hours=2)) -> dict[str, str]:
    return {
        "client_id": given["client_id"],
        "client_secret": given["client_secret"],
        "access_token": given["oauth2_access_token"],
        "refresh_token": given["oauth2_refresh_token"],
        "expires_at": (timezone.now() + lives).isoformat(),
    }


def give_keys(channel: Channel, credentials: dict[str, str], **fields: object) -> Channel:
    channel.sealed_credentials = vault.seal(credentials, channel)
    for name, value in fields.items():
        setattr(channel, name, value)
    channel.save()
    return channel


def stream_of(channel: Channel, kind: str = "mentions", **fields: object) -> Stream:
    fields = {"read_since": channel.connected_at, **fields}
    return Stream.objects.create(channel=channel, kind=kind, **fields)


def streams_of(channel: Channel) -> list[Stream]:
    return [stream_of(channel, kind) for kind in registry.capabilities(channel.kind).streams if kind != "search"]
