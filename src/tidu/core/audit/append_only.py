"""Tables whose rows are only added: triggers refuse change and removal on both databases, as for the record itself.

Of some tables rows are written until a moment, or one column says later what became of them: of those a
:class:`Kept` names the columns that stay. An application declares its tables where it gets ready and installs the
triggers in a migration of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db.backends.base.base import BaseDatabaseWrapper


@dataclass(frozen=True, slots=True)
class Kept:
    """A table of which these columns are never changed, and no row is removed, once the column ``once`` is set.

    Without ``once`` that holds from the beginning. A column of ``only_set`` may turn from false to true and not back.
    """

    table: str
    columns: tuple[str, ...]
    once: str = ""
    only_set: tuple[str, ...] = ()


TABLES: Final[list[str | Kept]] = []
_MESSAGE: Final = "这些内容提交后只能追加，不能修改或删除"
_FUNCTION: Final = "core_append_only_refuse"


def declare_append_only(*tables: str | Kept) -> None:
    """Name tables that only grow, or of which something stays."""
    TABLES.extend(table for table in tables if table not in TABLES)


def install(connection: BaseDatabaseWrapper, *tables: str | Kept) -> None:
    """Put the triggers on these tables, anew where they stand."""
    release(connection, *tables)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION {_FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN "
                f"RAISE EXCEPTION '{_MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; END;$$"
            )
        for table in tables:
            for name, when, condition in _triggers(connection, table):
                then = (
                    f"EXECUTE FUNCTION {_FUNCTION}()"
                    if connection.vendor == "postgresql"
                    else f"BEGIN SELECT RAISE(ABORT, '{_MESSAGE}'); END"
                )
                each = "ROW" if condition or connection.vendor == "sqlite" else "STATEMENT"
                only = f" WHEN ({condition})" if condition else ""
                cursor.execute(
                    f"CREATE TRIGGER {name} BEFORE {when} ON {_name(table)} FOR EACH {each}{only} {then}"
                )


def release(connection: BaseDatabaseWrapper, *tables: str | Kept) -> None:
    """Take the triggers away: to undo the migration, and to empty the database between two tests."""
    on_table = " ON {}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for table in tables:
            for name, _, _ in _triggers(connection, table):
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on_table.format(_name(table))}")


def _name(table: str | Kept) -> str:
    return table.table if isinstance(table, Kept) else table


def _triggers(connection: BaseDatabaseWrapper, table: str | Kept) -> list[tuple[str, str, str]]:
    """Name, event, and the condition under which the event is refused; without one always."""
    name = _name(table)
    if not isinstance(table, Kept):
        if connection.vendor == "postgresql":
            return [(f"{name}_append_only", "UPDATE OR DELETE OR TRUNCATE", "")]
        return [(f"{name}_not_changed", "UPDATE", ""), (f"{name}_not_removed", "DELETE", "")]
    differs = "IS DISTINCT FROM" if connection.vendor == "postgresql" else "IS NOT"
    changed = [f"OLD.{column} {differs} NEW.{column}" for column in table.columns]
    changed += [f"OLD.{column} AND NOT NEW.{column}" for column in table.only_set]
    stands = f"OLD.{table.once} IS NOT NULL" if table.once else ""
    either = " OR ".join(changed)
    found = [
        (f"{name}_kept", "UPDATE", f"{stands} AND ({either})" if stands else either),
        (f"{name}_not_removed", "DELETE", stands),
    ]
    if connection.vendor == "postgresql":
        found.append((f"{name}_not_emptied", "TRUNCATE", ""))
    return found
