"""``tidu audit verify``."""

from __future__ import annotations

import time

import click
from rich.console import Console

from tidu.cli import options
from tidu.cli.audit.found import KeptHash, fault_json
from tidu.cli.failures import DONE, FAULTY, write_json
from tidu.cli.screen import Paragraph, progress, screen, verdict
from tidu.cli.site_database import site_database
from tidu.cli.usage import Command


class _Number(click.ParamType[int]):
    """The number of an event."""

    name = "number"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        text = str(value)
        if not text.isascii() or not text.isdecimal() or not 0 < int(text) < 2**63:
            raise click.BadParameter("应为大于 0 的整数", ctx, param)
        return int(text)


@click.command(
    "verify",
    cls=Command,
    help="从头到尾核验操作记录：内容与摘要是否相符，前后是否相接，末尾是否被截去，保护记录的触发器是否还在。\n\n"
    "完好时退出码为 0，并显示链尾的序号和摘要；把它另行保存（例如记入纸质台账或交上级机关），"
    "以后用 --against 对照，能发现整个记录被重写。有问题时退出码为 1，指出第一条。",
)
@click.option(
    "--from", "start", metavar="序号", type=_Number(), default=1, help="从这一条开始，不核验之前的；默认从头"
)
@click.option("--against", metavar="序号:摘要", type=KeptHash(), help="与另行保存的摘要对照")
@options.json_option
@click.pass_context
def verify(ctx: click.Context, *, start: int, against: tuple[int, str] | None, as_json: bool) -> None:
    """Run ``tidu audit verify``."""
    with site_database():
        from tidu.core.audit.naming import described
        from tidu.core.audit.verification import verify as walk

        began = time.perf_counter()
        with progress("核验操作记录") as steps:
            result = walk(
                start=start,
                against=against,
                progress=lambda done, total: steps.step("核验操作记录", done, total),
            )
        seconds = time.perf_counter() - began
        event = "" if result.fault is None else described(result.fault.number)
    if as_json:
        write_json(
            {
                "whole": result.whole,
                "first": result.first,
                "checked": result.checked,
                "number": result.number,
                "hash": result.hash,
                "fault": fault_json(result.fault),
                "event": event or None,
                "guards_missing": list(result.guards_missing),
            }
        )
    else:
        out = screen()
        if result.fault is not None:
            out.print(verdict(False, result.fault.message))
            if event:
                out.print(Paragraph(f"  {event}"))
        _guards(out, result.guards_missing)
        if result.checked:
            done = f"第 {result.first} 条至第 {result.number} 条完好，共 {result.checked} 条"
            out.print(verdict(True, f"{done}，用时 {seconds:.1f} 秒。"))
        elif result.fault is None:
            out.print(verdict(True, "没有需要核验的操作记录。"))
        if result.whole and result.hash:
            out.print(Paragraph(f"链尾　{result.number}:{result.hash}"))
    ctx.exit(DONE if result.whole else FAULTY)


def _guards(out: Console, missing: tuple[str, ...]) -> None:
    if missing:
        out.print(
            verdict(
                False,
                f"数据库缺少保护操作记录的触发器：{'、'.join(missing)}。请查明原因，再用 manage.py migrate core 0002、"
                "migrate core 重新建立。",
            )
        )
