"""What `make run` reads and refuses, each refusal one sentence that names the variable."""

import socket
from pathlib import Path

import pytest

from socialcare.devserver.options import (
    Options,
    Refusal,
    decided,
    generated_secrets,
    read,
    require_free_ports,
    write_private,
)


def options(home: Path, **changes: object) -> Options:
    return Options(**{"home": home, "port": 1, "sandbox_port": 2, "demo": True, "sandbox": True, **changes})


def test_defaults_are_the_demo_with_its_sandbox() -> None:
    chosen = read({})
    assert (chosen.port, chosen.sandbox_port, chosen.demo, chosen.sandbox) == (8000, 8001, True, True)
    assert chosen.home.name == "var"


def test_without_the_demo_there_is_no_sandbox_unless_wanted() -> None:
    assert read({"DEMO": "0"}).sandbox is False
    assert read({"DEMO": "0", "SANDBOX": "1"}).sandbox is True


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({"PORT": "eighty"}, "PORT"),
        ({"PORT": "70000"}, "PORT"),
        ({"SANDBOX_PORT": "0"}, "SANDBOX_PORT"),
        ({"SANDBOX_PORT": "²"}, "SANDBOX_PORT"),
        ({"DEMO": "yes"}, "DEMO"),
    ],
)
def test_nonsense_is_refused_by_name(environment: dict[str, str], named: str) -> None:
    with pytest.raises(Refusal, match=f"^{named} must be"):
        read(environment)


def test_taken_port_names_port_and_variable(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Refusal, match=rf"Port {port} is taken.* SANDBOX_PORT="):
            require_free_ports(options(tmp_path, port=_free_port(), sandbox_port=port))


def test_one_port_cannot_be_both(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="must differ"):
        require_free_ports(options(tmp_path, port=8000, sandbox_port=8000))


def test_secrets_are_made_once_and_only_we_can_read_them(tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    first = generated_secrets(tmp_path)
    assert generated_secrets(tmp_path) == first
    assert len(first["SECRET_KEY"]) >= 50
    assert (tmp_path / "secrets" / "generated.env").stat().st_mode & 0o077 == 0


def test_what_the_environment_names_wins(tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    values = decided(options(tmp_path), {"X_API_URL": "http://127.0.0.1:5", "SECRET_KEY": ""})
    assert values["X_API_URL"] == "http://127.0.0.1:5"
    assert values["SECRET_KEY"]
    assert values["FACEBOOK_GRAPH_URL"] == "http://127.0.0.1:2/graph"
    assert "X_API_URL" not in decided(options(tmp_path, sandbox=False), {})


def test_private_file_replaces_one_that_others_could_read(tmp_path: Path) -> None:
    path = tmp_path / "run.env"
    path.write_text("OLD=1\n")
    path.chmod(0o644)
    write_private(path, {"NEW": "a=b"})
    assert path.read_text() == "NEW=a=b\n"
    assert path.stat().st_mode & 0o077 == 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
