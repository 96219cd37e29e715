"""The organisation and one conversation. Models are imported when a fixture is asked for: this file is read before
the servers have started, and with them the settings."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from inbox.models.conversation import Conversation
    from tests.personas import World


@pytest.fixture
def world(transactional_db: None) -> "World":
    from tests import personas

    return personas.world()


@pytest.fixture
def waiting(world: "World") -> "Conversation":
    """A conversation of Northwind in Care that nobody has."""
    from tests.factories import talk

    return talk.conversation(world.channels.northwind_x, world.queues.care)
