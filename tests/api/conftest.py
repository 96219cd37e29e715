"""The organisation, one conversation, and a machine per person."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from inbox.models.conversation import Conversation
    from tests.api.client import Machine
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


@pytest.fixture
def machine(world: "World") -> "Callable[[str], Machine]":
    """The machine of one persona: `machine("ana")`."""
    from tests.api.client import Machine

    return lambda name: Machine(getattr(world, name))


@pytest.fixture
def ana(machine: "Callable[[str], Machine]") -> "Machine":
    return machine("ana")
