"""A channel of Northwind that really sends, to the sandbox, through the real adapters.

Imports of ours stand inside, since this file is read before the servers and the settings are there.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.sandbox.running import Sandbox, running

if TYPE_CHECKING:
    from tests.domain.delivery.stage import Stage


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
def stage(sandbox: Sandbox, world, settings) -> "Stage":
    """Northwind on X, connected; nothing is held, and an unknown outcome is looked up at once."""
    from tests.domain.delivery.stage import Stage

    settings.SEND_HOLD_S = settings.SEND_SETTLE_S = settings.SEND_READ_GAP_S = 0
    return Stage(sandbox, world)
