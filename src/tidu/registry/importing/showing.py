"""An import as its pages show it: its steps, its figures, its remarks as rows of a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils import timezone

from tidu.core.components import SOURCES, Column
from tidu.core.workspace import Kpi, Step, Tab
from tidu.registry.importing.checking import NOT_LEGAL
from tidu.registry.models import Import, ImportRow
from tidu.registry.models.imports import ImportKind, ImportState

ERROR_COLUMNS: Final = (
    Column("工作表"),
    Column("行", number=True),
    Column("列"),
    Column("表中的值"),
    Column("问题与改法"),
)
CHANGE_COLUMNS: Final = (
    Column("行", number=True),
    Column("企业"),
    Column("项目"),
    Column("现有"),
    Column("导入后"),
)
CREATED_COLUMNS: Final = (Column("行", number=True), Column("企业"), Column("代码或名称"))
_BEFORE_WRITING: Final = frozenset(
    {
        ImportState.UPLOADED,
        ImportState.CHECKING,
        ImportState.CHECKED,
        ImportState.FAILED,
        ImportState.DISCARDED,
    }
)


#: The heading of an import's page by where it stands.
TITLES: Final = {
    ImportState.UPLOADED: "正在校验",
    ImportState.CHECKING: "正在校验",
    ImportState.CHECKED: "核对导入内容",
    ImportState.WRITING: "正在写入",
    ImportState.DONE: "导入结果",
    ImportState.FAILED: "这张表不能导入",
    ImportState.UNDONE: "导入已撤销",
    ImportState.DISCARDED: "已放弃的导入",
}


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One change: what is known, what comes, and whether both will stand."""

    row: int
    enterprise: str
    label: str
    before: str
    after: str
    source: str
    beside: bool
    note: str


def steps_of(batch: Import) -> tuple[Step, ...]:
    """The five steps, with where this import stands."""
    state = ImportState(batch.state)
    at = {
        ImportState.UPLOADED: 1,
        ImportState.CHECKING: 1,
        ImportState.FAILED: 1,
        ImportState.CHECKED: 2,
        ImportState.DISCARDED: 2,
        ImportState.WRITING: 3,
        ImportState.DONE: 5,
        ImportState.UNDONE: 5,
    }[state]
    uploaded = timezone.localtime(batch.created_at)
    scanned = "病毒扫描通过" if batch.file and batch.file.scan == "clean" else "未作病毒扫描"
    seconds = batch.summary.get("seconds")
    checked = f"{batch.rows:,} 行，用时 {seconds:g} 秒" if seconds is not None else "逐行检查"
    words = (
        ("上传", f"{uploaded:%H:%M}，{scanned}", "upload"),
        ("校验", "没有通过" if state is ImportState.FAILED else checked, "eye-check"),
        ("核对", "已放弃" if state is ImportState.DISCARDED else "您来选择处理方式", "eye-check"),
        ("写入", "可离开本页", "database-import"),
        ("结果", "已撤销" if state is ImportState.UNDONE else "每行一条结论，可撤销", "report"),
    )
    return tuple(
        Step(label, note, "done" if place < at else "now" if place == at else "todo", icon)
        for place, (label, note, icon) in enumerate(words)
    )


def kpis_of(batch: Import) -> tuple[Kpi, ...]:
    """The five figures. Doubts are counted singly, everything else by rows."""
    written = batch.state in {ImportState.DONE, ImportState.UNDONE}
    beside = batch.summary.get("beside", 0)
    branches = batch.summary.get("codes", {}).get(NOT_LEGAL, 0)
    created = ImportKind(batch.kind).label
    if branches and batch.kind == ImportKind.ENTERPRISES:
        created = f"{created}，其中按非独立法人 {branches:,}"
    conflict = f"与现有数值冲突的 {beside:,} 行并存，不覆盖" if beside else "替换以前导入的数值"
    bad = ("已跳过" if written else "不改就不能导入") if batch.rejected else "没有"
    return (
        Kpi("新增", f"{batch.created:,}", "行", created),
        Kpi("更改", f"{batch.updated:,}", "行", conflict),
        Kpi("无变化", f"{batch.unchanged:,}", "行", "跳过"),
        Kpi("提醒", f"{batch.warned:,}", "处", "可以导入，请过目", "warn" if batch.warned else ""),
        Kpi("有误", f"{batch.rejected:,}", "行", bad, "bad" if batch.rejected else ""),
    )


def tabs_of(batch: Import, current: str, kept: Mapping[str, int]) -> tuple[Tab, ...]:
    """The kinds of remarks, with how many of each are listed."""
    address = reverse("registry:import", kwargs={"pk": batch.pk})
    kinds = (
        (ImportRow.Kind.ERROR, "bad"),
        (ImportRow.Kind.WARNING, "warn"),
        (ImportRow.Kind.UPDATED, ""),
        (ImportRow.Kind.CREATED, ""),
    )
    return tuple(
        Tab(
            kind.label,
            f"{address}?show={kind.value}",
            kept.get(kind, 0),
            current == kind.value,
            mark if kept.get(kind) else "",
        )
        for kind, mark in kinds
    )


def shown_first(kept: Mapping[str, int], asked: str) -> str:
    """Which tab is open: the one asked for, else the first that has something."""
    if asked in ImportRow.Kind.values:
        return asked
    order = (ImportRow.Kind.ERROR, ImportRow.Kind.WARNING, ImportRow.Kind.UPDATED, ImportRow.Kind.CREATED)
    return next((kind.value for kind in order if kept.get(kind)), ImportRow.Kind.ERROR.value)


def change_row(remark: ImportRow) -> ChangeRow:
    """A remark on a change, for the preview."""
    word, _, source = remark.code.partition(":")
    beside = word == "beside"
    label = SOURCES[source][1] if source in SOURCES else ""
    note = f"并存，仍采用{label}" if beside else ""
    return ChangeRow(
        remark.row,
        remark.message,
        remark.column,
        remark.before,
        remark.value,
        source if source in SOURCES else "",
        beside,
        note,
    )


def outcome_of(batch: Import) -> tuple[str, str]:
    """Pill and word of an import in a list."""
    match ImportState(batch.state):
        case ImportState.DONE if batch.rejected:
            return "soon", f"跳过 {batch.rejected:,} 行"
        case ImportState.DONE:
            return "met", "全部成功"
        case ImportState.CHECKED if batch.rejected:
            return "soon", f"待核对，{batch.rejected:,} 行有误"
        case ImportState.CHECKED:
            return "run", "待核对"
        case ImportState.CHECKING | ImportState.UPLOADED | ImportState.WRITING:
            return "run", batch.get_state_display()
        case ImportState.FAILED:
            return "not_met", "没有通过"
        case _:
            return "expired", batch.get_state_display()


def is_before_writing(batch: Import) -> bool:
    """Whether nothing has been written yet."""
    return batch.state in _BEFORE_WRITING
