"""``tidu admins``: the first administrators, and help for one who can no longer sign in."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

import click

from tidu.cli import options
from tidu.cli.failures import write_json
from tidu.cli.screen import Grid, Paragraph, screen, whole
from tidu.cli.site_database import site_database
from tidu.cli.usage import Command, Group, Lazy
from tidu.policy.errors import InputError, Problem

_ASKED: Final = (("system", "系统管理员"), ("security", "安全管理员"), ("audit", "审计管理员"))


class _Admins(Group):
    lazy = MappingProxyType(
        {
            "create": Lazy("tidu.cli.admins:create", "建立一个地区的首任三员，显示各自的临时密码"),
            "reset": Lazy("tidu.cli.admins:reset", "重置一位无法登录的管理员的密码和动态码"),
        }
    )


admins = _Admins(
    "admins",
    help="管理员（三员分立）：系统管理员、安全管理员、审计管理员各一人，互不兼任。\n\n"
    "首任三员在服务器上建立，以后由他们在页面上管理。每一次都写入操作记录。",
    no_args_is_help=True,
)


@click.command(
    "create",
    cls=Command,
    help="建立一个地区的首任三员，显示各自的临时密码；该地区已有管理员时不建立。\n\n"
    "没有写登录名和姓名时逐个询问。写作 登录名:姓名，例如 --system zhang.san:张三。",
)
@click.option("--place", metavar="代码", required=True, help="管理的地区，六位代码，例如 150200（必填）")
@click.option("--system", "system", metavar="登录名:姓名", help="系统管理员")
@click.option("--security", "security", metavar="登录名:姓名", help="安全管理员")
@click.option("--audit", "audit", metavar="登录名:姓名", help="审计管理员")
@options.json_option
def create(*, place: str, system: str | None, security: str | None, audit: str | None, as_json: bool) -> None:
    """Run ``tidu admins create``. Raises :class:`InputError`."""
    given = {"system": system, "security": security, "audit": audit}
    if as_json and not all(given.values()):
        raise InputError(
            Problem(
                "使用 --json 时不询问，三员都要写明", remedy="加上 --system、--security、--audit 登录名:姓名"
            )
        )
    people = {key: _person(label, given[key]) for key, label in _ASKED}
    with site_database():
        from tidu.accounts.actions.administrators import TRIO, create_first_administrators
        from tidu.core.models import Jurisdiction
        from tidu.core.refusals import Refused

        where = Jurisdiction.objects.filter(pk=place).first()
        if where is None:
            raise InputError(
                Problem(f"没有代码为 {place[:20]} 的地区", remedy="写六位行政区划代码，例如 150200")
            )
        try:
            made = create_first_administrators(
                place=where, people={role: people[key] for role, (key, _) in zip(TRIO, _ASKED, strict=True)}
            )
        except Refused as refusal:
            raise InputError(Problem(refusal.message)) from refusal
    if as_json:
        rows = [
            {"role": item.role.value, "username": item.username, "name": item.name, "password": item.password}
            for item in made
        ]
        write_json({"place": place, "administrators": rows})
        return
    grid = Grid("角色", "登录名", "姓名", "临时密码")
    for item in made:
        grid.row(item.role.label, whole(item.username), item.name, whole(item.password))
    screen().print(grid)
    screen().print(
        Paragraph("临时密码只显示这一次，请分别告诉本人。首次登录要修改密码，并用手机启用动态码。", "yellow")
    )


@click.command(
    "reset",
    cls=Command,
    help="管理员无法登录、又没有其他管理员能办理时，重置其密码和动态码，显示新的临时密码。",
)
@click.argument("username", metavar="登录名", help="管理员的登录名")
@click.option("--reason", metavar="理由", required=True, help="写入操作记录的理由（必填）")
@options.json_option
def reset(*, username: str, reason: str, as_json: bool) -> None:
    """Run ``tidu admins reset``. Raises :class:`InputError`."""
    with site_database():
        from tidu.accounts.actions.administrators import rescue_administrator
        from tidu.core.refusals import Refused

        try:
            password = rescue_administrator(username=username, reason=reason)
        except Refused as refusal:
            raise InputError(Problem(refusal.message)) from refusal
    if as_json:
        write_json({"username": username, "password": password})
        return
    screen().print(
        Paragraph(f"{username} 的临时密码：{password}　只显示这一次；登录后要修改密码，并重新启用动态码。")
    )


def _person(label: str, given: str | None) -> tuple[str, str]:
    """Login name and name, as given or as asked for."""
    if given is None:
        login = click.prompt(f"{label}的登录名", type=str, err=True)
        return login.strip(), click.prompt(f"{label}的姓名", type=str, err=True).strip()
    login, colon, name = given.partition(":")
    if not (colon and login.strip() and name.strip()):
        raise InputError(Problem(f"{label}“{given[:40]}”应写作 登录名:姓名", remedy="例如 zhang.san:张三"))
    return login.strip(), name.strip()
