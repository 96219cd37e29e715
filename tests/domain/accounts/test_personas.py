"""The tests' world is what its docstring says: rights that other tests rely on."""

import pytest

from inbox.policies import access_of
from inbox.services.desks import create_first_desks
from tests import personas

pytestmark = pytest.mark.django_db(transaction=True)


def test_everybody_has_the_rights_of_the_role():
    world = personas.world()
    both = {world.brands.northwind.pk, world.brands.lumo.pk}
    rights = {name: access_of(getattr(world, name)) for name in ("ana", "ben", "mia", "omar", "zoe", "ada")}
    assert rights["ana"].member_queue_ids == {world.queues.care.pk}
    assert rights["ben"].member_queue_ids == {world.queues.pr.pk}
    assert rights["mia"].member_queue_ids == {world.queues.marketing.pk}
    assert rights["omar"].supervised_queue_ids == {world.queues.care.pk}
    assert rights["ana"].supervised_queue_ids == rights["zoe"].readable_queue_ids == rights["zoe"].brand_ids == set()
    assert rights["ada"].brand_ids == rights["ana"].brand_ids == both
    assert len(rights["ada"].readable_queue_ids) == 3


def test_first_desks_are_made_once():
    first = create_first_desks()
    assert [desk.slug for desk in first] == ["care", "pr", "marketing"]
    assert create_first_desks() == first
    assert all(desk.queues.count() == 1 for desk in first)
