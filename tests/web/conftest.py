"""The organisation behind the pages. Models are imported when a fixture is asked for: this file is read before the
servers have started, and with them the settings."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.test import Client

    from tests.personas import World


@pytest.fixture
def world(transactional_db: None) -> "World":
    from tests import personas

    return personas.world()


@pytest.fixture
def ana(world: "World") -> "Client":
    from tests.clients import signed_in

    return signed_in(world.ana)
