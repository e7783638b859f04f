"""``tidu import``: a table of enterprises, figures, titles or incidents into the registry, without the site."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
from rich.console import Console

from tidu.cli import options
from tidu.cli.failures import DONE, FAULTY, write_json
from tidu.cli.screen import Grid, Paragraph, Steps, heading, progress, screen, verdict, words
from tidu.cli.site_database import site_database
from tidu.cli.usage import Command
from tidu.policy.errors import InputError, Problem

if TYPE_CHECKING:
    from tidu.policy.batch.maps import TableMap
    from tidu.registry.importing.plans import RowPlan
    from tidu.registry.importing.remarks import Remark
    from tidu.registry.importing.scope import Scope
    from tidu.registry.importing.surveying import Tally
    from tidu.registry.models.imports import ImportKind

_KINDS: Final = ("enterprises", "figures", "titles", "incidents")
_MOST_LISTED: Final = 20


@click.command(
    "import",
    cls=Command,
    help="把一张表导入企业库：企业名录、年度数据、荣誉与称号、事故与处罚。\n\n"
    "表可以是系统的模板（tidu import … --template 生成）、列名与模板相同的表，或用 --map 对照列名和单位的任何表。"
    "先逐行校验，再写入；默认有一行有误就一行也不写，--skip-bad 跳过有误的行。写入要么全部完成，要么全部没有。"
    "同一张表再导一次不会重复：已有的相同数据算“无变化”。\n\n"
    "退出码：0 已写入（或 --dry-run 没有发现错误）；1 有错误的行，一行也没有写入；2 表本身不能用。",
)
@click.argument(
    "kind",
    metavar="KIND",
    type=options.OneOf(_KINDS),
    help="表的种类：enterprises 企业名录、figures 年度数据、titles 荣誉与称号、incidents 事故与处罚",
)
@click.argument(
    "file", metavar="FILE", type=options.FILE, help="要导入的表：.xlsx 或 .csv（UTF-8 或 GB 18030）"
)
@click.option(
    "--map",
    "map_file",
    metavar="MAP.yaml",
    type=options.FILE,
    help="对照文件：列名、单位、常数，见 docs/import.md",
)
@click.option("--place", metavar="代码", default="", help="只导入这个行政区划的企业，六位代码；默认不限")
@click.option("--dry-run", is_flag=True, help="只校验，什么都不写入")
@click.option("--skip-bad", is_flag=True, help="跳过有误的行，写入其余的行")
@click.option("--template", is_flag=True, help="不导入，把这一种的空白模板写到 FILE（.xlsx）")
@options.json_option
@click.pass_context
def import_table(
    ctx: click.Context,
    *,
    kind: str,
    file: Path,
    map_file: Path | None,
    place: str,
    dry_run: bool,
    skip_bad: bool,
    template: bool,
    as_json: bool,
) -> None:
    """Run ``tidu import``."""
    if not template and not file.is_file():
        raise InputError(Problem("文件读不到", str(file), remedy="检查路径和读取权限"))
    with site_database():
        from tidu.registry.importing.fields import names_of
        from tidu.registry.models.imports import ImportKind

        wanted = ImportKind(kind)
        if template:
            _write_template(file, wanted, as_json=as_json)
            return
        from tidu.policy.batch.maps import load_map

        table_map = load_map(map_file, names_of(wanted)) if map_file else _known_map(file, wanted)
        scope = _scope(place)
        with progress("打开表格") as steps:
            run = _Run(file, wanted, table_map, scope, steps, skip_bad=skip_bad)
            tally, result = run.survey() if dry_run else run.write()
    if as_json:
        write_json(result)
    else:
        _show(result, tally, run, dry_run=dry_run, to=screen())
    ctx.exit(FAULTY if result["rejected"] and not skip_bad else DONE)


def _known_map(file: Path, kind: ImportKind) -> TableMap | None:
    """A map file of the site that fits the table; said on standard error."""
    from tidu.registry.importing.maps import fitting_map, map_from_text

    known = fitting_map(file, kind)
    if known is None:
        return None
    click.echo(f"按对照文件 {known.file} 读取。", err=True)
    return map_from_text(known.text, kind, known.file)


def _scope(place: str) -> Scope:
    from tidu.policy.vocabulary.places import load_places
    from tidu.registry.importing.scope import Scope

    if not place:
        return Scope()
    found = load_places().get(place)
    if found is None:
        raise InputError(Problem(f"没有代码为“{place}”的行政区划", remedy="写六位代码，例如 150100"))
    return Scope(found.code)


def _write_template(file: Path, kind: ImportKind, *, as_json: bool) -> None:
    from tidu.cli.options import today
    from tidu.registry.importing.templates import template

    if file.suffix.lower() != ".xlsx":
        raise InputError(Problem("模板是工作簿", str(file), remedy="文件名以 .xlsx 结尾"))
    year = today().year
    file.write_bytes(template(kind, years=range(year - 3, year)))
    if as_json:
        write_json({"template": str(file), "kind": kind.value})
    else:
        screen().print(verdict(True, f"{kind.label}的模板已写入 {file}"))


class _Bar:
    """The steps of an import, shown on the bar of the command line."""

    def __init__(self, bar: Steps) -> None:
        self._bar = bar

    def progress(self, done: int, total: int, step: str = "") -> None:
        """Move the bar."""
        self._bar.step(step or "导入", done, total or None)

    def stop_if_wanted(self) -> None:
        """Ctrl+C ends the command by itself."""


class _Run:
    """One call: what was heard while the table was gone through."""

    def __init__(
        self,
        file: Path,
        kind: ImportKind,
        table_map: TableMap | None,
        scope: Scope,
        bar: Steps,
        *,
        skip_bad: bool,
    ) -> None:
        self._file, self._kind, self._map, self._scope = file, kind, table_map, scope
        self._steps = _Bar(bar)
        self._skip_bad = skip_bad
        self.rejected: list[Remark] = []
        self.written = False

    def hear(self, plans: list[RowPlan]) -> None:
        """Keep every error. One cell may be refused for several reasons; each is told."""
        from tidu.registry.models import ImportRow

        for plan in plans:
            self.rejected += [remark for remark in plan.row.remarks if remark.kind is ImportRow.Kind.ERROR]

    def survey(self) -> tuple[Tally, dict[str, Any]]:
        """Look, and write nothing."""
        from tidu.registry.importing.surveying import survey

        tally = survey(
            path=self._file,
            kind=self._kind,
            table_map=self._map,
            scope=self._scope,
            today=options.today(),
            steps=self._steps,
            keep=self.hear,
        )
        return tally, self._json(tally, None)

    def write(self) -> tuple[Tally, dict[str, Any]]:
        """Look and write; where bad rows keep everything out, the counts say what would have happened."""
        from tidu.core.actor import SYSTEM
        from tidu.core.refusals import Refused
        from tidu.registry.importing.running import write
        from tidu.registry.models import Import
        from tidu.registry.models.imports import ImportState

        batch = Import.objects.create(
            kind=self._kind,
            skip_bad=self._skip_bad,
            state=ImportState.WRITING,
            summary={"file": self._file.name},
        )
        try:
            tally = write(
                batch=batch,
                path=self._file,
                actor=SYSTEM,
                scope=self._scope,
                steps=self._steps,
                table_map=self._map,
                heard=self.hear,
            )
            self.written = True
        except Refused:
            batch.refresh_from_db()
            Import.objects.filter(pk=batch.pk).update(state=ImportState.DISCARDED)
            tally = tally_of(batch)
        except BaseException:
            Import.objects.filter(pk=batch.pk, state=ImportState.WRITING).update(state=ImportState.FAILED)
            raise
        return tally, self._json(tally, batch.pk if self.written else None)

    def _json(self, tally: Tally, batch: int | None) -> dict[str, Any]:
        from tidu.registry.importing.running import result_json

        return result_json(batch, tally, self.rejected)


def tally_of(batch: Any) -> Tally:  # noqa: ANN401 - an Import, whose module needs the settings first
    """The counts that an import keeps, as a tally."""
    from tidu.registry.importing.surveying import Tally

    return Tally(
        rows=batch.rows,
        created=batch.created,
        updated=batch.updated,
        unchanged=batch.unchanged,
        rejected=batch.rejected,
        warned=batch.warned,
    )


def _show(result: dict[str, Any], tally: Tally, run: _Run, *, dry_run: bool, to: Console) -> None:
    made = Grid("结果", "行数")
    for label, count in (
        ("新增", tally.created),
        ("更改", tally.updated),
        ("无变化", tally.unchanged),
        ("有误", tally.rejected),
        ("共", tally.rows),
    ):
        made.row(words(label), words(f"{count:,}"))
    to.print(made)
    if result["rejected"]:
        to.print(heading("有误的行"))
        listed = Grid("行", "列", "表中的值", "问题与改法")
        for item in result["rejected"][:_MOST_LISTED]:
            listed.row(str(item["row"]), words(item["column"]), words(item["value"]), words(item["message"]))
        to.print(listed)
        if len(result["rejected"]) > _MOST_LISTED:
            to.print(words(f"另有 {len(result['rejected']) - _MOST_LISTED:,} 处，见 --json"))
    if result["duplicates"]:
        to.print(heading("名称相近，请人工判断是否同一家"))
        pairs = Grid("企业", "企业", "相似度")
        for pair in result["duplicates"][:_MOST_LISTED]:
            pairs.row(words(pair["first"]["name"]), words(pair["second"]["name"]), str(pair["score"]))
        to.print(pairs)
        if len(result["duplicates"]) > _MOST_LISTED:
            to.print(words(f"另有 {len(result['duplicates']) - _MOST_LISTED:,} 对，见 --json"))
    to.print()
    if run.written:
        to.print(verdict(True, "已写入企业库。"))
    elif dry_run:
        to.print(Paragraph("只作了校验，没有写入。", "bold"))
    else:
        to.print(verdict(False, "有错误的行，一行也没有写入。改好后再导入，或加 --skip-bad。"))
