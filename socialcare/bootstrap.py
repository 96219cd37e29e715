"""Make `.venv` and fill it. Runs on a bare Python 3.11, before anything is installed: standard library only.

python3 -I socialcare/bootstrap.py setup      what `make run` needs
python3 -I socialcare/bootstrap.py dev        what `make test` needs as well
python3 -I socialcare/bootstrap.py browser    Chromium for the browser tests
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = Path(os.environ.get("VENV", ROOT / ".venv")).absolute()
PYTHON = VENV / "bin" / "python"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
INSTALL_DEADLINE_S = 1800


class Refusal(Exception):
    """Why it cannot be done and what helps, in one sentence."""


def say(sentence: str) -> None:
    print(sentence, flush=True)  # noqa: T201 - this is what the person at the terminal reads


def run(*command: str | Path, quiet: bool = False) -> bool:
    """Run a command to its end and tell whether it succeeded."""
    sink = subprocess.DEVNULL if quiet else None
    try:
        done = subprocess.run(  # noqa: S603 - commands of this file
            [str(part) for part in command], cwd=ROOT, stdout=sink, stderr=sink, timeout=INSTALL_DEADLINE_S
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def make_venv() -> None:
    """Make the virtual environment, again where one is broken: cut short, or its interpreter gone."""
    if run(PYTHON, "-c", "import pip", quiet=True):
        return
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        raise Refusal(f"Python's venv module is missing; install it with: sudo apt-get install -y {package}")
    say(f"Making {VENV.name} with Python {sys.version.split()[0]} …")
    if not run(sys.executable, "-m", "venv", "--clear", VENV):
        raise Refusal(f"{VENV} could not be made; if it belongs to another user, remove it or set VENV.")


def install(*names: str) -> None:
    """Install pinned, hashed requirements; nothing is done while they are what was installed last."""
    missing = [name for name in names if not _is_installed(name)]
    if not missing:
        return
    began = time.monotonic()
    say(f"Installing {' and '.join(missing)} …")
    files = [part for name in missing for part in ("-r", name)]
    if not _with_uv(files):
        say("uv cannot do it here, so pip does; that takes a minute or two.")
        if not run(PYTHON, "-m", "pip", "install", "-q", "--require-hashes", *files):
            raise Refusal("The packages could not be installed; pip's message above says why.")
    for name in missing:
        _stamp(name).write_text(_digest(name))
    say(f"Installed in {time.monotonic() - began:.0f} s.")


def _with_uv(files: list[str]) -> bool:
    uv = shutil.which("uv") or ""
    if not run(uv, "--version", quiet=True):
        uv = str(VENV / "bin" / "uv")
        pip = (PYTHON, "-m", "pip", "install", "-q", "--require-hashes", "-r", "requirements-uv.txt")
        if not run(uv, "--version", quiet=True) and not run(*pip, quiet=True):
            return False
    # Trust what the system trusts, as pip does: behind a company's proxy nothing else works.
    os.environ.setdefault("UV_SYSTEM_CERTS", "true")
    return run(uv, "pip", "install", "-q", "--python", PYTHON, "--require-hashes", *files, quiet=True)


def _is_installed(name: str) -> bool:
    return _stamp(name).is_file() and _stamp(name).read_text() == _digest(name)


def _stamp(name: str) -> Path:
    return VENV / f".installed-{name}"


def _digest(name: str) -> str:
    return hashlib.sha256((ROOT / name).read_bytes()).hexdigest()


def find_browser() -> str | None:
    """Find a Chromium: CHROMIUM names one, else the usual names are looked up."""
    named = os.environ.get("CHROMIUM", "")
    return shutil.which(named) if named else next(filter(None, map(shutil.which, BROWSERS)), None)


def browser() -> None:
    """See to it that there is a browser, by apt as root; E2E=0 does without on purpose."""
    if os.environ.get("E2E") == "0" or find_browser():
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say("Installing Chromium for the browser tests …")
        os.environ["DEBIAN_FRONTEND"] = "noninteractive"
        apt = ("apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium")
        if not run(*apt, quiet=True):
            run("apt-get", "update", "-qq")
            run(*apt)
    if not find_browser():
        raise Refusal(
            "The browser tests need Chromium: install it (sudo apt-get install -y chromium), name one with"
            " CHROMIUM=/path, or leave them out on purpose with E2E=0."
        )


def main(task: str) -> None:
    if not (3, 11) <= sys.version_info[:2] < (3, 13):
        raise Refusal(f"Socialcare needs Python 3.11 or 3.12; {sys.executable} is {sys.version.split()[0]}.")
    if task == "browser":
        return browser()
    make_venv()
    install("requirements.txt", *(["requirements-dev.txt"] if task == "dev" else []))


if __name__ == "__main__":
    try:
        main(sys.argv[1] if len(sys.argv) > 1 else "setup")
    except Refusal as refusal:
        sys.exit(str(refusal))
    except KeyboardInterrupt:
        sys.exit(130)
