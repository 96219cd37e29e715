"""Saved views: who finds them, who may change them, and how many each holds."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AccountEvent, User
from core.errors import Forbidden, Invalid, NotFound
from inbox.policies import access_of
from inbox.selectors.views import counts_of, get_view, views_of
from inbox.services import views
from tests import personas
from tests.factories import talk
from tests.personas import World
from tests.racing import race, split

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world() -> World:
    return personas.world()


def _names(user: User) -> list[str]:
    return [view.name for view in views_of(access_of(user))]


def test_private_team_and_everybody(world: World) -> None:
    views.create("Mine", actor=world.omar, text="is:mine")
    views.create("Of Care", actor=world.omar, text="is:late", audience="team", team=world.teams.care.pk)
    views.create("Of all", actor=world.omar, text="priority:urgent is:unassigned", sort="reach", audience="all")
    assert _names(world.omar) == ["Mine", "Of all", "Of Care"]
    assert _names(world.ana) == ["Of all", "Of Care"]
    assert _names(world.ben) == _names(world.zoe) == ["Of all"]


def test_only_the_owner_changes_it_and_others_are_told(world: World) -> None:
    view = views.create("Late", actor=world.omar, text="is:late", audience="all")
    with pytest.raises(Forbidden):
        views.change(view.pk, actor=world.ana, name="Mine now", text="")
    with pytest.raises(Forbidden):
        views.delete(view.pk, actor=world.ana)
    private = views.create("Private", actor=world.omar, text="is:late")
    with pytest.raises(NotFound):
        views.delete(private.pk, actor=world.ana)
    views.change(view.pk, actor=world.ada, name="Too late", text="is:late", audience="all")
    assert _names(world.ana) == ["Too late"]


def test_deleted_and_brought_back(world: World) -> None:
    view = views.create("Late", actor=world.ana, text="is:late")
    views.delete(view.pk, actor=world.ana)
    views.delete(view.pk, actor=world.ana)
    assert _names(world.ana) == []
    with pytest.raises(NotFound):
        get_view(access_of(world.ana), view.pk)
    views.restore(view.pk, actor=world.ana)
    assert get_view(access_of(world.ana), view.pk) == view
    kinds = AccountEvent.objects.filter(kind__startswith="view.").order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["view.created", "view.deleted", "view.restored"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 61}, "name"),
        ({"text": "colour:red"}, "query"),
        ({"text": "is:lost"}, "query"),
        ({"text": "x" * 201}, "query"),
        ({"sort": "loudest"}, "sort"),
        ({"audience": "world"}, "audience"),
        ({"audience": "team", "team": None}, "team"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_its_field(world: World, wrong: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        views.create(**{"name": "Late", "text": "is:late", "actor": world.ana, **wrong})
    assert list(refused.value.fields) == [field]


def test_sharing_needs_the_right_to_it(world: World) -> None:
    with pytest.raises(Invalid):
        views.create("x", actor=world.ana, text="", audience="team", team=world.teams.pr.pk)
    with pytest.raises(Forbidden):
        views.create("x", actor=world.ana, text="", audience="all")


def test_everybody_counts_what_they_see(world: World) -> None:
    for queue in (world.queues.care, world.queues.care, world.queues.pr):
        talk.conversation(world.channels.northwind_x, queue)
    everywhere = views.create("Open", actor=world.omar, text="is:open", audience="all")
    of_pr = views.create("PR", actor=world.omar, text="queue:pr", audience="all")
    both = [everywhere, of_pr]
    assert counts_of(access_of(world.ana), both) == {everywhere.pk: (2, False), of_pr.pk: (0, False)}
    assert counts_of(access_of(world.ben), both) == {everywhere.pk: (1, False), of_pr.pk: (1, False)}
    assert counts_of(access_of(world.zoe), both) == {everywhere.pk: (0, False), of_pr.pk: (0, False)}


def test_counting_again_within_half_a_minute_asks_nothing(world: World) -> None:
    view = views.create("Open", actor=world.ana, text="is:open")
    access = access_of(world.ana)
    counts_of(access, [view])
    with CaptureQueriesContext(connection) as asked:
        counts_of(access, [view])
    assert len(asked) == 0


def test_there_is_an_end_even_for_two_at_once(world: World) -> None:
    for number in range(views.AT_MOST - 1):
        views.create(f"View {number}", actor=world.ana, text="")
    made, refused = split(race(*[lambda: views.create("Last", actor=world.ana, text="")] * 2))
    assert (len(made), [type(error) for error in refused]) == (1, [Invalid])


def test_one_deletion_is_recorded_of_two_at_once(world: World) -> None:
    view = views.create("Late", actor=world.ana, text="is:late")
    race(*[lambda: views.delete(view.pk, actor=world.ana)] * 2)
    assert AccountEvent.objects.filter(kind="view.deleted").count() == 1
