"""What stands in the inbox before its pages are asked for; imported late, as beside it."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.personas import World


@pytest.fixture
def arrived(world: "World") -> None:
    """Northwind's account on X is connected, and `arrivals` have been read from it."""
    from tests.factories.pages import arrivals, connected

    arrivals(connected(world.channels.northwind_x))
