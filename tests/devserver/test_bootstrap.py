"""What `make setup` and `make test` say on a machine that lacks something; run by a bare interpreter, as there."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

BOOTSTRAP = Path(__file__).resolve().parents[2] / "socialcare" / "bootstrap.py"
WITHOUT_VENV = """
import runpy, sys
sys.modules["ensurepip"] = None  # as on a Debian without python3-venv
sys.argv = ["bootstrap.py", "setup"]
runpy.run_path({path!r}, run_name="__main__")
"""


def run(*arguments: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", *arguments]
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=60)


def test_missing_venv_module_is_answered_with_the_apt_line(tmp_path: Path) -> None:
    done = run("-c", WITHOUT_VENV.format(path=str(BOOTSTRAP)), env={"VENV": str(tmp_path / "venv")})
    assert done.returncode == 1
    assert "sudo apt-get install -y python3." in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "venv").exists()


def test_without_any_browser_it_says_how_to_get_one(tmp_path: Path) -> None:
    done = run(str(BOOTSTRAP), "browser", env={"PATH": str(tmp_path)})
    assert done.returncode == 1
    assert "apt-get install -y chromium" in done.stderr
    assert "E2E=0" in done.stderr


@pytest.mark.parametrize("env", [{"E2E": "0"}, {"CHROMIUM": sys.executable}])
def test_browser_left_out_on_purpose_or_named(tmp_path: Path, env: dict[str, str]) -> None:
    assert run(str(BOOTSTRAP), "browser", env={"PATH": str(tmp_path), **env}).returncode == 0


def test_bootstrap_needs_the_standard_library_only() -> None:
    done = run("-S", str(BOOTSTRAP), "browser", env={"E2E": "0", "PATH": os.defpath})
    assert done.returncode == 0, done.stderr
