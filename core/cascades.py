"""Foreign keys that the database itself follows: Django follows only those of tables that a process knows."""

from __future__ import annotations


def cascading(child: str, *parents: str) -> str:
    """SQL for a migration: rows of `child` go with their rows of `parents`, whoever deletes these. Idempotent.

    For releases that meet on one database: a process of the one before knows no rows that hang on what it deletes.
    """
    wanted = ", ".join(f"'{parent}'::regclass" for parent in parents)
    return f"""
DO $$
DECLARE c record;
BEGIN
  FOR c IN SELECT conname, pg_get_constraintdef(oid) AS said FROM pg_constraint
    WHERE conrelid = '{child}'::regclass AND contype = 'f' AND confrelid IN ({wanted}) AND confdeltype = 'a'
  LOOP
    EXECUTE format('ALTER TABLE {child} DROP CONSTRAINT %I', c.conname);
    EXECUTE format('ALTER TABLE {child} ADD CONSTRAINT %I %s', c.conname,
                   replace(c.said, ' DEFERRABLE', ' ON DELETE CASCADE DEFERRABLE'));
  END LOOP;
END $$
"""  # noqa: S608 - names of our own tables
