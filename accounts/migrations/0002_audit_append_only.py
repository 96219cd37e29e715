"""The audit list is append-only, defended by the database."""

from django.db import migrations

SQL = """
CREATE FUNCTION accounts_event_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'account events are append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER accountevent_append_only BEFORE UPDATE OR DELETE ON accounts_accountevent
    FOR EACH ROW EXECUTE FUNCTION accounts_event_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunSQL(SQL, "DROP FUNCTION accounts_event_append_only CASCADE")]
