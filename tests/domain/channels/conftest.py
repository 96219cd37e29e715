"""Connected accounts of the sandbox: the real adapters over HTTP.

Imports of ours stand inside, since this file is read before the servers and the settings are there.
"""

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
    settings.FACEBOOK_GRAPH_URL = f"{sandbox_process.base_url}/graph"
    settings.FACEBOOK_DIALOG_URL = sandbox_process.base_url
    return sandbox_process


@pytest.fixture
def world(transactional_db) -> Any:
    from tests import personas

    return personas.world()


@pytest.fixture
def connected(sandbox: Sandbox, world: Any) -> Callable[..., Any]:
    """Makes a channel's account exist in the sandbox and gives the channel working keys."""
    from tests.domain.channels import kit

    def connect(channel: Any = None, **fields: object) -> Any:
        channel = channel or world.channels.northwind_x
        account = sandbox.brand(channel.handle, channel.kind, id=channel.external_id)
        return kit.give_keys(channel, kit.keys_of(channel.kind, account["credentials"]), **fields)

    return connect
