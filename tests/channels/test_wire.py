"""What leaves this machine, byte by byte: tokens in headers and bodies only, proofs right, parsers free of Django."""

from __future__ import annotations

import hashlib
import hmac
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from channels.adapters.facebook.adapter import FacebookAdapter
from channels.adapters.x.adapter import XAdapter
from channels.contracts import Adapter, OutboundMessage, StreamKind, Visibility
from core.errors import ChannelError
from tests.channels.hostile import Hostile, hostile
from tests.channels.peers import QUICK

ROOT = Path(__file__).resolve().parents[2]
X_KEYS = {
    "consumer_key": "c0nsumer",
    "consumer_secret": "s3cret-of-consumer",
    "access_token": "77-t0ken",
    "access_token_secret": "s3cret-of-token",
}
X_OAUTH2 = {"client_id": "cl1ent", "access_token": "b3arer-token", "refresh_token": "r3fresh"}
PAGE = {"page_access_token": "EAAp4ge", "app_id": "4pp", "app_secret": "4pp-secret"}


@pytest.fixture
def server(settings: Any) -> Iterator[Hostile]:
    with hostile() as running:
        settings.X_API_URL = settings.FACEBOOK_GRAPH_URL = running.origin
        yield running


def all_calls(adapter: Adapter) -> list[Callable[[], object]]:
    public = OutboundMessage("hello", Visibility.PUBLIC, in_reply_to="5_6")
    private = OutboundMessage("hello", Visibility.PRIVATE, recipient="9")
    streams = [
        lambda stream=stream: adapter.fetch(StreamKind(stream), mark={}, resume=None, options={"terms": ["x"]})
        for stream in adapter.capabilities.streams
    ]
    return [
        adapter.identify,
        *streams,
        lambda: adapter.lookup(("5_6",)),
        lambda: adapter.send(public),
        lambda: adapter.send(private),
        lambda: adapter.hide("5", hidden=True),
        lambda: adapter.like("5", liked=True),
        lambda: adapter.like("5", liked=False),
        lambda: adapter.delete("5"),
    ]


@pytest.mark.parametrize(
    ("make", "credentials", "public"),
    [
        (XAdapter, X_KEYS, {"consumer_key"}),
        (XAdapter, X_OAUTH2, {"client_id"}),
        (FacebookAdapter, PAGE, {"app_id"}),
    ],
)
def test_no_secret_stands_in_any_request_line(
    server: Hostile, make: type, credentials: dict[str, str], public: set[str]
) -> None:
    for call in all_calls(make(credentials, "77", {}, policy=QUICK)):
        with pytest.raises(ChannelError):
            call()
    assert len(server.heads) >= 10
    for head in server.heads:
        line, _, rest = head.partition("\r\n")
        assert not any(secret in line for name, secret in credentials.items() if name not in public)
        assert "authorization:" in rest.lower()


def test_every_graph_call_proves_that_it_knows_the_app(server: Hostile) -> None:
    proof = hmac.new(PAGE["app_secret"].encode(), PAGE["page_access_token"].encode(), hashlib.sha256).hexdigest()
    for call in all_calls(FacebookAdapter(PAGE, "77", {}, policy=QUICK)):
        with pytest.raises(ChannelError):
            call()
    reads = [head for head in server.heads if not head.startswith("POST")]
    assert reads
    assert all(f"appsecret_proof={proof}" in head.split("\r\n")[0] for head in reads)
    assert all(head.split()[1].startswith("/v26.0/") for head in server.heads)


@pytest.mark.parametrize(
    "module",
    ["channels.contracts", "channels.http", "channels.adapters.x.parse", "channels.adapters.facebook.parse"],
)
def test_contracts_and_parsers_load_without_django(module: str) -> None:
    program = f"import {module}, sys; sys.exit(any(name.split('.')[0] == 'django' for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0


def test_a_resume_of_another_version_is_taken_up(server: Hostile) -> None:
    """Fields that this version does not know are left; those that are missing have their defaults."""
    adapter = XAdapter(X_KEYS, "77", {}, policy=QUICK)
    with pytest.raises(ChannelError):
        adapter.fetch(StreamKind.MENTIONS, mark={}, resume={"floor": 5, "newest": 9, "new_field": 1}, options={})
    assert "since_id=5" in server.heads[0]
