"""``tidu worker`` and ``tidu tick``: background and periodic work where the web server does not see to it itself."""

from __future__ import annotations

import click

from tidu.cli import options
from tidu.cli.failures import DONE, write_json
from tidu.cli.screen import Grid, Paragraph, screen
from tidu.cli.site_database import site_database
from tidu.cli.usage import Command
from tidu.policy.errors import InputError, Problem

FAILED = 1


@click.command(
    "worker",
    cls=Command,
    help="办理后台任务：导入、批量评估、导出等。一直运行，按 Ctrl+C 停止；"
    "正在办的任务做到安全处，留给下一个工作进程接着办。\n\n"
    "tidu serve 已经带有一个工作进程。SQLite 只能有一个；PostgreSQL 可以在几台服务器上各运行几个。",
)
@click.option("--once", is_flag=True, help="办完排队的任务就退出")
@options.json_option
def worker(*, once: bool, as_json: bool) -> None:
    """Run ``tidu worker``. Raises :class:`InputError` where another worker has the place."""
    with site_database():
        from tidu.core.jobs.worker import AnotherWorker, work

        if not once and not as_json:
            screen().print(Paragraph("工作进程已启动，按 Ctrl+C 停止"))
        try:
            count = work(once=once)
        except AnotherWorker as error:
            raise InputError(
                Problem(
                    "已经有一个工作进程在运行，SQLite 同时只能有一个",
                    remedy="tidu serve 自带工作进程，不需要再启动；或改用 PostgreSQL",
                )
            ) from error
    if as_json:
        write_json({"jobs": count})
    elif once:
        screen().print(Paragraph(f"办理了 {count} 个任务。" if count else "没有排队的任务。"))


@click.command(
    "tick",
    cls=Command,
    help="办理到期的定期工作：中断的任务、过期的会话、邮件汇总、期限重算等。每分钟运行一次，多运行几次不会重复办理。\n\n"
    "tidu serve 每分钟自己运行一次；另外部署时用 systemd 定时器或 cron。",
)
@options.json_option
def tick(*, as_json: bool) -> int:
    """Run ``tidu tick``. Ends with 1 where one of the functions failed."""
    with site_database():
        from tidu.core.ticks import run_due

        done = run_due()
    failed = any(item.failed for item in done)
    if as_json:
        write_json({"done": [{"name": item.name, "said": item.said, "failed": item.failed} for item in done]})
    else:
        table = Grid("工作", "结果")
        for item in done:
            if item.said or item.failed:
                table.row(item.name, "失败，原因见日志" if item.failed else item.said)
        screen().print(table or Paragraph("没有到期的工作。"))
    return FAILED if failed else DONE
