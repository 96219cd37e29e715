"""The outgoing policy against servers that misbehave."""

from __future__ import annotations

import logging
import socket
import threading
import time
import traceback
import tracemalloc
from collections.abc import Iterator

import pytest

from channels import http
from tests.channels.hostile import Hostile, hostile

NETWORK = "https://api.network.example"
QUICK = http.Policy(connect=0.5, read=0.6, total=1.0, body=1024 * 1024)
TOKEN = "tok-5ecret"


@pytest.fixture
def server() -> Iterator[Hostile]:
    with hostile() as running:
        yield running


def session_to(base: str, policy: http.Policy = QUICK) -> http.Session:
    return http.Session(rewrites={NETWORK: base}, secrets=(TOKEN,), policy=policy)


@pytest.mark.parametrize(
    ("path", "failure"),
    [
        ("/slow-headers", http.NoAnswer),
        ("/slow-body", http.NoAnswer),
        ("/slow-body-without-length", http.NoAnswer),
        ("/endless", http.NoAnswer),
        ("/silent", http.NoAnswer),
        ("/truncated", http.NoAnswer),
        ("/reset", http.NoAnswer),
        ("/not-http", http.NoAnswer),
        ("/redirect", http.BadStatus),
        ("/unavailable", http.BadStatus),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_every_hostile_answer_ends_in_time_with_its_own_failure(
    server: Hostile, path: str, failure: type[http.HttpFailure], method: str
) -> None:
    began = time.monotonic()
    with pytest.raises(http.HttpFailure) as caught:
        session_to(server.origin).request(method, f"{NETWORK}{path}?access_token=" + TOKEN)
    assert type(caught.value) is failure
    assert time.monotonic() - began < QUICK.total + 0.5
    assert TOKEN not in "".join(traceback.format_exception(caught.value))
    assert len(server.heads) == 1, "no retry, no redirect followed"


def test_an_endless_body_is_not_kept(server: Hostile) -> None:
    tracemalloc.start()
    with pytest.raises(http.NoAnswer, match="larger than"):
        session_to(server.origin).get(f"{NETWORK}/endless")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10 * 1024 * 1024


def test_nothing_listens_means_nothing_was_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        origin = f"http://127.0.0.1:{listener.getsockname()[1]}"
    with pytest.raises(http.NotSent):
        session_to(origin).post(f"{NETWORK}/good")


def test_a_name_that_nobody_knows_means_nothing_was_sent() -> None:
    began = time.monotonic()
    with pytest.raises(http.NotSent):
        session_to("https://nobody.invalid").post(f"{NETWORK}/good")
    assert time.monotonic() - began < QUICK.total + 0.5


def test_a_full_backlog_means_nothing_was_sent() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        address = listener.getsockname()
        waiting = [socket.socket() for _ in range(4)]
        for peer in waiting:
            peer.setblocking(False)
            peer.connect_ex(address)
        with pytest.raises(http.NotSent):
            session_to(f"http://127.0.0.1:{address[1]}").post(f"{NETWORK}/good")
        for peer in waiting:
            peer.close()


def test_tls_that_is_none_means_nothing_was_sent(server: Hostile) -> None:
    with pytest.raises(http.NotSent):
        session_to(server.origin.replace("http://", "https://")).post(f"{NETWORK}/good")


@pytest.mark.parametrize("url", ["http://graph.network.example/me", "http://10.0.0.1/", "ftp://127.0.0.1/"])
def test_tokens_travel_over_tls_or_not_at_all(url: str) -> None:
    with pytest.raises(http.NotSent):
        http.PolicyAdapter(QUICK, {}).send(http.requests.Request("GET", url).prepare())


def test_only_the_destination_is_rewritten_and_the_host_kept(server: Hostile) -> None:
    session = session_to(server.origin)
    response = session.get(f"{NETWORK}/good", params={"a": "1"})
    assert (response.json(), session.calls) == ({}, 1)
    assert response.headers["X-Rate-Limit-Remaining"] == "7"
    assert server.heads[0].startswith("GET /good?a=1 HTTP/1.1")
    assert "Host: api.network.example\r\n" in server.heads[0]


def test_a_kept_connection_is_used_again_for_reads() -> None:
    served: list[int] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                peer, _ = listener.accept()
            except OSError:
                return
            served.append(0)
            with peer:
                while peer.recv(65536):
                    served[-1] += 1
                    peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

    threading.Thread(target=serve, daemon=True).start()
    session = session_to(f"http://127.0.0.1:{listener.getsockname()[1]}")
    for method in ("GET", "GET", "POST", "GET"):
        session.request(method, f"{NETWORK}/good")
    session.close()
    listener.close()
    assert served == [2, 2], "a write opens its own connection"


def test_html_arrives_as_it_is(server: Hostile) -> None:
    assert session_to(server.origin).get(f"{NETWORK}/html").content.startswith(b"<html>")


def test_scrub_removes_every_secret() -> None:
    session = session_to("http://127.0.0.1:1")
    assert session.scrub(f"Malformed access token {TOKEN}") == "Malformed access token …"


def test_no_token_in_debug_logs(server: Hostile, caplog: pytest.LogCaptureFixture) -> None:
    for name in http.LEAKY_LOGGERS:
        logging.getLogger(name).setLevel(logging.DEBUG)
    caplog.set_level(logging.DEBUG)
    session_to(server.origin).get(
        f"{NETWORK}/good", params={"access_token": TOKEN}, headers={"Authorization": f"Bearer {TOKEN}"}
    )
    assert TOKEN not in caplog.text
