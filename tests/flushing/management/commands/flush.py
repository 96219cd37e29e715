"""What runs after every test that commits.

Django's own empties every table, a hundred of them, and writes content types and permissions anew: that took two thirds
of the whole test run. A test leaves rows in a few.
"""

from typing import Any

from django.core.management.commands import flush
from django.db import connections

# What migrating writes and no test changes.
KEPT = ("django_migrations", "django_content_type", "auth_permission")
MAY_SKIP_TRIGGERS = "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"
# As a replica no trigger runs: neither those that guard what may only be added, nor those of foreign keys.
EMPTY = """
DO $$
DECLARE each regclass; filled boolean;
BEGIN
    SET LOCAL session_replication_role = replica;
    FOR each IN SELECT oid FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace
                AND relname <> ALL (string_to_array('{kept}', ' ')) LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %s)', each) INTO filled;
        IF filled THEN EXECUTE format('DELETE FROM %s', each); END IF;
    END LOOP;
END $$
"""


class Command(flush.Command):
    """Delete the rows that are there; as anybody but a superuser (a server of one's own) do as Django does."""

    def handle(self, **options: Any) -> None:
        with connections[options["database"]].cursor() as cursor:
            cursor.execute(MAY_SKIP_TRIGGERS)
            (superuser,) = cursor.fetchone()
            if superuser:
                cursor.execute(EMPTY.format(kept=" ".join(KEPT)))
                return
        super().handle(**options)
