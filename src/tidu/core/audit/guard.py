"""Triggers that keep the record append-only, whoever talks to the database: the application, a script, a console.

An event can only be added behind the last one, by its number and by the hash of the event before it. None can be
changed or removed. The end of the chain only moves forward by one. What a person with the rights to drop triggers does
is found by ``tidu audit verify``.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from django.db.backends.base.base import BaseDatabaseWrapper

_EVENT: Final = "core_auditevent"
_HEAD: Final = "core_audithead"
_CHANGED: Final = "操作记录只能追加，不能修改或删除"
_BROKEN: Final = "操作记录须接在末条之后"
_FOLLOWS: Final = f"EXISTS (SELECT 1 FROM {_HEAD} WHERE number + 1 = NEW.number AND hash = NEW.previous)"  # noqa: S608 - a constant
_NO_HEAD: Final = f"NOT EXISTS (SELECT 1 FROM {_HEAD})"  # noqa: S608 - a constant
_MOVES_ON: Final = "NEW.id = OLD.id AND NEW.number = OLD.number + 1"


class _Trigger(NamedTuple):
    """``CREATE TRIGGER name BEFORE when ON table then``."""

    name: str
    when: str
    table: str
    then: str


def _abort(message: str, *, unless: str = "") -> str:
    condition = f"WHEN NOT ({unless}) " if unless else ""
    return f"{condition}BEGIN SELECT RAISE(ABORT, '{message}'); END"


_SQLITE: Final = (
    _Trigger("core_auditevent_not_changed", "UPDATE", _EVENT, _abort(_CHANGED)),
    _Trigger("core_auditevent_not_removed", "DELETE", _EVENT, _abort(_CHANGED)),
    # Also stops INSERT OR REPLACE, which removes a row without asking the trigger of removals.
    _Trigger("core_auditevent_follows", "INSERT", _EVENT, _abort(_BROKEN, unless=_FOLLOWS)),
    _Trigger("core_audithead_moves_on", "UPDATE", _HEAD, _abort(_BROKEN, unless=_MOVES_ON)),
    _Trigger("core_audithead_not_removed", "DELETE", _HEAD, _abort(_CHANGED)),
    _Trigger(
        "core_audithead_not_replaced",
        "INSERT",
        _HEAD,
        _abort(_CHANGED, unless=_NO_HEAD),
    ),
)


def _refuse(message: str, *, unless: str = "false") -> str:
    """The body of a function in PostgreSQL's own language."""
    return (
        f"BEGIN IF {unless} THEN RETURN NEW; END IF; "
        f"RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; END;"
    )


_FUNCTIONS: Final = {
    "core_audit_refuse": _refuse(_CHANGED),
    "core_audit_follows": _refuse(_BROKEN, unless=_FOLLOWS),
    "core_audit_moves_on": _refuse(_BROKEN, unless=_MOVES_ON),
}
_EACH: Final = "FOR EACH {} EXECUTE FUNCTION {}()"
_REFUSED: Final = _EACH.format("STATEMENT", "core_audit_refuse")
_POSTGRESQL: Final = (
    _Trigger("core_auditevent_append_only", "UPDATE OR DELETE OR TRUNCATE", _EVENT, _REFUSED),
    _Trigger("core_auditevent_follows", "INSERT", _EVENT, _EACH.format("ROW", "core_audit_follows")),
    _Trigger("core_audithead_moves_on", "UPDATE", _HEAD, _EACH.format("ROW", "core_audit_moves_on")),
    _Trigger("core_audithead_not_removed", "DELETE OR TRUNCATE", _HEAD, _REFUSED),
)
_TRIGGERS: Final = {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}
_STANDING: Final = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')",
}


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """The names of the triggers that should stand and do not, or are switched off."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDING[connection.vendor])
        standing = {name for (name,) in cursor.fetchall()}
    return [trigger.name for trigger in _TRIGGERS[connection.vendor] if trigger.name not in standing]


def install(connection: BaseDatabaseWrapper) -> None:
    """Create every trigger anew."""
    remove(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for name, body in _FUNCTIONS.items():
                cursor.execute(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$")
        for name, when, table, then in _TRIGGERS[connection.vendor]:
            cursor.execute(f"CREATE TRIGGER {name} BEFORE {when} ON {table} {then}")


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away: to undo the migration, and to empty the database between two tests."""
    on_table = " ON {}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for trigger in _TRIGGERS[connection.vendor]:
            cursor.execute(f"DROP TRIGGER IF EXISTS {trigger.name}{on_table.format(trigger.table)}")
        if connection.vendor == "postgresql":
            for name in _FUNCTIONS:
                cursor.execute(f"DROP FUNCTION IF EXISTS {name}()")
