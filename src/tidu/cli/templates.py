"""``tidu templates``: templates of official documents, to begin from and to try."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType

import click

from tidu.cli import failures, options
from tidu.cli.failures import write_json
from tidu.cli.screen import Paragraph, screen
from tidu.cli.site_database import site_database
from tidu.cli.usage import Command, Group, Lazy
from tidu.policy.errors import InputError, Problem


class _Templates(Group):
    lazy = MappingProxyType(
        {
            "export": Lazy("tidu.cli.templates:export_all", "把系统自带的模板复制到一个文件夹"),
            "check": Lazy("tidu.cli.templates:check", "用样例内容试排每个模板，并列出所用字体"),
        }
    )


templates = _Templates("templates", help="公文模板：复制出来修改，改好后试排。", no_args_is_help=True)


@click.command(
    "export",
    cls=Command,
    help="把系统自带的公文模板复制到一个文件夹，供修改。\n\n"
    "已有同名文件时不覆盖。改好的文件放进 TIDU_DOCUMENTS 指定的文件夹，只需放改过的。",
)
@click.argument(
    "folder", metavar="FOLDER", type=click.Path(file_okay=False, path_type=Path), help="复制到的文件夹"
)
@options.json_option
def export_all(*, folder: Path, as_json: bool) -> None:
    """Run ``tidu templates export``. Raises :class:`InputError` rather than replace a file."""
    with site_database():
        from tidu.core.documents.checking import export_templates

        try:
            names = export_templates(folder)
        except FileExistsError as error:
            raise InputError(
                Problem(f"{folder} 里已有 {error}，没有复制", remedy="换一个空文件夹，或先移走同名文件")
            ) from error
    if as_json:
        write_json({"folder": str(folder), "files": list(names)})
        return
    screen().print(Paragraph(f"已复制 {len(names)} 个模板到 {folder}。"))


@click.command(
    "check",
    cls=Command,
    help="用样例内容试排每个公文模板，并列出所用字体。\n\n有模板不能用时退出码为 1。",
)
@options.json_option
@click.pass_context
def check(ctx: click.Context, *, as_json: bool) -> None:
    """Run ``tidu templates check``."""
    with site_database():
        from tidu.core.documents.checking import FACE_LABELS, try_templates
        from tidu.core.documents.faces import faces

        tried = try_templates()
        chains = faces()
    faulty = [item for item in tried if item.fault]
    if as_json:
        write_json(
            {
                "templates": [
                    {"name": item.name, "label": item.label, "own": item.own, "fault": item.fault}
                    for item in tried
                ],
                "faces": {FACE_LABELS[part]: chain for part, chain in chains.items()},
            }
        )
    else:
        shown = screen()
        for item in tried:
            whose = "本单位" if item.own else "自带"
            shown.print(Paragraph(f"{item.name}（{item.label}，{whose}）：{item.fault or '可用'}"))
        for part, chain in chains.items():
            shown.print(Paragraph(f"{FACE_LABELS[part]}：{'，其次 '.join(chain)}"))
        shown.print(Paragraph(f"{len(tried)} 个模板，{len(faulty)} 个不能用。"))
    ctx.exit(failures.FAULTY if faulty else failures.DONE)
