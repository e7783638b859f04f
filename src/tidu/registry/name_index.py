"""The index of names: full-text search over the pairs of characters in ``search_text``, on either database.

PostgreSQL has a column and an index of its own kind. SQLite has a table of its own beside the enterprises, which
triggers keep; rebuilding a table, as its migrations do, drops the triggers. So both are put in place after every
migration.
"""

from __future__ import annotations

from typing import Any, Final

from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.lookups import Lookup
from django.db.models.sql.compiler import SQLCompiler

_TABLE: Final = "registry_enterprise"
_POSTGRESQL: Final = (
    # Kept in the row: a phrase is checked against positions, which would otherwise be worked out for every candidate.
    """
    ALTER TABLE registry_enterprise ADD COLUMN IF NOT EXISTS names tsvector
    GENERATED ALWAYS AS (to_tsvector('simple', search_text)) STORED
    """,
    "CREATE INDEX IF NOT EXISTS registry_enterprise_names ON registry_enterprise USING gin (names)",
)
_SQLITE: Final = (
    """
    CREATE VIRTUAL TABLE IF NOT EXISTS registry_enterprise_names
    USING fts5(search_text, content='registry_enterprise', content_rowid='id', tokenize='unicode61')
    """,
    """
    CREATE TRIGGER IF NOT EXISTS registry_enterprise_names_insert AFTER INSERT ON registry_enterprise BEGIN
        INSERT INTO registry_enterprise_names(rowid, search_text) VALUES (new.id, new.search_text);
    END
    """,
    """
    CREATE TRIGGER IF NOT EXISTS registry_enterprise_names_delete AFTER DELETE ON registry_enterprise BEGIN
        INSERT INTO registry_enterprise_names(registry_enterprise_names, rowid, search_text)
        VALUES ('delete', old.id, old.search_text);
    END
    """,
    """
    CREATE TRIGGER IF NOT EXISTS registry_enterprise_names_update AFTER UPDATE OF search_text ON registry_enterprise
    WHEN old.search_text IS NOT new.search_text BEGIN
        INSERT INTO registry_enterprise_names(registry_enterprise_names, rowid, search_text)
        VALUES ('delete', old.id, old.search_text);
        INSERT INTO registry_enterprise_names(rowid, search_text) VALUES (new.id, new.search_text);
    END
    """,
)
_SQLITE_COUNT: Final = (
    "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'registry_enterprise_names%'"
)
_SQLITE_REBUILD: Final = "INSERT INTO registry_enterprise_names(registry_enterprise_names) VALUES ('rebuild')"
_TRIGGERS: Final = 3


def keep_name_index(using: str = "default", **_signal: object) -> None:
    """Put the index in place where it lacks, and fill it. A receiver of ``post_migrate``; does nothing twice."""
    connection = connections[using]
    if _TABLE not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for statement in _POSTGRESQL:
                cursor.execute(statement)
            return
        cursor.execute(_SQLITE_COUNT)
        if cursor.fetchone()[0] == _TRIGGERS:
            return
        for statement in _SQLITE:
            cursor.execute(statement)
        cursor.execute(_SQLITE_REBUILD)


@models.TextField.register_lookup
class Phrase(Lookup[str]):
    """``search_text__phrase="稀土 土功 功能"``: these pairs stand beside one another in the text."""

    lookup_name = "phrase"
    prepare_rhs = False

    def as_sql(self, compiler: SQLCompiler, _connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        """PostgreSQL: the indexed column against the phrase."""
        alias = compiler.quote_name_unless_alias(self.lhs.alias)  # inside a subquery it is no name of ours
        return f"{alias}.names @@ phraseto_tsquery('simple', %s)", (self.rhs,)

    def as_sqlite(
        self, compiler: SQLCompiler, _connection: BaseDatabaseWrapper, **_context: object
    ) -> tuple[str, tuple[Any, ...]]:
        """SQLite: the row is among those that the table of the index finds."""
        alias = compiler.quote_name_unless_alias(self.lhs.alias)
        found = "SELECT rowid FROM registry_enterprise_names WHERE registry_enterprise_names MATCH %s"
        return f'{alias}."id" IN ({found})', (f'"{self.rhs}"',)
