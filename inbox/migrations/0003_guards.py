"""What the database itself defends: the account of an answer, the past, the text, and the counters."""

from django.db import migrations

COMPOSITE_KEY = """
-- An answer leaves by the account of its conversation or not at all (invariant I3).
ALTER TABLE inbox_delivery ADD CONSTRAINT delivery_channel_of_conversation
    FOREIGN KEY (conversation_id, channel_id) REFERENCES inbox_conversation (id, channel_id);
"""

APPEND_ONLY = """
-- Events are facts: they are not deleted, and only `dispatched_at` (and `data`, to erase a person) may change.
CREATE FUNCTION inbox_event_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW.kind <> OLD.kind OR NEW.occurred_at <> OLD.occurred_at
       OR NEW.conversation_id <> OLD.conversation_id OR NEW.actor_id IS DISTINCT FROM OLD.actor_id THEN
        RAISE EXCEPTION 'conversation events are append-only' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER conversationevent_append_only BEFORE UPDATE OR DELETE ON inbox_conversationevent
    FOR EACH ROW EXECUTE FUNCTION inbox_event_append_only();

-- A message's text is never changed, only erased.
CREATE FUNCTION inbox_message_text_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the text of a message is never changed, only erased'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER message_text_kept BEFORE UPDATE OF text ON inbox_message
    FOR EACH ROW WHEN (NEW.text <> OLD.text AND NEW.text <> '') EXECUTE FUNCTION inbox_message_text_kept();
"""

COUNTERS = """
-- Each statement that touches conversations leaves what it changed in the counters; nobody waits for anybody.
CREATE FUNCTION inbox_conversation_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO inbox_countdelta (queue_id, brand_id, owner_id, status, waiting, n)
        SELECT queue_id, brand_id, owner_id, status, waiting_since IS NOT NULL, count(*)
        FROM after_rows GROUP BY 1, 2, 3, 4, 5;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO inbox_countdelta (queue_id, brand_id, owner_id, status, waiting, n)
        SELECT queue_id, brand_id, owner_id, status, waiting_since IS NOT NULL, -count(*)
        FROM before_rows GROUP BY 1, 2, 3, 4, 5;
    ELSE
        INSERT INTO inbox_countdelta (queue_id, brand_id, owner_id, status, waiting, n)
        SELECT queue_id, brand_id, owner_id, status, waiting, sum(n) FROM (
            SELECT queue_id, brand_id, owner_id, status, waiting_since IS NOT NULL AS waiting, 1 AS n FROM after_rows
            UNION ALL
            SELECT queue_id, brand_id, owner_id, status, waiting_since IS NOT NULL, -1 FROM before_rows
        ) AS moved GROUP BY 1, 2, 3, 4, 5 HAVING sum(n) <> 0;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER conversation_counted_insert AFTER INSERT ON inbox_conversation
    REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION inbox_conversation_counted();
CREATE TRIGGER conversation_counted_update AFTER UPDATE ON inbox_conversation
    REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows
    FOR EACH STATEMENT EXECUTE FUNCTION inbox_conversation_counted();
CREATE TRIGGER conversation_counted_delete AFTER DELETE ON inbox_conversation
    REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION inbox_conversation_counted();
"""


class Migration(migrations.Migration):
    dependencies = [("inbox", "0002_models")]
    operations = [
        migrations.RunSQL(COMPOSITE_KEY, "ALTER TABLE inbox_delivery DROP CONSTRAINT delivery_channel_of_conversation"),
        migrations.RunSQL(
            APPEND_ONLY,
            "DROP FUNCTION inbox_event_append_only CASCADE; DROP FUNCTION inbox_message_text_kept CASCADE",
        ),
        migrations.RunSQL(COUNTERS, "DROP FUNCTION inbox_conversation_counted CASCADE"),
    ]
