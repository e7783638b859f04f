"""Options that several commands share, and the types of their values, with Chinese messages."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from tidu.policy.assess.facts import EARLIEST_YEAR, LATEST_YEAR

Decorated = TypeVar("Decorated", bound=Callable[..., Any])

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_BEIJING: Final = dt.timezone(dt.timedelta(hours=8))
_LONGEST_SHOWN: Final = 40
_HIGHEST_PORT: Final = 65535
_MOST_DIGITS: Final = 6


def today() -> dt.date:
    """The day it is in China, wherever the machine stands: the day by which a clause is in force or not."""
    return dt.datetime.now(_BEIJING).date()


class Day(click.ParamType[dt.date]):
    """A date written 2026-06-01."""

    name = "date"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        """The date, or a usage error."""
        if isinstance(value, dt.date):
            return value
        text = str(value)
        if _DAY.fullmatch(text):
            try:
                return dt.date.fromisoformat(text)
            except ValueError:
                raise click.BadParameter(f"“{text}”这一天不存在", ctx, param) from None
        raise click.BadParameter(f"“{_shown(text)}”不是日期，写作 2026-06-01", ctx, param)


class Whole(click.ParamType[int]):
    """A whole number within bounds."""

    name = "integer"

    def __init__(self, least: int, most: int) -> None:
        self._least, self._most = least, most

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number, or a usage error."""
        text = str(value)
        if (
            not re.fullmatch(rf"-?[0-9]{{1,{_MOST_DIGITS}}}", text, re.ASCII)
            or not self._least <= int(text) <= self._most
        ):
            raise click.BadParameter(
                f"“{_shown(text)}”不是 {self._least} 到 {self._most} 之间的整数", ctx, param
            )
        return int(text)


class OneOf(click.ParamType[str]):
    """One of a few words."""

    name = "choice"

    def __init__(self, words: Iterable[str]) -> None:
        self.words = tuple(words)

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The word, or a usage error."""
        text = str(value)
        if text not in self.words:
            raise click.BadParameter(f"“{_shown(text)}”不在可选的值之内：{'、'.join(self.words)}", ctx, param)
        return text


class _Setting(click.ParamType[tuple[str, str]]):
    """``interpretation=choice``."""

    name = "setting"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """Name and choice, or a usage error."""
        name, equals, choice = str(value).partition("=")
        if not equals or not name.strip() or not choice.strip():
            raise click.BadParameter(
                f"“{_shown(str(value))}”应写作 解释=选项，例如 growth_mean=compound", ctx, param
            )
        return name.strip(), choice.strip()


def _settings(ctx: click.Context, param: click.Parameter, pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    chosen: dict[str, str] = {}
    for name, choice in pairs:
        if chosen.setdefault(name, choice) != choice:
            raise click.BadParameter(f"解释“{name}”选了两次：{chosen[name]} 和 {choice}", ctx, param)
    return chosen


def _shown(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


FILE: Final = click.Path(path_type=Path)
"""A path as given. What reads it says in Chinese what is wrong with it."""


def facts_argument(command: Decorated) -> Decorated:
    """The facts file."""
    return click.argument("facts", metavar="FACTS.yaml", type=FILE, help="事实文件（YAML）")(command)


def pack_option(command: Decorated) -> Decorated:
    """``--pack ID``, required."""
    return click.option(
        "--pack", "pack_id", metavar="ID", required=True, help="政策包的标识，见 tidu packs list（必填）"
    )(command)


def tier_option(command: Decorated) -> Decorated:
    """``--tier T``."""
    return click.option("--tier", metavar="层级", help="称号层级；政策包只认定一级时不用写")(command)


def as_of_option(command: Decorated) -> Decorated:
    """``--as-of D``, by default today."""
    return click.option(
        "--as-of",
        "as_of",
        metavar="日期",
        type=Day(),
        default=today,
        help="评估基准日，写作 2026-06-01；默认今天",
    )(command)


def base_year_option(command: Decorated) -> Decorated:
    """``--base-year Y``, by default the year before the as-of date."""
    return click.option(
        "--base-year",
        metavar="年份",
        type=Whole(EARLIEST_YEAR, LATEST_YEAR),
        help="基准年，即“上年度”；默认为基准日的上一年",
    )(command)


def set_option(command: Decorated) -> Decorated:
    """``--set interpretation=choice``, repeatable."""
    return click.option(
        "--set",
        "settings",
        metavar="解释=选项",
        type=_Setting(),
        multiple=True,
        callback=_settings,
        help="换一种解释口径，可以多次写；可选的见 tidu packs show",
    )(command)


def json_option(command: Decorated) -> Decorated:
    """``--json``."""
    return click.option("--json", "as_json", is_flag=True, help="输出 JSON（UTF-8），标准输出上没有别的内容")(
        command
    )


PORT: Final = Whole(1, _HIGHEST_PORT)
