"""``tidu audit export`` and ``tidu audit check-export``."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from pathlib import Path

import click

from tidu.cli import options
from tidu.cli.audit.found import KeptHash, fault_json
from tidu.cli.failures import DONE, FAULTY, write_json
from tidu.cli.screen import Paragraph, progress, screen, verdict
from tidu.cli.site_database import site_database
from tidu.cli.usage import Command
from tidu.policy.errors import InputError, Problem


@click.command(
    "export",
    cls=Command,
    help="把操作记录写入文件，一行一条（JSON）；旁边另有一份清单 FILE.manifest.json，"
    "记着起止序号、首尾摘要和文件的 SM3。\n\n"
    "拿到这两个文件的人用 tidu audit check-export 就能核验，不需要数据库。清单没有签名：每一行都带有前一行的摘要，"
    "改动、缺失、插入一行都会被发现；要防整份文件被重做，请另行保存链尾摘要并用 --against 对照。导出本身也被记录。",
)
@click.argument("file", metavar="FILE", type=options.FILE, help="写入的文件，例如 audit-2026-06.jsonl")
@click.option("--since", metavar="日期", type=options.Day(), help="从这一天起，写作 2026-06-01")
@click.option("--until", metavar="日期", type=options.Day(), help="到这一天为止（含当天）")
@options.json_option
def export(*, file: Path, since: dt.date | None, until: dt.date | None, as_json: bool) -> None:
    """Run ``tidu audit export``."""
    if since is not None and until is not None and since > until:
        raise InputError(Problem(f"起始日期 {since} 晚于截止日期 {until}", remedy="对调 --since 和 --until"))
    if file.is_dir():
        raise InputError(Problem("这是一个文件夹，不是文件", str(file), remedy="写出文件名"))
    with site_database():
        from tidu.core.actor import SYSTEM
        from tidu.core.audit.exporting import export_record

        with progress("导出操作记录") as steps:
            manifest = export_record(
                actor=SYSTEM,
                file=file,
                since=since,
                until=until,
                progress=lambda done, total: steps.step("导出操作记录", done, total),
            )
    if as_json:
        write_json({"file": str(file), **asdict(manifest)})
        return
    out = screen()
    if manifest.count:
        done = f"第 {manifest.first} 条至第 {manifest.last} 条，共 {manifest.count} 条"
        out.print(verdict(True, f"已导出{done}：{file}"))
        out.print(Paragraph(f"末条　{manifest.last}:{manifest.last_hash}"))
    else:
        out.print(verdict(True, f"这段时间没有操作记录，文件是空的：{file}"))
    out.print(Paragraph(f"SM3　{manifest.sm3}"))


@click.command(
    "check-export",
    cls=Command,
    help="核验 tidu audit export 导出的文件：逐行检查摘要，并与旁边的清单对照。不需要数据库，任何人都可以核验。\n\n"
    "完好时退出码为 0；有问题时为 1，指出第一处。",
)
@click.argument("file", metavar="FILE", type=options.FILE, help="导出的文件；清单在它旁边")
@click.option("--against", metavar="序号:摘要", type=KeptHash(), help="与另行保存的末条摘要对照")
@options.json_option
@click.pass_context
def check_export(ctx: click.Context, *, file: Path, against: tuple[int, str] | None, as_json: bool) -> None:
    """Run ``tidu audit check-export``."""
    from tidu.core.audit import checking

    beside = checking.manifest_of(file)
    try:
        manifest = checking.read_manifest(beside)
    except checking.NotAnExport as error:
        raise InputError(Problem(str(error), str(beside), remedy="用 tidu audit export 重新导出")) from error
    with progress("核验导出的文件") as steps:
        result = checking.check_export(
            file, manifest, against=against, progress=lambda done, total: steps.step("核验", done, total)
        )
    if as_json:
        write_json(
            {
                "whole": result.fault is None,
                "count": result.count,
                "number": result.number,
                "hash": result.hash,
                "fault": fault_json(result.fault),
            }
        )
    elif result.fault is not None:
        screen().print(verdict(False, result.fault.message))
    else:
        screen().print(verdict(True, f"文件完好，共 {result.count} 条，与清单相符。"))
        if result.count:
            screen().print(Paragraph(f"末条　{result.number}:{result.hash}"))
    ctx.exit(DONE if result.fault is None else FAULTY)
