"""Tables for tests of imports: workbooks and CSV files with codes of nobody."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from tidu.core.actor import SYSTEM, Actor
from tidu.core.files.kinds import TABLE_KINDS
from tidu.core.files.receiving import keep_file, receive_file
from tidu.core.uscc import check_characters
from tidu.policy.batch.maps import TableMap
from tidu.registry.importing.plans import RowPlan
from tidu.registry.importing.running import write
from tidu.registry.importing.scope import Scope
from tidu.registry.importing.surveying import Tally, survey
from tidu.registry.models import Import, ImportRow
from tidu.registry.models.imports import ImportKind, ImportState

Cells = Sequence[Any]


def code(number: int, place: str = "150105") -> str:
    """A credit code of nobody."""
    return check_characters(f"91{place}MA0T{number:04d}")


class Steps:
    """Watches an import; ``stop_at`` makes it end there."""

    def __init__(self, stop_at: int | None = None) -> None:
        self.seen: list[tuple[int, int, str]] = []
        self._stop_at = stop_at

    def progress(self, done: int, total: int, step: str = "") -> None:
        self.seen.append((done, total, step))

    def stop_if_wanted(self) -> None:
        if self._stop_at is not None and len(self.seen) >= self._stop_at:
            raise StopImportError


class StopImportError(Exception):
    pass


def xlsx(path: Path, titles: Cells, rows: Sequence[Cells], sheet: str = "企业名录") -> Path:
    """A workbook. A text that begins with ``=`` becomes a formula."""
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet(sheet)
        for place, row in enumerate([titles, *rows]):
            for column, cell in enumerate(row):
                if cell is not None:
                    page.write(place, column, cell)
    return path


def csv_file(path: Path, titles: Cells, rows: Sequence[Cells], encoding: str = "utf-8") -> Path:
    """A CSV file."""
    text = io.StringIO()
    csv.writer(text).writerows([titles, *rows])
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def surveyed(
    path: Path,
    kind: ImportKind = ImportKind.ENTERPRISES,
    *,
    table_map: TableMap | None = None,
    scope: Scope | None = None,
) -> tuple[Tally, list[RowPlan]]:
    """What an import of the table would do."""
    import datetime as dt

    plans: list[RowPlan] = []
    tally = survey(
        path=path,
        kind=kind,
        table_map=table_map,
        scope=scope or Scope(),
        today=dt.date(2026, 6, 1),
        steps=Steps(),
        keep=plans.extend,
    )
    return tally, plans


def errors(plans: Sequence[RowPlan]) -> list[tuple[int, str, str, str]]:
    """Row, column, code and message of everything that is refused."""
    return [
        (said.row, said.column, said.code, said.message)
        for plan in plans
        for said in plan.row.remarks
        if said.kind is ImportRow.Kind.ERROR
    ]


def doubts(plans: Sequence[RowPlan]) -> list[tuple[int, str, str]]:
    """Row, code and message of everything that somebody should look at."""
    return [
        (said.row, said.code, said.message)
        for plan in plans
        for said in plan.row.remarks
        if said.kind is ImportRow.Kind.WARNING
    ]


def imported(
    path: Path,
    kind: ImportKind = ImportKind.ENTERPRISES,
    *,
    actor: Actor = SYSTEM,
    skip_bad: bool = False,
    steps: Steps | None = None,
    table_map: TableMap | None = None,
    summary: Mapping[str, Any] | None = None,
) -> Import:
    """The table, written."""
    batch = Import.objects.create(
        kind=kind,
        state=ImportState.WRITING,
        skip_bad=skip_bad,
        summary=dict(summary or {}),
        organisation_id=actor.organisation_id,
        user_id=actor.user_id,
    )
    write(
        batch=batch,
        path=path,
        actor=actor,
        scope=Scope.of(actor),
        steps=steps or Steps(),
        table_map=table_map,
    )
    batch.refresh_from_db()
    return batch


def small_import(actor: Actor, state: ImportState) -> Import:
    """An import of the actor's organisation with a stored table of one good and one bad row."""
    text = "企业名称,统一社会信用代码,注册地\n"
    text += f"某市甲科技有限公司,{code(901, '150203')},昆都仑区\n某市乙科技有限公司,123,昆都仑区\n"
    received = receive_file(
        actor=actor, upload=SimpleUploadedFile("名录.csv", text.encode()), allowed=TABLE_KINDS
    )
    with transaction.atomic():
        stored = keep_file(actor=actor, received=received)
    batch = Import.objects.create(
        kind=ImportKind.ENTERPRISES,
        organisation_id=actor.organisation_id,
        user_id=actor.user_id,
        file=stored,
        state=state,
        rows=2,
        created=1,
        rejected=1,
        summary={"file": "名录.csv"},
    )
    ImportRow.objects.create(
        batch=batch,
        kind="error",
        row=3,
        column="B 统一社会信用代码",
        value="123",
        code="uscc",
        message="应为 18 位。",
    )
    return batch
