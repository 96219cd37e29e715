"""A prepared statement is planned once per connection, wherever its first use stands."""

import pytest
from django.db import connection, transaction

from core.prepared import Prepared

pytestmark = pytest.mark.django_db(transaction=True)


def numbers(statement: Prepared, given: str) -> list[int]:
    with connection.cursor() as cursor:
        statement.execute(cursor, [given])
        return [row[0] for row in cursor.fetchall()]


def prepared(name: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE name = %s", [name])
        return int(cursor.fetchone()[0])


def test_it_answers_like_any_statement_and_is_prepared_once() -> None:
    statement = Prepared("test_doubled", ["bigint[]"], "SELECT 2 * n FROM unnest($1) n ORDER BY n")
    assert numbers(statement, "{1,2}") == [2, 4]
    assert numbers(statement, "{}") == []
    assert prepared("test_doubled") == 1


def test_a_new_connection_prepares_it_again() -> None:
    statement = Prepared("test_again", ["bigint[]"], "SELECT n FROM unnest($1) n")
    assert numbers(statement, "{1}") == [1]
    connection.close()
    assert numbers(statement, "{2}") == [2]


def test_a_transaction_that_fell_leaves_it_prepared() -> None:
    statement = Prepared("test_fallen", ["bigint[]"], "SELECT n FROM unnest($1) n")
    with transaction.atomic():
        assert numbers(statement, "{1}") == [1]
        transaction.set_rollback(True)
    assert numbers(statement, "{2}") == [2]
