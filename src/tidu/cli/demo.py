"""``tidu demo``: made-up enterprises of two cities, for whoever wants to look around."""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from types import MappingProxyType

import click
from rich.console import Group as Lines
from rich.text import Text

from tidu.cli import options
from tidu.cli.failures import write_json
from tidu.cli.screen import Grid, Paragraph, Steps, progress, screen, whole
from tidu.cli.usage import Command, Group, Lazy
from tidu.policy.errors import InputError, Problem

_FEW = 2


@click.command(
    "load",
    cls=Command,
    help="向空数据库载入演示数据。已经载入的不再重复；数据库里有其他数据时不载入。",
)
@click.option("--fresh", is_flag=True, help="先清空演示数据库，再重新载入")
@options.json_option
def load(*, fresh: bool, as_json: bool) -> None:
    """Run ``tidu demo load``. Raises :class:`InputError` where the database holds something else."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tidu.site.settings")
    os.environ.setdefault("TIDU_HTTPS", "false")
    from django.core.management import call_command

    from tidu.site.starting import set_up

    with progress("载入演示数据", None) as steps:
        set_up()
        steps.step("更新数据库", 0, None)
        call_command("migrate", verbosity=0, interactive=False)
        loaded = fill(steps, fresh=fresh)
    if as_json:
        write_json({"loaded": loaded, "accounts": [list(row) for row in _rows()]})
        return
    words = "演示数据已载入。" if loaded else "演示数据早已载入，没有改动。重新开始请加 --fresh。"
    screen().print(Paragraph(words))
    screen().print(accounts())


def fill(steps: Steps, *, fresh: bool) -> bool:
    """Load the made-up data where the database is empty; whether any was loaded. Raises :class:`InputError`."""
    from tidu.demo.loading import NotEmpty, clear
    from tidu.demo.loading import load as load_everything

    try:
        if fresh:
            steps.step("清空演示数据", 0, None)
            clear()
        return load_everything(report=steps.step).enterprises > 0
    except NotEmpty as error:
        problem = Problem(
            "数据库里有演示以外的数据，不能载入演示数据",
            remedy="用 TIDU_DATA 或 DATABASE_URL 另指一个空数据库",
        )
        raise InputError(problem) from error


def prepare(*, wanted: bool, fresh: bool) -> bool:
    """Make the site a demonstration where that is ``wanted`` and the database allows it; whether it is one now.

    An empty database is filled. One that holds other data stays as it is, and the site is no demonstration. One that
    holds the demonstration while none is wanted is told about: its accounts stay closed.
    """
    from django.conf import settings
    from django.db import connections

    from tidu.demo.loading import is_empty, is_loaded

    if wanted and (fresh or is_empty()):
        connections.close_all()
        # Papers are set while it is filled, by threads of typst's own. A process that is forked after them would have
        # their queue and not the threads, and wait for ever with its first document: so they live and end elsewhere.
        with ProcessPoolExecutor(1, mp_context=get_context("fork")) as elsewhere:
            elsewhere.submit(_filled_in_sight, fresh=fresh).result()
    loaded = is_loaded()
    if wanted and not loaded:
        screen().print(Paragraph("数据库里有其他数据，没有载入演示数据，按正常状态启动。", "yellow"))
    if loaded and not (wanted or settings.DEMONSTRATION):
        words = "数据库里是演示数据，演示账号现在不能登录。要演示请加 --demo；要正式使用请换一个空数据库。"
        screen().print(Paragraph(words, "yellow"))
    settings.DEMONSTRATION = (wanted or settings.DEMONSTRATION) and loaded
    connections.close_all()  # the processes that are forked next open their own
    return bool(settings.DEMONSTRATION)


def _filled_in_sight(*, fresh: bool) -> None:
    with progress("载入演示数据", None) as steps:
        fill(steps, fresh=fresh)


def accounts() -> Lines:
    """Who can sign in, for the eyes of whoever tries the demonstration."""
    from tidu.demo.people import PASSWORD

    grid = Grid("角色", "包头市登录名", "呼和浩特市登录名")
    for label, baotou, hohhot in _rows():
        grid.row(label, whole(baotou), whole(hohhot))
    return Lines(
        Text(),
        grid,
        Text(),
        Paragraph(
            f"演示账号的口令都是 {PASSWORD}，不要动态码。其他旗县区的审核岗用行政区划代码登录，例如 hohhot-150102。"
            "企业、人员、数字均为虚构。",
            "yellow",
        ),
    )


def _rows() -> list[tuple[str, str, str]]:
    from django.db import connections

    from tidu.demo.people import shown_logins

    rows = [(line.role, _in_words(line.baotou), _in_words(line.hohhot)) for line in shown_logins()]
    connections.close_all()  # the processes that are forked next open their own
    return rows


def _in_words(logins: tuple[str, ...]) -> str:
    """``hohhot-applicant-1 至 -4``: a person types the first of them, and sees how the others go on."""
    if not logins:
        return "—"
    first, rest = logins[0], logins[1:]
    if len(rest) > _FEW:
        return f"{first} 至 -{logins[-1].rsplit('-', 1)[1]}"
    return "、".join([first, *(f"-{login.rsplit('-', 1)[1]}" for login in rest)])


class _Demo(Group):
    lazy = MappingProxyType({"load": Lazy("tidu.cli.demo:load", "向空数据库载入演示数据")})


demo = _Demo(
    "demo",
    help="演示数据：包头、呼和浩特约 600 家虚构企业、有关机构和各角色的账号。\n\n"
    "企业、人员、数字均为虚构。演示账号的口令是公开的，只在演示状态（TIDU_DEMONSTRATION）下能登录。",
    no_args_is_help=True,
)
