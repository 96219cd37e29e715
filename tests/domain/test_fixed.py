"""A fixed question answers as the queryset does that it was written from."""

import pytest
from django.db import connection
from django.db.models import Exists, F, OuterRef, QuerySet, Value
from django.db.models.functions import Upper
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership, Team, User
from core.fixed import Slot, fixed
from tests.personas import World

pytestmark = pytest.mark.django_db(transaction=True)


@fixed(pks="bigint[]")
def _people(pks: Slot) -> QuerySet[User]:
    staffed = Exists(Membership.objects.filter(user=OuterRef("pk")))
    return User.objects.filter(pk__anyof=pks).annotate(staffed=staffed).order_by("-pk")


@fixed(team="bigint")
def _members(team: Slot) -> QuerySet[Membership]:
    return Membership.objects.filter(team=team).select_related("user", "team").order_by("pk")


@fixed(email="text")
def _names(email: Slot) -> QuerySet[User, str]:
    return User.objects.filter(email=email).values_list("name", flat=True)


@fixed(sign="text", pks="bigint[]")
def _marked(sign: Slot, pks: Slot) -> QuerySet[User, tuple[str, str]]:
    rows = User.objects.filter(pk__anyof=pks).annotate(sign=Upper(Value("100 %s, and ")), own=F("name"))
    return rows.exclude(name=sign).order_by("name").values_list("sign", "own")


@fixed(everything="boolean", pk="bigint")
def _maybe(everything: Slot, pk: Slot) -> QuerySet[User, int]:
    return User.objects.filter(everything | Exists(User.objects.filter(pk=pk, pk__in=OuterRef("pk")))).values_list(
        "pk", flat=True
    )


@fixed()
def _with_teams() -> QuerySet[User]:
    return User.objects.prefetch_related("memberships")


def test_objects_come_as_the_orm_makes_them(world: World) -> None:
    pks = [world.ana.pk, world.ben.pk]
    found = _people(pks=pks)
    assert found == list(User.objects.filter(pk__in=pks).order_by("-pk"))
    assert [one.staffed for one in found] == [True, True]  # type: ignore[attr-defined]
    assert {*vars(found[0])} == {*vars(User.objects.get(pk=pks[1])), "staffed"}
    assert [one.created_at for one in found] == [world.ben.created_at, world.ana.created_at]


def test_what_is_related_comes_along(world: World) -> None:
    team = Team.objects.filter(memberships__user=world.ana).first()
    assert team is not None
    with CaptureQueriesContext(connection) as asked:
        names = [(row.user.name, row.team.name) for row in _members(team=team.pk)]
    assert len(asked) == 1
    assert (world.ana.name, team.name) in names


def test_columns_come_as_values_and_a_percent_sign_is_one(world: World) -> None:
    assert _names(email=world.ana.email) == [world.ana.name]
    assert _names.first(email="nobody") is None
    assert _marked(sign=world.ben.name, pks={world.ana.pk, world.ben.pk}) == [("100 %S, AND ", world.ana.name)]


def test_each_use_has_its_own_values(world: World) -> None:
    assert [_people(pks=[pk])[0].pk for pk in (world.ana.pk, world.ben.pk) * 4] == [world.ana.pk, world.ben.pk] * 4
    assert _people(pks=[]) == []
    assert _maybe(everything=False, pk=world.ana.pk) == [world.ana.pk]
    assert len(_maybe(everything=True, pk=world.ana.pk)) == User.objects.count()


def test_what_is_not_asked_for_is_an_error() -> None:
    with pytest.raises(TypeError, match="is asked with pks"):
        _people()
    with pytest.raises(TypeError, match="is asked with pks"):
        _people(pks=[], more=1)


def test_what_is_fetched_afterwards_is_refused() -> None:
    with pytest.raises(TypeError, match="a question of its own"):
        _with_teams()


def test_no_two_questions_share_a_name() -> None:
    def again() -> QuerySet[User]:
        return User.objects.all()

    again.__qualname__ = "again"
    fixed()(again)
    with pytest.raises(ValueError, match="again"):
        fixed()(again)
    again.__qualname__ = "long" * 16
    with pytest.raises(ValueError, match="long"):
        fixed()(again)
