"""Writing what a survey planned: all of it or nothing.

Everything slow (reading, checking, comparing) has happened before, outside any transaction. What remains goes into one
transaction, so that a process killed at any moment leaves the registry as it was. On SQLite nobody else can write
meanwhile; a plan that would keep them waiting for longer than a few seconds is therefore written there in parts of
well under a second each, and an import that was interrupted between two parts is restored (see ``restoring``).
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.db import connection, transaction
from django.utils import timezone

from tidu.core.actor import Actor
from tidu.registry.actions.bulk_writes import insert_rows
from tidu.registry.actions.columns import refresh_columns
from tidu.registry.actions.facts import NewFact, record_many
from tidu.registry.fact_values import read
from tidu.registry.importing.records import DATES
from tidu.registry.importing.surveying import Spool, Steps
from tidu.registry.models import Enterprise, EnterpriseStatus, Import, Incident, Source, Title
from tidu.registry.models.imports import ImportKind
from tidu.registry.naming import name_columns
from tidu.registry.vocabulary import vocabulary_in_view

CHUNK: Final = 250
#: Facts written to SQLite in one transaction. They take about four seconds; other writers wait twenty before they fail.
MOST_AT_ONCE_ON_SQLITE: Final = 25_000
#: Seconds between two parts. SQLite gives its lock to whoever asks just then; waiting writers ask ten times a second.
_PAUSE: Final = 0.12
_ENTERPRISE_COLUMNS: Final = (
    "uscc",
    "name",
    "core_name",
    "pinyin",
    "initials",
    "search_text",
    "status",
    "industry",
    "industry_basis",
    "size",
    "listing_stage",
    "tier",
    "completeness",
    "batch_id",
    "created_at",
    "changed_at",
)


def fits_one_transaction(facts: int) -> bool:
    """Whether so many facts are written in one transaction on this database."""
    return connection.vendor != "sqlite" or facts <= MOST_AT_ONCE_ON_SQLITE


class Writer:
    """Writes the plans of one import."""

    def __init__(self, batch: Import, actor: Actor, basis: str) -> None:
        self._batch = batch
        self._actor = actor
        self._basis = basis[:200]
        self._stamp = timezone.now()
        self._kinds = {key: item.kind for key, item in vocabulary_in_view().indicators.items()}
        self.created: list[int] = []

    def write_all(self, spool: Spool, steps: Steps, *, at_once: bool) -> None:
        """Write every plan. Called inside the import's own transaction if ``at_once``, outside any if not."""
        done = 0
        for chunk in spool.chunks(CHUNK):
            with transaction.atomic():
                self._write(chunk, audited=not at_once)
            done += len(chunk)
            steps.progress(done, spool.rows, "写入")
            steps.stop_if_wanted()
            if not at_once:
                time.sleep(_PAUSE)

    def _write(self, chunk: Sequence[dict[str, Any]], *, audited: bool) -> None:
        if self._batch.kind in {ImportKind.TITLES, ImportKind.INCIDENTS}:
            self._write_records(chunk)
            return
        keys = self._enterprises(chunk)
        entries = self._entries(chunk, keys)
        record_many(
            actor=self._actor, entries=entries, source=Source.IMPORTED, batch=self._batch, audited=audited
        )

    def _enterprises(self, chunk: Sequence[dict[str, Any]]) -> dict[str, int]:
        """The keys of the enterprises by code; those that are not there yet are made."""
        codes = [line["uscc"] for line in chunk]
        held = dict(Enterprise.objects.filter(uscc__in=codes).values_list("uscc", "pk"))
        missing = [line for line in chunk if line["uscc"] not in held]
        insert_rows(Enterprise, _ENTERPRISE_COLUMNS, [self._enterprise(line) for line in missing])
        again = Enterprise.objects.filter(uscc__in=codes, status=EnterpriseStatus.WITHDRAWN)
        again.update(status=EnterpriseStatus.ACTIVE, batch=self._batch)
        if missing:
            codes = [line["uscc"] for line in missing]
            made = dict(Enterprise.objects.filter(uscc__in=codes).values_list("uscc", "pk"))
            self.created.extend(made.values())
            held |= made
        return held

    def _enterprise(self, line: dict[str, Any]) -> tuple[object, ...]:
        named = name_columns(line["name"])
        return (
            line["uscc"],
            named.name,
            named.core_name,
            named.pinyin,
            named.initials,
            named.search_text,
            EnterpriseStatus.ACTIVE.value,
            "",
            "",
            "",
            "",
            "",
            0,
            self._batch.pk,
            self._stamp,
            self._stamp,
        )

    def _entries(
        self, chunk: Sequence[dict[str, Any]], keys: dict[str, int]
    ) -> Iterator[tuple[int, NewFact]]:
        for line in chunk:
            for indicator, year, text in line["facts"]:
                value = read(text, self._kinds[indicator])
                yield keys[line["uscc"]], NewFact(indicator, value, year, self._basis)

    def _write_records(self, chunk: Sequence[dict[str, Any]]) -> None:
        model: type[Title | Incident] = Title if self._batch.kind == ImportKind.TITLES else Incident
        columns = tuple(chunk[0]["record"])
        replaced = [line["replaces"] for line in chunk if line["replaces"]]
        if replaced:
            model.objects.filter(pk__in=replaced).update(removed_at=self._stamp)
        extra = ("state",) if model is Title else ()
        rows = [
            (
                line["enterprise"],
                self._batch.pk,
                *("held" for _ in extra),
                *((line["record"][key] or None) if key in DATES else line["record"][key] for key in columns),
            )
            for line in chunk
        ]
        insert_rows(model, ("enterprise_id", "batch_id", *extra, *columns), rows)
        if model is Title:
            refresh_columns({line["enterprise"] for line in chunk})

    @property
    def stamp(self) -> str:
        """When the replaced titles and incidents were put aside, so that undoing finds them again."""
        return self._stamp.isoformat()
