"""The work of an import from the stored file to the result, whoever starts it: a job or the command line."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from tidu.core.actor import Actor
from tidu.core.audit.recording import record
from tidu.core.refusals import Refused
from tidu.policy.batch.maps import TableMap
from tidu.registry.actions.bulk_writes import insert_rows
from tidu.registry.importing.duplicates import propose
from tidu.registry.importing.limits import MOST_REMARKS
from tidu.registry.importing.maps import fitting_map, map_from_text
from tidu.registry.importing.plans import RowPlan
from tidu.registry.importing.remarks import Remark
from tidu.registry.importing.restoring import restore
from tidu.registry.importing.scope import Scope
from tidu.registry.importing.surveying import Spool, Steps, Tally, survey
from tidu.registry.importing.writing import Writer, fits_one_transaction
from tidu.registry.models import DuplicateProposal, Import, ImportRow
from tidu.registry.models.imports import ImportKind, ImportState

_REMARK_COLUMNS: Final = (
    "batch_id",
    "kind",
    "sheet",
    "row",
    "column",
    "value",
    "code",
    "message",
    "before",
)


@contextmanager
def stored_table(batch: Import) -> Iterator[Path]:
    """The uploaded table under its own name, in a folder that goes away."""
    if batch.file is None:
        raise ValueError("an import from the command line has no stored file")
    with tempfile.TemporaryDirectory(prefix="tidu-") as folder:
        path = Path(folder) / batch.file.name
        with default_storage.open(batch.file.location) as source, path.open("wb") as sink:
            shutil.copyfileobj(source, sink)
        yield path


def check(*, batch: Import, path: Path, scope: Scope, steps: Steps) -> Tally:
    """Survey a table and keep what is to be said about it. Nothing is written into the registry."""
    started = time.monotonic()
    kind = ImportKind(batch.kind)
    table_map = _map(batch, path, kind)
    notes = RemarkKeeper(batch)
    tally = survey(
        path=path,
        kind=kind,
        table_map=table_map,
        scope=scope,
        today=timezone.localdate(),
        steps=steps,
        keep=notes.keep,
    )
    with transaction.atomic():
        held = Import.objects.select_for_update().get(pk=batch.pk)
        _counted(held, tally, seconds=time.monotonic() - started)
        if held.state in {ImportState.UPLOADED, ImportState.CHECKING}:
            held.state = ImportState.CHECKED
        held.save()
    batch.refresh_from_db()
    return tally


def write(
    *,
    batch: Import,
    path: Path,
    actor: Actor,
    scope: Scope,
    steps: Steps,
    table_map: TableMap | None = None,
    heard: Callable[[list[RowPlan]], None] | None = None,
) -> Tally:
    """Survey the table anew and write it. Raises :class:`Refused` where bad rows keep everything out.

    Whatever ends it early, the registry is as it was: at once by the database, or, for what SQLite takes in parts,
    after everything that was written has been taken back.
    """
    started = time.monotonic()
    kind = ImportKind(batch.kind)
    table_map = table_map or _map(batch, path, kind)
    restore(batch, actor, steps)  # what an attempt that was killed has left
    notes = RemarkKeeper(batch)
    with tempfile.TemporaryDirectory(prefix="tidu-") as folder:
        spool = Spool(Path(folder) / "plans")

        def keep(plans: list[RowPlan]) -> None:
            spool.keep(plans)
            notes.keep(plans)
            if heard is not None:
                heard(plans)

        tally = survey(
            path=path,
            kind=kind,
            table_map=table_map,
            scope=scope,
            today=timezone.localdate(),
            steps=steps,
            keep=keep,
        )
        if tally.rejected and not batch.skip_bad:
            _step_back(batch, tally, time.monotonic() - started)
            message = f"有 {tally.rejected:,} 行有误，一行也没有写入。请改好后重新上传，或选择跳过有误的行。"
            raise Refused(message)
        writer = Writer(batch, actor, f"导入：{path.name}")
        _write_spool(batch, actor, writer, spool, tally, steps, started)
    if kind is ImportKind.ENTERPRISES:
        propose(batch, writer.created, steps)
    batch.refresh_from_db()
    return tally


def _write_spool(  # noqa: PLR0917 - one caller
    batch: Import,
    actor: Actor,
    writer: Writer,
    spool: Spool,
    tally: Tally,
    steps: Steps,
    started: float,
) -> None:
    """Write and close the import."""
    if fits_one_transaction(tally.facts):
        with transaction.atomic():
            held = _held(batch)
            writer.write_all(spool, steps, at_once=True)
            _close(held, actor, writer, tally, time.monotonic() - started)
        return
    Import.objects.filter(pk=batch.pk).update(
        summary={**batch.summary, "in_parts": True, "stamp": writer.stamp}
    )
    batch.refresh_from_db()
    try:
        writer.write_all(spool, steps, at_once=False)
        with transaction.atomic():
            _close(_held(batch), actor, writer, tally, time.monotonic() - started)
    except BaseException:
        restore(batch, actor, steps)
        raise


def undo(*, batch: Import, actor: Actor, steps: Steps) -> int:
    """Take back what an import wrote and mark it so; say how many facts ended."""
    ended = restore(batch, actor, steps)
    with transaction.atomic():
        held = Import.objects.select_for_update().get(pk=batch.pk)
        if held.state == ImportState.DONE:
            held.state = ImportState.UNDONE
            held.finished_at = timezone.now()
            held.save(update_fields=("state", "finished_at"))
            record(
                actor=actor,
                action="registry.import.undone",
                subject=held,
                detail={"kind": held.kind, "facts": ended},
            )
    return ended


def step_back(batch: Import, actor: Actor, steps: Steps) -> None:
    """An import whose writing ended early stands where a person decided to write it, with nothing written."""
    restore(batch, actor, steps)
    Import.objects.filter(pk=batch.pk, state=ImportState.WRITING).update(state=ImportState.CHECKED)


def _step_back(batch: Import, tally: Tally, seconds: float) -> None:
    with transaction.atomic():
        held = Import.objects.select_for_update().get(pk=batch.pk)
        _counted(held, tally, seconds=seconds)
        held.state = ImportState.CHECKED
        held.save()


def _held(batch: Import) -> Import:
    """The import, locked, if it is still to be written. An attempt given up for dead that lives on writes nothing."""
    held = Import.objects.select_for_update().get(pk=batch.pk)
    if held.state != ImportState.WRITING:
        raise Refused("这次导入已经由另一次执行完成或撤回，没有重复写入。")
    return held


def _close(held: Import, actor: Actor, writer: Writer, tally: Tally, seconds: float) -> None:
    _counted(held, tally, seconds=seconds)
    held.summary = {**held.summary, "stamp": writer.stamp}
    held.state = ImportState.DONE
    held.finished_at = timezone.now()
    held.save()
    record(
        actor=actor,
        action="registry.import.written",
        subject=held,
        after={"rows": held.rows, "created": held.created, "updated": held.updated},
        detail={
            "kind": held.kind,
            "rows": held.rows,
            "created": held.created,
            "updated": held.updated,
            "unchanged": held.unchanged,
            "rejected": held.rejected,
            "facts": tally.facts,
            "skip_bad": held.skip_bad,
        },
    )


def _counted(held: Import, tally: Tally, *, seconds: float) -> None:
    held.rows, held.created, held.updated = tally.rows, tally.created, tally.updated
    held.unchanged, held.rejected, held.warned = tally.unchanged, tally.rejected, tally.warned
    held.summary = {**held.summary, **tally.as_summary(), "seconds": round(seconds, 1)}


def _map(batch: Import, path: Path, kind: ImportKind) -> TableMap | None:
    """The map of the import; where it has none, a known map that fits better than our own headings."""
    if batch.mapping:
        return map_from_text(batch.mapping, kind, str(batch.summary.get("map") or "对照文件.yaml"))
    known = fitting_map(path, kind)
    if known is None:
        return None
    batch.mapping = known.text
    batch.summary = {**batch.summary, "map": known.file, "map_label": known.label, "map_found": True}
    Import.objects.filter(pk=batch.pk).update(mapping=batch.mapping, summary=batch.summary)
    return map_from_text(known.text, kind, known.file)


class RemarkKeeper:
    """Keeps remarks in the database while the table is gone through; the first ones of each kind, all are counted."""

    def __init__(self, batch: Import) -> None:
        self._batch = batch
        self._kept: Counter[str] = Counter()
        self._waiting: list[tuple[object, ...]] = []
        ImportRow.objects.filter(batch=batch).delete()

    def keep(self, plans: list[RowPlan]) -> None:
        """Keep what is said about a batch of rows."""
        for plan in plans:
            for remark in (*plan.row.remarks, *plan.changes):
                if self._kept[remark.kind] < MOST_REMARKS:
                    self._kept[remark.kind] += 1
                    self._waiting.append(self._row(remark))
        with transaction.atomic():
            insert_rows(ImportRow, _REMARK_COLUMNS, self._waiting)
        self._waiting.clear()

    def _row(self, remark: Remark) -> tuple[object, ...]:
        return (
            self._batch.pk,
            remark.kind.value,
            str(self._batch.summary.get("sheet", ""))[:60],
            remark.row,
            remark.column[:80],
            remark.value[:200],
            remark.code[:40],
            remark.message[:300],
            remark.before[:200],
        )


def result_json(batch: int | None, tally: Tally, rejected: list[Remark]) -> dict[str, Any]:
    """What the command line prints: counts, every refused cell, and the pairs of names proposed to a person.

    ``batch`` is the number of the import, where one was written.
    """
    proposed = DuplicateProposal.objects.filter(batch_id=batch or 0).select_related("first", "second")
    return {
        "rows": tally.rows,
        "created": tally.created,
        "updated": tally.updated,
        "unchanged": tally.unchanged,
        "rejected": [remark.as_json() for remark in rejected],
        "duplicates": [
            {
                "first": {"uscc": pair.first.uscc, "name": pair.first.name},
                "second": {"uscc": pair.second.uscc, "name": pair.second.name},
                "score": pair.score,
            }
            for pair in proposed
        ],
    }
