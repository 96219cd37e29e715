"""The sandbox behind the pages. Imports of ours stand inside: this file is read before the settings are there."""

from collections.abc import Iterator

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
