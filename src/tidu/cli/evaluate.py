"""``tidu evaluate``: a whole table of enterprises against one tier of one pack, with a summary."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
from rich.console import Console
from rich.text import Text

from tidu.cli import options
from tidu.cli.failures import write_json
from tidu.cli.screen import Grid, Paragraph, clause, heading, progress, screen, state, whole, words
from tidu.cli.usage import Command
from tidu.policy.documents.library import load_library
from tidu.policy.status import Status

if TYPE_CHECKING:
    from tidu.policy.batch.summary import Summary

_ENGINES: Final = ("polars", "duckdb", "spark")
_MOST_MISSING: Final = 15
_MOST_CELLS: Final = 20
_STATUSES: Final = (Status.MET, Status.NEEDS_REVIEW, Status.UNKNOWN, Status.NOT_MET)


@click.command(
    "evaluate",
    cls=Command,
    help="拿一张企业表（一行一家）对照一个政策包，按结论和条件汇总，指出最缺哪些数据。\n\n"
    "列名用指标标识，分年度的写作 revenue_2025，金额以元计，空白为未知；别的列名和单位用 --map 对照。"
    "读不了的单元格按空白处理并列出所在的表、行、列，不影响其余。"
    "结果文件先是原有的列，再是 status、status_条件、margin_条件 和 missing。",
)
@click.argument("table", metavar="TABLE", type=options.FILE, help="企业表：.csv、.xlsx 或 .parquet")
@options.pack_option
@options.tier_option
@options.as_of_option
@options.base_year_option
@options.set_option
@click.option(
    "--engine",
    metavar="引擎",
    type=options.OneOf(_ENGINES),
    default="polars",
    help=f"计算引擎：{'、'.join(_ENGINES)}；默认 polars",
)
@click.option(
    "--map",
    "map_file",
    metavar="MAP.yaml",
    type=options.FILE,
    help="对照文件：列名、单位、常数，见 docs/evaluate.md",
)
@click.option(
    "-o", "--output", metavar="OUT", type=options.FILE, help="结果文件：.csv、.xlsx 或 .parquet；不写则只汇总"
)
@options.json_option
def evaluate(
    *,
    table: Path,
    pack_id: str,
    tier: str | None,
    as_of: dt.date,
    base_year: int | None,
    settings: dict[str, str],
    engine: str,
    map_file: Path | None,
    output: Path | None,
    as_json: bool,
) -> None:
    """Run ``tidu evaluate``."""
    from tidu.policy.batch.evaluate import evaluate as evaluate_table

    pack = load_library().get(pack_id)
    with progress("读取表格") as steps:
        found = evaluate_table(
            table,
            pack,
            tier=tier,
            as_of=as_of,
            base_year=base_year,
            settings=settings,
            engine=engine,
            map_file=map_file,
            output=output,
            progress=steps.step,
        )
    if as_json:
        write_json(found.as_json())
    else:
        _show(found, screen())


def _show(found: Summary, to: Console) -> None:
    to.print(words(f"{found.title}　批量评估", "bold"))
    to.print(words(f"政策包　{found.pack}（{found.tier}）"))
    to.print(words(f"基准日　{found.as_of}　基准年 {found.base_year}"))
    if not found.in_force:
        to.print(Paragraph("这一规定在基准日不在施行期内，结果只供参考。", "magenta"))
    to.print(words(f"企业　　{found.rows:,} 家，用时 {found.seconds:.1f} 秒（{found.engine}）"))
    to.print()
    _show_counts(found, to)
    _show_criteria(found, to)
    _show_missing(found, to)
    _show_refused(found, to)
    to.print()
    if found.output is not None:
        to.print(Paragraph(f"结果已写入 {found.output}", "bold"))
    to.print(Paragraph("预评估不等于认定；待补充的企业既不算符合，也不算不符合。", "italic"))


def _show_counts(found: Summary, to: Console) -> None:
    made = Grid("结论", "家数", "比例")
    for status in _STATUSES:
        count = found.counts.get(status, 0)
        made.row(state(status), _right(f"{count:,}"), _right(_share(count, found.rows)))
    to.print(made)


def _show_criteria(found: Summary, to: Console) -> None:
    to.print(heading("按条件"))
    made = Grid("条件", *(status.label for status in _STATUSES), "条款")
    for item in found.criteria:
        counts = (
            _right(f"{item.counts.get(status, 0):,}" if item.counts.get(status, 0) else "—")
            for status in _STATUSES
        )
        made.row(words(item.label), *counts, clause(item.cite))
    to.print(made)


def _show_missing(found: Summary, to: Console) -> None:
    if not found.missing:
        return
    to.print(heading("最缺的数据"))
    made = Grid("数据", "标识", "缺的家数", "")
    for item in found.missing[:_MOST_MISSING]:
        note = words("表里没有这一列", "yellow") if item.absent else ""
        made.row(words(item.label), whole(item.key), _right(f"{item.rows:,}"), note)
    to.print(made)
    if len(found.missing) > _MOST_MISSING:
        to.print(words(f"另有 {len(found.missing) - _MOST_MISSING} 项，见 --json"))


def _show_refused(found: Summary, to: Console) -> None:
    if not found.refused_total:
        return
    to.print(heading(f"读不了的单元格：{found.refused_total:,} 个，按空白处理"))
    made = Grid("表", "行", "列", "内容", "问题")
    for cell in sorted(found.refused, key=lambda cell: (cell.sheet or "", cell.row))[:_MOST_CELLS]:
        made.row(
            words(cell.sheet or "—"),
            _right(str(cell.row)),
            words(cell.column),
            words(cell.value),
            words(cell.message),
        )
    to.print(made)
    if found.refused_total > _MOST_CELLS:
        by_column = "、".join(f"{column} {count:,} 个" for column, count in found.refused_by_column.items())
        to.print(Paragraph(f"按列：{by_column}"))


def _right(text: str) -> Text:
    shown = whole(text)
    shown.justify = "right"
    return shown


def _share(count: int, total: int) -> str:
    return f"{count / total:.1%}" if total else "—"
