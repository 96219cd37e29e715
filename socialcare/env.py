"""Typed readers of the environment: the one list of what can be configured.

`make run` leaves what it decided (addresses of the embedded servers, generated secrets) in
`$SOCIALCARE_HOME/run.env` (0600), so that `python manage.py …` in a second terminal reaches the same
installation. A variable of the real environment always wins over that file.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

HOME = Path(os.environ.get("SOCIALCARE_HOME", "var")).resolve()


@dataclass(frozen=True)
class Variable:
    """One variable: its name, its default as text (None = required) and what it is for."""

    name: str
    default: str | None
    help: str


VARIABLES: dict[str, Variable] = {
    "SOCIALCARE_HOME": Variable("SOCIALCARE_HOME", "var", "directory for embedded data, secrets and logs")
}

_env = environ.Env()


def load_run_file(path: Path = HOME / "run.env") -> None:
    """Take defaults from the file that `make run` wrote, if this user may read it."""
    if path.is_file() and os.access(path, os.R_OK):
        environ.Env.read_env(str(path), overwrite=False)


def _declare(name: str, default: object, help_text: str) -> None:
    VARIABLES[name] = Variable(name, None if default is None else str(default), help_text)


def _read(name: str, default: str | None) -> str:
    value = os.environ.get(name, "")
    if value != "":
        return value
    if default is None:
        raise ImproperlyConfigured(f"{name} is not set: {VARIABLES[name].help}")
    return default


def text(name: str, default: str | None, help_text: str) -> str:
    """A string; required when the default is None."""
    _declare(name, default, help_text)
    return _read(name, default)


def number(name: str, default: int, help_text: str) -> int:
    """A whole number."""
    _declare(name, default, help_text)
    value = _read(name, str(default))
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}") from None


def flag(name: str, default: bool, help_text: str) -> bool:
    """True for 1/true/yes/on, False for 0/false/no/off; anything else is refused."""
    _declare(name, int(default), help_text)
    value = _read(name, str(int(default))).lower()
    if value in ("1", "true", "yes", "on"):
        return True
    if value in ("0", "false", "no", "off"):
        return False
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}")


def words(name: str, default: str, help_text: str) -> list[str]:
    """A list separated by commas; empty parts are dropped."""
    _declare(name, default, help_text)
    return [part.strip() for part in _read(name, default).split(",") if part.strip()]


def database(name: str, help_text: str) -> dict[str, object]:
    """A PostgreSQL address as Django's database dictionary."""
    value = text(name, None, help_text)
    if not value.startswith(("postgres://", "postgresql://")):
        raise ImproperlyConfigured(f"{name} must start with postgresql://; only PostgreSQL is supported")
    return dict(_env.db_url_config(value))
