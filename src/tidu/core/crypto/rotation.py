"""Sealing everything anew under the newest key, and knowing what each key still holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.apps import apps
from django.db import models, transaction
from django.db.models import Q, TextField
from django.db.models.functions import Cast

from tidu.core.actor import Actor
from tidu.core.audit.recording import record
from tidu.core.crypto.fields import EncryptedTextField
from tidu.core.crypto.sealing import PREFIX, key_of, newest_key, unseal

_CHUNK: Final = 500


@dataclass(frozen=True, slots=True)
class SealedTable:
    """A table with its encrypted columns."""

    model: type[models.Model]
    columns: tuple[str, ...]

    def rows(self) -> models.QuerySet[Any]:
        """Every row with the texts as they are stored, under ``sealed_`` and the name."""
        raw = {f"sealed_{name}": Cast(name, TextField()) for name in self.columns}
        rows: models.QuerySet[Any] = self.model._base_manager.annotate(**raw).order_by("pk")
        return rows

    def not_under(self, key: str) -> models.QuerySet[Any]:
        """Rows with a text that another key has sealed."""
        wanted = Q()
        for name in self.columns:
            wanted |= ~Q(**{f"sealed_{name}": ""}) & ~Q(**{f"sealed_{name}__startswith": f"{PREFIX}:{key}:"})
        return self.rows().filter(wanted)


def sealed_tables() -> list[SealedTable]:
    """Every table that has encrypted columns, of whatever application."""
    found = []
    for model in apps.get_models():
        fields = [
            field for field in model._meta.local_concrete_fields if isinstance(field, EncryptedTextField)
        ]
        if fields:
            found.append(SealedTable(model, tuple(field.name for field in fields)))
    return found


def texts_by_key() -> Counter[str]:
    """How many texts each key has sealed. Reads every sealed text once, in bounded memory."""
    counts: Counter[str] = Counter()
    for table in sealed_tables():
        names = [f"sealed_{name}" for name in table.columns]
        for row in table.rows().values_list(*names).iterator(chunk_size=_CHUNK):
            counts.update(key_of(text) for text in row if text)
    return counts


def rotate(*, actor: Actor, progress: Callable[[int, int], None] | None = None) -> int:
    """Seal every text anew that an older key has sealed; how many rows that were.

    A few hundred rows a transaction: it can be interrupted at any time and takes up the rest when it is called again.
    """
    key = newest_key()
    tables = sealed_tables()
    total = sum(table.not_under(key).count() for table in tables)
    done = 0
    for count in _chunks(tables, key):
        done += count
        if progress is not None:
            progress(done, max(total, done))
    if done:
        record(actor=actor, action="core.keys.rotated", subject_label=key, detail={"key": key, "rows": done})
    return done


def _chunks(tables: list[SealedTable], key: str) -> Iterator[int]:
    for table in tables:
        while count := _chunk(table, key):
            yield count


@transaction.atomic
def _chunk(table: SealedTable, key: str) -> int:
    # The rows are locked before their texts are read: nobody changes a phone number in between.
    numbers = list(table.not_under(key).values_list("pk", flat=True)[:_CHUNK])
    rows = list(table.rows().defer(*table.columns).select_for_update().filter(pk__in=numbers))
    for row in rows:
        for name in table.columns:
            sealed = getattr(row, f"sealed_{name}")
            setattr(row, name, unseal(sealed) if sealed else sealed)
    table.model._base_manager.bulk_update(rows, table.columns)
    return len(numbers)
