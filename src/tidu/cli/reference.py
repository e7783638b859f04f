"""``tidu places`` and ``tidu calendar``: divisions of another province, holidays of another year."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType

import click

from tidu.cli import options
from tidu.cli.failures import write_json
from tidu.cli.screen import Paragraph, screen
from tidu.cli.site_database import site_database
from tidu.cli.usage import Command, Group, Lazy

_DRY_RUN = click.option("--dry-run", is_flag=True, help="只检查，说明会改变什么，不写入")
_FILE = click.argument("file", metavar="FILE.csv", type=options.FILE, help="CSV 文件")


class _Places(Group):
    lazy = MappingProxyType({"import": Lazy("tidu.cli.reference:import_places", "导入一个省的区划")})


class _Calendar(Group):
    lazy = MappingProxyType({"import": Lazy("tidu.cli.reference:import_calendar", "导入一年的节假日安排")})


places = _Places("places", help="行政区划：导入其他省的。内蒙古自治区的随系统提供。", no_args_is_help=True)
calendar = _Calendar(
    "calendar", help="节假日：导入一年的节假日安排，重新计算未办结的期限。", no_args_is_help=True
)


@click.command(
    "import",
    cls=Command,
    help="导入一个省的区划，或替换以前导入的。\n\n"
    "文件是 UTF-8 的 CSV，两列：code（六位代码，或以零结尾的十二位）、name；含省、市两级。",
)
@_FILE
@click.option(
    "--source",
    metavar="来源",
    required=True,
    help="代码由谁公布、是哪一年的，例如“2023 年统计用区划代码”（必填）",
)
@_DRY_RUN
@options.json_option
def import_places(*, file: Path, source: str, dry_run: bool, as_json: bool) -> None:
    """Run ``tidu places import``. Raises :class:`InputError` with every row at fault."""
    content = file.read_bytes()
    with site_database():
        from tidu.core.actor import SYSTEM
        from tidu.core.places.imports import import_divisions, preview

        if dry_run:
            found = preview(content=content, file_name=file.name, source=source)
        else:
            found = import_divisions(actor=SYSTEM, content=content, file_name=file.name, source=source)
    new, changed = len(found.difference.new), len(found.difference.changed)
    if as_json:
        write_json(
            {
                "province": found.divisions.province,
                "name": found.name,
                "places": len(found.divisions.names),
                "new": new,
                "changed": changed,
                "kept": len(found.difference.gone),
                "dry_run": dry_run,
            }
        )
        return
    done = "检查通过" if dry_run else "已导入"
    screen().print(
        Paragraph(
            f"{done}：{found.name}，{len(found.divisions.names)} 个区划，新增 {new} 个，更改 {changed} 个。"
        )
    )


@click.command(
    "import",
    cls=Command,
    help="导入一年的节假日安排，或替换以前的；未办结的期限随之重新计算。\n\n"
    "文件是 CSV，五列：年份、日期、性质（法定节假日、放假、调休上班）、节日、依据。"
    "样例可在“节假日”页面下载。",
)
@_FILE
@_DRY_RUN
@options.json_option
def import_calendar(*, file: Path, dry_run: bool, as_json: bool) -> None:
    """Run ``tidu calendar import``. Raises :class:`InputError` with every row at fault."""
    content = file.read_bytes()
    with site_database():
        from tidu.core.actor import SYSTEM
        from tidu.core.calendar.arrangements import read_one
        from tidu.core.calendar.published import calendar_with, import_year
        from tidu.core.calendar.recounting import Recount, would_move

        arrangement = read_one(content, file.name)
        if dry_run:
            recount = would_move(calendar_with(arrangement))
        else:
            imported = import_year(actor=SYSTEM, content=content, file_name=file.name)
            recount = Recount(imported.recounted, imported.moved)
    if as_json:
        write_json(
            {
                "year": arrangement.year,
                "source": arrangement.source,
                "days": len(arrangement.days),
                "recounted": recount.counted,
                "moved": recount.moved,
                "dry_run": dry_run,
            }
        )
        return
    done = "检查通过" if dry_run else "已导入"
    screen().print(
        Paragraph(
            f"{done}：{arrangement.year} 年，{arrangement.source}，{len(arrangement.days)} 天。"
            f"未办结的期限 {recount.counted} 个，截止日有变化的 {recount.moved} 个。"
        )
    )
