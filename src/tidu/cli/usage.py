"""Click in Chinese: help pages, and mistakes of usage as problems with a remedy."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar, Final, NamedTuple

import click

from tidu.cli.layout import HelpPage
from tidu.policy.errors import Problem

_WIDEST_PAGE: Final = 100
_HELP_NAMES: Final = ("-h", "--help")
_PIECES: Final = {"[OPTIONS]": "[选项]", "COMMAND [ARGS]...": "命令 …"}
_MESSAGES: Final = {"Missing command.": "缺少命令"}


class Page(click.Context):
    """A context whose help pages are laid out for Chinese."""

    formatter_class = HelpPage


class Command(click.Command):
    """A command with a Chinese help page."""

    context_class = Page

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: object,
    ) -> click.Context:
        """A context with our names of the help option and width of page."""
        settings = {"help_option_names": list(_HELP_NAMES), "max_content_width": _WIDEST_PAGE}
        return super().make_context(info_name, args, parent, **(settings | extra))

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """``-h`` and ``--help``, explained in Chinese."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "显示这页说明"
        return option

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """The usage line in Chinese."""
        return [_PIECES.get(piece, piece) for piece in super().collect_usage_pieces(ctx)]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Arguments, then options."""
        params = self.get_params(ctx)
        arguments = [param for param in params if isinstance(param, click.Argument) and param.help]
        if arguments:
            with formatter.section("参数"):
                formatter.write_dl([(item.make_metavar(ctx), item.help or "") for item in arguments])
        options = [param for param in params if isinstance(param, click.Option) and not param.hidden]
        with formatter.section("选项"):
            formatter.write_dl([(item.get_help_spec(ctx), item.help or "") for item in options])

    def format_arguments(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Nothing: :meth:`format_options` has written them."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse, and name arguments that nothing takes."""
        ctx.allow_extra_args = ctx.allow_extra_args or not isinstance(self, click.Group)
        rest = super().parse_args(ctx, args)
        if rest and not isinstance(self, click.Group):
            raise click.UsageError(f"多出了参数：{' '.join(rest)}", ctx)
        return rest


class Lazy(NamedTuple):
    """A command that is imported when it is called. ``place`` is ``module:attribute``."""

    place: str
    short_help: str


class Group(Command, click.Group):
    """Commands that are imported only when called, so that ``--help`` answers at once. ``lazy`` lists them."""

    lazy: ClassVar[Mapping[str, Lazy]] = MappingProxyType({})

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The names in the order of the table."""
        return list(self.lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - as above
        """The command of that name, imported now."""
        found = self.lazy.get(cmd_name)
        if found is None:
            return None
        module, _, attribute = found.place.partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Commands, then options."""
        with formatter.section("命令"):
            formatter.write_dl([(name, lazy.short_help) for name, lazy in self.lazy.items()])
        Command.format_options(self, ctx, formatter)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that ``args`` begin with. Raises :class:`click.NoSuchCommand` with the known names."""
        if args and args[0] not in self.lazy and not args[0].startswith("-"):
            raise click.NoSuchCommand(args[0], possibilities=self.lazy, ctx=ctx)
        return super().resolve_command(ctx, args)


def usage_problem(error: click.UsageError) -> Problem:
    """A mistake of usage in Chinese: what is wrong, at which argument, and where the help is."""
    context = error.ctx
    see = None if context is None else f"用 {context.command_path} --help 查看用法"
    match error:
        case click.NoSuchOption():
            return Problem(f"没有选项“{error.option_name}”", remedy=_guess(error.possibilities) or see)
        case click.NoSuchCommand():
            return Problem(f"没有命令“{error.command_name}”", remedy=_guess(error.possibilities) or see)
        case click.MissingParameter():
            return Problem(f"缺少{_named(error.param, context)}", remedy=see)
        case click.BadParameter():
            return Problem(f"{_named(error.param, context)} 的值不对：{error.message}", remedy=see)
        case click.BadOptionUsage():
            what = "后面要写值" if "requires" in error.message else "不带值"
            return Problem(f"选项 {error.option_name} {what}", remedy=see)
    return Problem(_MESSAGES.get(error.message, error.message), remedy=see)


def _named(param: click.Parameter | None, context: click.Context | None) -> str:
    if param is None:
        return "参数"
    if isinstance(param, click.Argument) and context is not None:
        return f"参数 {param.make_metavar(context)}"
    return f"选项 {max(param.opts, key=len)}"


def _guess(possibilities: list[str] | None) -> str | None:
    return f"是不是想写“{possibilities[0]}”" if possibilities else None
