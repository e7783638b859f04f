"""Tables whose rows are only added: triggers refuse change and removal on both databases, as for the record itself.

An application declares its tables where it gets ready and installs the triggers in a migration of its own.
"""

from __future__ import annotations

from typing import Final

from django.db.backends.base.base import BaseDatabaseWrapper

TABLES: Final[list[str]] = []
_MESSAGE: Final = "这些内容提交后只能追加，不能修改或删除"
_FUNCTION: Final = "core_append_only_refuse"


def declare_append_only(*tables: str) -> None:
    """Name tables that only grow."""
    TABLES.extend(table for table in tables if table not in TABLES)


def install(connection: BaseDatabaseWrapper, *tables: str) -> None:
    """Put the triggers on these tables, anew where they stand."""
    release(connection, *tables)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION {_FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN "
                f"RAISE EXCEPTION '{_MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; END;$$"
            )
        for table in tables:
            for name, when in _triggers(connection, table):
                then = (
                    f"FOR EACH STATEMENT EXECUTE FUNCTION {_FUNCTION}()"
                    if connection.vendor == "postgresql"
                    else f"BEGIN SELECT RAISE(ABORT, '{_MESSAGE}'); END"
                )
                cursor.execute(f"CREATE TRIGGER {name} BEFORE {when} ON {table} {then}")


def release(connection: BaseDatabaseWrapper, *tables: str) -> None:
    """Take the triggers away: to undo the migration, and to empty the database between two tests."""
    on_table = " ON {}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for table in tables:
            for name, _ in _triggers(connection, table):
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on_table.format(table)}")


def _triggers(connection: BaseDatabaseWrapper, table: str) -> list[tuple[str, str]]:
    if connection.vendor == "postgresql":
        return [(f"{table}_append_only", "UPDATE OR DELETE OR TRUNCATE")]
    return [(f"{table}_not_changed", "UPDATE"), (f"{table}_not_removed", "DELETE")]
