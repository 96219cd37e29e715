"""One sandbox process for the suite, empty at the start of each test."""

from collections.abc import Iterator

import pytest

from tests.sandbox.running import Sandbox, running


@pytest.fixture(scope="session")
def sandbox_process() -> Iterator[Sandbox]:
    with running() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(sandbox_process: Sandbox) -> Sandbox:
    sandbox_process.control("POST", "reset")
    return sandbox_process
