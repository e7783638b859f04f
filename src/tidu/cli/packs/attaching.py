"""``tidu packs attach``: keep the official text of a pack, split into clauses, and look up every citation in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from rich.console import Console

from tidu.cli import options
from tidu.cli.failures import BAD_INPUT, DONE, problem_json, report, write_json
from tidu.cli.screen import Paragraph, heading, screen, verdict, words
from tidu.cli.usage import Command
from tidu.policy.documents.library import load_library
from tidu.policy.documents.pack import Pack
from tidu.policy.errors import Problem
from tidu.policy.official_text.texts import AttachReport, LostCitation, TextStore
from tidu.policy.official_text.texts import attach as attach_text


@click.command(
    "attach",
    cls=Command,
    help="附上政策原文（.txt 或 .docx），按标题拆成条款，核对政策包引用的每一条都找得到。\n\n"
    "原文存入 TIDU_DATA（默认 ~/.local/share/tidu）的 texts 文件夹，不放进项目；原有的版本移入 former。"
    "有引用找不到条款时，原文照样存下，退出码为 2。",
)
@click.argument("pack_id", metavar="ID", help="政策包的标识")
@click.argument("file", metavar="FILE", type=options.FILE, help="政策原文，.txt 或 .docx")
@click.option("--allow-lost", is_flag=True, help="有引用找不到条款也算完成")
@options.json_option
@click.pass_context
def attach(ctx: click.Context, *, pack_id: str, file: Path, allow_lost: bool, as_json: bool) -> None:
    """Run ``tidu packs attach``."""
    pack = load_library().get(pack_id)
    found = attach_text(pack.id, pack.citations(), pack.clause_hints, file, TextStore.default())
    problems = [] if allow_lost else [_problem(lost, file) for lost in found.lost]
    if as_json:
        write_json(_json(found) | ({"errors": [problem_json(item) for item in problems]} if problems else {}))
    else:
        _show(pack, found, screen())
    report(problems, as_json=False)
    ctx.exit(BAD_INPUT if problems else DONE)


def _problem(lost: LostCitation, file: Path) -> Problem:
    near = "、".join(f"“{citation}”" for citation in lost.nearest)
    remedy = f"最接近的有{near}" if near else "核对引用的写法，或在政策包的 clauses 里指明段落"
    return Problem(f"引用“{lost.citation}”在原文里找不到条款", str(file), remedy=remedy)


def _json(found: AttachReport) -> dict[str, Any]:
    return {
        **found.to_data(),
        "folder": str(found.folder),
        "former": None if found.former is None else str(found.former),
        "complete": found.complete,
    }


def _show(pack: Pack, found: AttachReport, to: Console) -> None:
    total = len(found.found) + len(found.lost)
    to.print(Paragraph(f"《{pack.document.title}》（{pack.id}）", "bold"))
    to.print(words(f"拆出 {len(found.clauses)} 条，文字编码 {found.encoding}"))
    to.print(
        Paragraph(
            f"存入 {found.folder}" + ("" if found.former is None else f"，原有的版本移入 {found.former}")
        )
    )
    if found.lost:
        to.print(heading("找到条款的引用"))
        to.print(Paragraph("、".join(found.found) or "没有"))
    to.print(verdict(found.complete, f"{total} 处引用，{len(found.found)} 处找到条款"))
    if found.clauses.doubts:
        to.print(heading("拿不准的地方"))
        for doubt in found.clauses.doubts:
            to.print(Paragraph(f"· {doubt}", "yellow"))
    if found.clauses.loose:
        to.print(heading("没有归入条款的文字"))
        for text in found.clauses.loose:
            to.print(Paragraph(f"· {text}"))
