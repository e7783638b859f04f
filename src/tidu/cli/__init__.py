"""The command line ``tidu``.

Exit codes: 0 done; 1 what was checked is not in order (``tidu packs test``, ``tidu audit``, ``tidu templates``); 2 bad
input, told in Chinese on standard error and, with ``--json``, as JSON on standard output; 130 interrupted; 141 the
reader of the output went away.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from types import MappingProxyType
from typing import NoReturn

import click

from tidu.cli import failures
from tidu.cli.usage import Group, Lazy, usage_problem
from tidu.policy.errors import InputError, Problem


class _Tidu(Group):
    """The root: turns every expected failure into words and an exit code."""

    lazy = MappingProxyType(
        {
            "packs": Lazy("tidu.cli.packs:packs", "政策包：列出、查看、检查、测试、格式、附上原文"),
            "assess": Lazy("tidu.cli.assess:assess", "预评估：一家企业对照一个政策包，逐条说明"),
            "evaluate": Lazy("tidu.cli.evaluate:evaluate", "批量评估：一张企业表对照一个政策包"),
            "rewards": Lazy("tidu.cli.rewards:rewards", "应享奖励：一家企业按一个政策包能得到什么"),
            "ladder": Lazy("tidu.cli.ladder:ladder", "梯度：一家企业对照每一级称号，并指出下一级"),
            "import": Lazy("tidu.cli.importing:import_table", "导入：一张表的企业、年度数据、称号或事故"),
            "places": Lazy("tidu.cli.reference:places", "行政区划：导入其他省的"),
            "calendar": Lazy("tidu.cli.reference:calendar", "节假日：导入一年的节假日安排"),
            "templates": Lazy("tidu.cli.templates:templates", "公文模板：复制出来修改、试排"),
            "keys": Lazy("tidu.cli.keys:keys", "加密密钥：列出、新增、更换、移除"),
            "audit": Lazy("tidu.cli.audit:audit", "操作记录：核验、导出、核验导出的文件"),
            "admins": Lazy("tidu.cli.admins:admins", "管理员：建立首任三员，重置无法登录的管理员"),
            "demo": Lazy("tidu.cli.demo:demo", "演示数据：载入两市的虚构企业和各角色账号"),
            "serve": Lazy("tidu.cli.serve:serve", "在本机启动网站"),
            "worker": Lazy("tidu.cli.background:worker", "办理后台任务"),
            "tick": Lazy("tidu.cli.background:tick", "办理到期的定期工作"),
        }
    )

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,  # noqa: ARG002, FBT001, FBT002 - click's signature; we always exit
        windows_expand_args: bool = True,  # noqa: FBT001, FBT002 - as above
        **extra: object,
    ) -> NoReturn:
        """Run and exit. Unexpected errors are faults of the program and keep their trace."""
        given = sys.argv[1:] if args is None else list(args)
        as_json = "--json" in given
        try:
            code = super().main(
                given,
                prog_name,
                complete_var,
                standalone_mode=False,
                windows_expand_args=windows_expand_args,
                **extra,
            )
            sys.stdout.flush()
        except click.exceptions.NoArgsIsHelpError as error:
            click.echo(error.message, err=True)
            code = failures.BAD_INPUT
        except click.UsageError as error:
            code = _fail((usage_problem(error),), as_json=as_json)
        except InputError as error:
            code = _fail(error.problems, as_json=as_json)
        except click.Abort:
            click.echo("已中断。", err=True)
            code = failures.INTERRUPTED
        except BrokenPipeError:
            failures.stop_writing()
            code = failures.NOBODY_READS
        except OSError as error:
            code = _fail((failures.from_system(error),), as_json=as_json)
        sys.exit(code if isinstance(code, int) else failures.DONE)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command. A pipe that nobody reads any more ends it at once and quietly."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            failures.stop_writing()
            raise click.exceptions.Exit(failures.NOBODY_READS) from None


def _fail(problems: tuple[Problem, ...], *, as_json: bool) -> int:
    try:
        failures.report(problems, as_json=as_json)
    except BrokenPipeError:
        failures.stop_writing()
    return failures.BAD_INPUT


def _show_version(ctx: click.Context, _param: click.Parameter, wanted: bool) -> None:  # noqa: FBT001 - click's signature
    if wanted and not ctx.resilient_parsing:
        from importlib.metadata import version

        click.echo(f"tidu {version('tidu')}")
        ctx.exit()


tidu = _Tidu(
    "tidu",
    help="梯度：依据政策原文办理“专精特新”中小企业工作。\n\n结果默认显示为文字，加 --json 输出数据。预评估不等于认定。",
    epilog="退出码：0 完成；1 所检查的内容有问题；2 输入有误。",
    params=[
        click.Option(
            ["--version"],
            is_flag=True,
            expose_value=False,
            is_eager=True,
            callback=_show_version,
            help="显示版本",
        )
    ],
    no_args_is_help=True,
)


def main() -> None:
    """Entry of the console script: text goes out even where the terminal cannot show every character."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    tidu.main(prog_name="tidu")
