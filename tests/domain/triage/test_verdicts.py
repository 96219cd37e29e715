"""Verdicts on stored messages: a fixed number of queries, kept once for each version of triage."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inbox.models.issue import Issue
from inbox.services import issues
from routing.models.triage import MessageTriage
from routing.services import right, verdicts
from tests import personas
from tests.domain.triage.stored import messages
from tests.factories import pages

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_message_is_judged_and_kept_once() -> None:
    world = personas.world()
    issues.create("Late parcel", actor=world.ada, words=["three weeks"])
    (row,) = messages(world.channels.northwind_x, "@northwind where is my parcel? three weeks late, worst service!")
    found = verdicts.judge([row.pk])
    assert verdicts.store(found) == 1
    verdicts.store(verdicts.judge([row.pk]))
    kept = MessageTriage.objects.get(message=row)
    assert (kept.language, kept.sentiment, kept.kind, kept.issue) == ("en", "negative", "complaint", "late-parcel")
    assert kept.said["sentiment"][1].startswith("It says")
    assert right.verdicts_of(kept).sentiment.value == "negative"


def test_another_list_of_issues_is_another_version() -> None:
    world = personas.world()
    (row,) = messages(world.channels.northwind_x, "my parcel is late")
    verdicts.store(verdicts.judge([row.pk]))
    issues.create("Late parcel", actor=world.ada)
    verdicts.store(verdicts.judge([row.pk]))
    assert list(MessageTriage.objects.order_by("id").values_list("issue", flat=True)) == ["", "late-parcel"]


def test_what_is_stored_is_told() -> None:
    world = personas.world()
    pages.store(world.channels.northwind_x, pages.post("1", by=pages.person("9", followers=80_000), text="hm"))
    (row,) = messages(world.channels.northwind_x, "oh", first=2)
    told = verdicts.judge([row.pk - 1, row.pk])
    assert [one.reach.value for one in told.values()] == ["high", "low"]
    assert all(one.answerable.reason for one in told.values())


def test_as_many_queries_for_twice_as_many_messages() -> None:
    world = personas.world()
    Issue.objects.create(slug="late", name="Late")
    rows = messages(world.channels.northwind_x, *[f"my parcel {n} is late" for n in range(20)])
    verdicts.setup()

    def queries(count: int) -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            verdicts.store(verdicts.judge([row.pk for row in rows[:count]]))
        return len(caught)

    assert queries(10) == queries(20)
