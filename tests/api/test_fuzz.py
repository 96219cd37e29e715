"""Schemathesis against the API as it is deployed: nothing that fits the schema, or just does not, makes it fail or
answer otherwise than the schema says.

For a longer run: `FUZZ_SECONDS=600 python -m pytest tests/api/test_fuzz.py`.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.api.client import Machine
from tests.api.matrix import Stage
from tests.api.test_matrix import KEYS
from tests.api.test_schema import CHECKED_IN
from tests.domain.channels import kit
from tests.live.server import Web
from tests.personas import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(900)]

SECONDS = int(os.environ.get("FUZZ_SECONDS", "15"))
# 502 is how the API says that the network cannot be reached, as it cannot here.
CONFIG = """
[checks]
not_a_server_error.expected-statuses = ["2xx", "3xx", "4xx", "502"]
"""
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,"
    "negative_data_rejection,ignored_auth,unsupported_method"
)


@pytest.fixture
def web(world: World, tmp_path: Path) -> Iterator[Web]:
    web = Web(tmp_path, API_RATE="1000000/min")
    yield web
    web.stop()


def narrowed(stage: Stage) -> dict[str, Any]:
    """The schema, except that ids are such as exist (and one that does not): random ones would find nothing."""
    made = {
        "conversations": [stage.conversation(place).pk for place in ("care", "care", "pr", "third")],
        "messages": [stage.message("care").pk, stage.own_message("care").pk],
        "deliveries": [stage.delivery("care").pk, stage.failed("care").pk],
        "handoffs": [stage.handoff("care").pk, stage.handoff("pr").pk],
        "targets": [stage.policy("care").pk],
        "hours": [stage.hours("care").pk],
        "channels": [stage.channel("care").pk],
        "agents": [stage.agent("care").pk],
        "content-asks": [stage.content_ask("care").pk],
        "brand-voice": [stage.voice_rule("care").pk],
        "macros": [stage.macro("care").pk],
        "macro-runs": [stage.macro_run("care", stage.world.ana).pk],
        "bulks": [stage.bulk("care").pk],
        "views": [stage.view("care").pk],
        "issues": [stage.issue("care").pk],
        "queues": [stage.queue("care").pk],
        "saved-replies": [stage.saved_reply("care").pk],
        "sample": [stage.sampled("care").pk],
        "skills": [stage.skill("care").pk],
        "triage-models": [stage.learnt("care").pk],
        # Administrators' own, which this machine may not see, and what is not set up: any number does.
        **{root: [1] for root in ("attention", "author-lists", "brands", "backtests", "rules", "webhooks")},
    }
    schema: dict[str, Any] = yaml.safe_load(CHECKED_IN.read_text(encoding="utf-8"))
    for path, methods in schema["paths"].items():
        for operation in methods.values():
            for parameter in operation.get("parameters", ()):
                if parameter["in"] == "path":
                    ids = [*made[path.split("/")[3]], 10**17]
                    parameter["schema"] = {"type": "string", "enum": [str(pk) for pk in ids]}
    return schema


def test_nothing_makes_it_fail(world: World, web: Web, tmp_path: Path) -> None:
    stage = Stage(world)
    for channel in (world.channels.northwind_x, stage.third):
        kit.give_keys(channel, KEYS)
    (tmp_path / "schemathesis.toml").write_text(CONFIG, encoding="utf-8")
    file = tmp_path / "schema.yml"
    file.write_text(yaml.safe_dump(narrowed(stage)), encoding="utf-8")
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "run", str(file), "--url", web.address),
        *("--header", f"Authorization: Bearer {Machine(world.ana).token}"),
        *("--checks", CHECKS, "--phases", "coverage,fuzzing", "--max-time", str(SECONDS), "--seed", "7"),
        *("--max-examples", "5" if SECONDS <= 60 else "200", "--continue-on-failure", "--no-color"),
        *("--generation-database", "none", "--suppress-health-check", "all"),
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=SECONDS + 300, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
