"""What `make run` reads from the environment, and what it decides by itself."""

import base64
import os
import secrets
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
HOST = "127.0.0.1"
GENERATED = "generated.env"
RUN_FILE = "run.env"


class Refusal(Exception):
    """Why `make run` does not start and what helps, in one sentence."""


@dataclass(frozen=True)
class Options:
    """The choices of one run."""

    home: Path
    port: int
    sandbox_port: int
    demo: bool
    sandbox: bool

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def sandbox_url(self) -> str:
        return f"http://{HOST}:{self.sandbox_port}"


def read(environment: Mapping[str, str]) -> Options:
    """Read PORT, SANDBOX_PORT, SOCIALCARE_HOME, DEMO and SANDBOX. Raises: Refusal."""
    demo = _flag(environment, "DEMO", "1")
    return Options(
        home=Path(environment.get("SOCIALCARE_HOME") or ROOT / "var").absolute(),
        port=_port(environment, "PORT", "8000"),
        sandbox_port=_port(environment, "SANDBOX_PORT", "8001"),
        demo=demo,
        sandbox=_flag(environment, "SANDBOX", "1" if demo else "0"),
    )


def _port(environment: Mapping[str, str], name: str, default: str) -> int:
    value = environment.get(name) or default
    if not value.isascii() or not value.isdigit() or not 0 < int(value) < 65536:
        raise Refusal(f"{name} must be a number from 1 to 65535, not {value!r}.")
    return int(value)


def _flag(environment: Mapping[str, str], name: str, default: str) -> bool:
    value = environment.get(name) or default
    if value not in ("0", "1"):
        raise Refusal(f"{name} must be 0 or 1, not {value!r}.")
    return value == "1"


def require_free_ports(options: Options) -> None:
    """Refuse a port that somebody else holds, naming the variable that chooses another. Raises: Refusal."""
    wanted = [("PORT", options.port), *([("SANDBOX_PORT", options.sandbox_port)] if options.sandbox else [])]
    if len({port for _, port in wanted}) < len(wanted):
        raise Refusal(f"PORT and SANDBOX_PORT are both {options.port}; they must differ.")
    for name, port in wanted:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except PermissionError:
                raise Refusal(f"Port {port} is reserved for root; choose one above 1023 with {name}=…") from None
            except OSError:
                raise Refusal(
                    f"Port {port} is taken by another program; choose another: {name}={port + 10} make run"
                ) from None


def generated_secrets(home: Path) -> dict[str, str]:
    """Give the secrets of this installation, made once and kept in `secrets/` (0600)."""
    path = home / "secrets" / GENERATED
    kept = {}
    if path.is_file():
        kept = dict(line.split("=", 1) for line in path.read_text(encoding="ascii").splitlines() if line)
    made = {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "CREDENTIAL_KEYS": f"first:{base64.b64encode(secrets.token_bytes(32)).decode()}",
        "SANDBOX_CONTROL_TOKEN": secrets.token_urlsafe(32),
        "PUSH_KEY": _push_key(),
        **kept,
    }
    if made != kept:
        write_private(path, made)
    return made


def _push_key() -> str:
    """As `manage.py push_key` makes it, without the product: a number below the order of the curve P-256."""
    return base64.urlsafe_b64encode(b"\0" + secrets.token_bytes(31)).decode().rstrip("=")


def write_private(path: Path, values: Mapping[str, str]) -> None:
    """Write NAME=value lines that only we can read, all or nothing."""
    fresh = path.with_name(path.name + ".new")
    with open(fresh, "w", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.writelines(f"{name}={value}\n" for name, value in values.items())
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def decided(options: Options, environment: Mapping[str, str]) -> dict[str, str]:
    """Give every variable that `make run` sets; what the environment names wins."""
    values = {
        "SOCIALCARE_HOME": str(options.home),
        "PUBLIC_URL": options.url,
        "STATIC_ROOT": str(options.home / "static"),
        "PUSH_CONTACT": "mailto:demo@socialcare.example",
        **generated_secrets(options.home),
    }
    if options.sandbox:
        values |= {
            "SANDBOX_URL": options.sandbox_url,
            "X_API_URL": options.sandbox_url,
            "X_AUTH_URL": options.sandbox_url,
            "FACEBOOK_GRAPH_URL": f"{options.sandbox_url}/graph",
            "FACEBOOK_DIALOG_URL": options.sandbox_url,
            "MEDIA_EXTRA_HOSTS": f"{HOST}:{options.sandbox_port}",
            "CONTACT_LOOKUP_URL": f"{options.sandbox_url}/crm/people",
            "TRANSLATE_URL": f"{options.sandbox_url}/translate",
        }
        values["TRANSLATE_TOKEN"] = values["SANDBOX_CONTROL_TOKEN"]
        values["CONTACT_LOOKUP_TOKEN"] = values["SANDBOX_CONTROL_TOKEN"]
    return {name: environment.get(name) or value for name, value in values.items()}
