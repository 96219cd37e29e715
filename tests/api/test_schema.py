"""The schema that is checked in is the one that is served; what it says is what the code takes."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.test import Client

from tests.api.matrix import LISTS
from tests.api.matrix_rules import CELLS

ROOT = Path(__file__).resolve().parents[2]
CHECKED_IN = ROOT / "api" / "schema.yml"


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    return dict(yaml.safe_load(CHECKED_IN.read_text(encoding="utf-8")))


def test_the_file_is_up_to_date(tmp_path: Path) -> None:
    made = tmp_path / "schema.yml"
    command = ["manage.py", "spectacular", "--validate", "--fail-on-warn", "--file", str(made)]
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, capture_output=True, text=True, timeout=150, check=False
    )
    assert done.returncode == 0, done.stderr
    hint = "run `python manage.py spectacular --validate --fail-on-warn --file api/schema.yml`"
    assert made.read_text(encoding="utf-8") == CHECKED_IN.read_text(encoding="utf-8"), hint


@pytest.mark.django_db
def test_it_is_served_without_a_token(schema: dict[str, Any]) -> None:
    answer = Client().get("/api/v1/schema/")
    assert answer.status_code == 200
    assert json.loads(answer.content)["paths"].keys() == schema["paths"].keys()


def test_it_has_every_route_and_method(schema: dict[str, Any]) -> None:
    found = {
        (method.upper(), path.removeprefix("/api/v1/").rstrip("/").replace("{id}", "{pk}"))
        for path, methods in schema["paths"].items()
        for method in methods
    }
    assert found == CELLS.keys() | LISTS


def test_every_operation_needs_the_token_and_tells_its_errors(schema: dict[str, Any]) -> None:
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            assert operation["security"] == [{"token": []}], path
            assert operation["description"], path
            expected = {"401", "404", "422", "429"} | (
                {"400", "403", "409", "413", "415"} if method == "post" else set()
            )
            assert expected <= operation["responses"].keys(), (path, method)
