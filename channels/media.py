"""Fetching pictures that networks point to: from hosts of the networks only, and from nowhere inside the house."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from channels import registry
from channels.http import NotSent, Policy, Session

BODY = 5 * 1024 * 1024
OF_THE_INTERNET = Policy(connect=3.0, read=5.0, total=8.0, body=BODY, public_only=True)
LISTED = Policy(connect=3.0, read=5.0, total=8.0, body=BODY)
LONGEST_URL = 4000


def fetch(url: str, network: str) -> bytes:
    """The bytes behind an address that a network gave us; what they are is for the caller to find out.

    Redirects are not followed, nothing of ours goes along, and after 8 seconds or 5 MB it is over.

    Raises: `HttpFailure`, without the address in its text.
    """
    parts = _read(url)
    if _is_listed(parts):
        policy = LISTED
    elif _is_of_network(parts, network):
        policy = OF_THE_INTERNET
    else:
        raise NotSent("This host is not one of the network's.")
    with Session(rewrites={}, policy=policy) as session:
        session.headers.clear()
        session.headers.update({"User-Agent": "Socialcare", "Accept": "image/*", "Accept-Encoding": "identity"})
        return session.get(url).content


def _read(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise NotSent("This is not an address.") from None
    if len(url) > LONGEST_URL or parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        raise NotSent("This is not an address.")
    return parts


def _is_listed(parts: SplitResult) -> bool:
    """Whether the operator has named this very host, with its port where it has one."""
    host = (parts.hostname or "").lower()
    return (f"{host}:{parts.port}" if parts.port else host) in settings.MEDIA_EXTRA_HOSTS


def _is_of_network(parts: SplitResult, network: str) -> bool:
    host = (parts.hostname or "").lower().rstrip(".")
    known = registry.capabilities(network).media_hosts
    return (
        parts.scheme == "https"
        and parts.port in (None, 443)
        and any(host == name or host.endswith(f".{name}") for name in known)
    )
