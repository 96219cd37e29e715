"""Real workers and beats on the servers of the run. Imports of ours stand inside, see tests/conftest.py."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.sandbox.running import Sandbox, running


@pytest.fixture(scope="session")
def sandbox_process() -> Iterator[Sandbox]:
    with running() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(sandbox_process: Sandbox, settings) -> Sandbox:
    sandbox_process.control("POST", "reset")
    settings.X_API_URL = settings.X_AUTH_URL = sandbox_process.base_url
    return sandbox_process


@pytest.fixture
def world(transactional_db) -> Any:
    from tests import personas

    return personas.world()


@pytest.fixture
def celery(tmp_path, settings) -> Iterator[Callable[..., None]]:
    """Starts `celery -A socialcare …` on the test's database and broker; all end with the test."""
    from tests.tasks.processes import Processes

    processes = Processes(tmp_path, settings)
    yield processes.start
    processes.stop()
